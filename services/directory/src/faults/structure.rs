//! Refusals about units, positions and appointments through time.

use base::{Date, Uuid};
use directory_domain::{Conflict, Misplaced, NotThen, Period, StructureFault, Succession, Unseated};
use kit::{Fault, Text};
use tonic::Code;

use super::fault;
use crate::{
    staffing::{conflict_text, days_en, days_vi},
    store::headship::Rival,
};

/// How many units a refusal names.
const NAMED: usize = 10;

/// The unit exists, but not on that day.
pub(crate) fn unit_absent(id: Uuid, on: Date) -> Fault {
    fault(
        Code::NotFound,
        "UNIT_ABSENT",
        &format!("Đơn vị này không tồn tại vào ngày {on}. Xem lịch sử của đơn vị để biết đơn vị kế thừa."),
        &format!("The unit does not exist on {on}. Its history tells who took over from it."),
    )
    .with("unit_id", id)
    .with("date", on)
}

/// The unit cannot be changed from that day.
pub(crate) fn not_then(id: Uuid, from: Date, why: NotThen) -> Fault {
    match why {
        NotThen::Absent => unit_absent(id, from),
        NotThen::LaterChange(day) => fault(
            Code::FailedPrecondition,
            "LATER_CHANGE",
            &format!("Đã có thay đổi được ghi nhận từ ngày {day}. Hãy chọn ngày muộn hơn, hoặc sửa thay đổi đó trước."),
            &format!("A change from {day} is recorded already. Choose a later day, or correct that change first."),
        )
        .with("date", day),
    }
}

/// The tree would not hold.
pub(crate) fn misplaced(faults: &[StructureFault]) -> Fault {
    let first = faults.first().map_or(Misplaced::ParentAbsent, |fault| fault.why);
    let (vi, en) = match first {
        Misplaced::BelowItself => {
            ("Đơn vị không thể nằm dưới chính nó.", "A unit cannot stand below itself.")
        }
        Misplaced::NoAgencyAbove => {
            ("Đơn vị bên trong phải thuộc một cơ quan.", "An inner unit needs an agency above it.")
        }
        Misplaced::ParentAbsent => (
            "Có đơn vị sẽ nằm dưới một đơn vị không tồn tại. Hãy chuyển hoặc kết thúc đơn vị cấp dưới trước.",
            "A unit would stand below one that does not exist. Move or end the units below first.",
        ),
        Misplaced::WrongKindAbove => (
            "Loại đơn vị này không thể trực thuộc đơn vị cấp trên đã chọn: UBND chỉ trực thuộc UBND cấp cao hơn, cơ quan chuyên môn trực \
             thuộc UBND tỉnh hoặc cơ quan khác của tỉnh.",
            "Such a unit cannot stand below that one: a People's Committee stands below one of a higher level, any other agency below \
             the People's Committee of the province or another agency of the province.",
        ),
    };
    let ids: Vec<_> = faults.iter().take(NAMED).map(|fault| fault.unit_id.to_string()).collect();
    fault(Code::FailedPrecondition, "MISPLACED", vi, en).with("unit_ids", ids.join(","))
}

/// The same as the end of what is wrong with the field that names the unit above.
pub(crate) fn misplacement(fault: &StructureFault) -> Text {
    let day = fault.from;
    match fault.why {
        Misplaced::BelowItself => {
            Text::new("đơn vị không thể nằm dưới chính nó", "puts the unit below itself")
        }
        Misplaced::NoAgencyAbove => {
            Text::new("đơn vị bên trong phải thuộc một cơ quan", "an inner unit needs an agency above it")
        }
        Misplaced::ParentAbsent => Text::new(
            format!("đơn vị cấp trên không tồn tại vào ngày {day}"),
            format!("names a unit that does not exist on {day}"),
        ),
        Misplaced::WrongKindAbove => Text::new(
            "loại đơn vị này không thể trực thuộc đơn vị cấp trên đó",
            "names a unit below which such a unit cannot stand",
        ),
    }
}

/// What keeps a unit from ending.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct InUse {
    pub(crate) children: usize,
    pub(crate) appointments: usize,
    pub(crate) undecided_deliveries: i64,
    pub(crate) unissued_documents: i64,
}

/// The unit cannot end.
pub(crate) fn unit_in_use(use_: InUse) -> Fault {
    let InUse { children, appointments, undecided_deliveries, unissued_documents } = use_;
    fault(
        Code::FailedPrecondition,
        "UNIT_IN_USE",
        &format!(
            "Chưa thể kết thúc đơn vị: còn {children} đơn vị trực thuộc, {appointments} người giữ chức vụ, {undecided_deliveries} văn bản \
             đến chưa xử lý, {unissued_documents} văn bản chưa phát hành. Hãy giải quyết hết, hoặc lập phương án sắp xếp (sáp nhập, chia tách)."
        ),
        &format!(
            "The unit cannot end yet: {children} unit(s) below it, {appointments} appointment(s), {undecided_deliveries} undecided \
             delivery(ies), {unissued_documents} document(s) not issued. Settle them, or prepare a reorganisation."
        ),
    )
    .with("children", children)
    .with("appointments", appointments)
    .with("undecided_deliveries", undecided_deliveries)
    .with("unissued_documents", unissued_documents)
}

/// The unit is to take over from another on that day or later.
pub(crate) fn unit_is_heir(id: Uuid, succession: &Succession) -> Fault {
    let Succession { predecessor_id, from, .. } = succession;
    fault(
        Code::FailedPrecondition,
        "UNIT_IS_HEIR",
        &format!(
            "Đơn vị này sẽ kế thừa một đơn vị khác từ ngày {from}: không thể kết thúc trước hoặc đúng ngày đó. Hãy lập phương án sắp xếp để có \
             đơn vị tiếp nhận thay."
        ),
        &format!(
            "The unit takes over from another on {from} and cannot end before or on that day. Prepare a reorganisation, so that \
             somebody takes over from it in turn."
        ),
    )
    .with("unit_id", id)
    .with("predecessor_id", predecessor_id)
    .with("date", from)
}

/// The unit has no end that could be taken back.
pub(crate) fn unit_not_ending(id: Uuid) -> Fault {
    fault(
        Code::FailedPrecondition,
        "UNIT_NOT_ENDING",
        "Đơn vị này không có ngày kết thúc, không có gì để khôi phục.",
        "The unit has no last day; there is nothing to take back.",
    )
    .with("unit_id", id)
}

/// Others took over from the unit when it ended.
pub(crate) fn unit_succeeded(id: Uuid, successors: &[Uuid]) -> Fault {
    let ids: Vec<_> = successors.iter().map(Uuid::to_string).collect();
    fault(
        Code::FailedPrecondition,
        "UNIT_SUCCEEDED",
        "Đơn vị này kết thúc do sắp xếp tổ chức và đã có đơn vị kế thừa, không thể khôi phục. Hãy lập phương án sắp xếp mới.",
        "The unit ended by a reorganisation and others took over from it. Prepare another reorganisation.",
    )
    .with("unit_id", id)
    .with("successor_ids", ids.join(","))
}

/// What waits in the unit is not known.
pub(crate) fn work_unknown(id: Uuid) -> Fault {
    fault(
        Code::Unavailable,
        "WORK_UNKNOWN",
        "Chưa biết đơn vị còn văn bản nào chưa xử lý: dịch vụ văn bản chưa báo cáo trong ít phút qua. Hãy thử lại sau.",
        "What waits in the unit is not known: the documents service has not reported for some minutes. Try again later.",
    )
    .with("unit_id", id)
}

/// No such position.
pub(crate) fn no_position(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "POSITION_NOT_FOUND",
        "Không tìm thấy chức vụ này trong danh bạ.",
        "There is no such position in the directory.",
    )
    .with("position_id", id)
}

/// No such appointment.
pub(crate) fn no_appointment(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "APPOINTMENT_NOT_FOUND",
        "Không tìm thấy việc bổ nhiệm này trong danh bạ.",
        "There is no such appointment in the directory.",
    )
    .with("appointment_id", id)
}

/// The position does not admit the appointment; `names` are those of the people who hold it.
pub(crate) fn unseated(position_id: Uuid, person_id: Uuid, why: &Unseated, names: &str) -> Fault {
    match why {
        Unseated::Outside(period) => outside(position_id, *period),
        Unseated::AlreadyHeld(period) => fault(
            Code::AlreadyExists,
            "ALREADY_APPOINTED",
            &format!("Người này đã giữ chức vụ này {}.", days_vi(*period)),
            &format!("The person holds this position already {}.", days_en(*period)),
        )
        .with("position_id", position_id)
        .with("user_id", person_id),
        Unseated::Occupied { when, .. } => fault(
            Code::FailedPrecondition,
            "POSITION_OCCUPIED",
            &format!(
                "Chức vụ này đã có người giữ ({names}) {}. Hãy kết thúc việc giữ chức vụ đó trước, hoặc chọn ngày khác.",
                days_vi(*when)
            ),
            &format!("The position is held by {names} {}. End that first, or choose another day.", days_en(*when)),
        )
        .with("position_id", position_id)
        .with("holders", names)
        .with("start_date", when.from)
        .with("end_date", when.until),
    }
}

/// Somebody else heads the agency or unit, in another position.
pub(crate) fn head_in_office(rival: &Rival) -> Fault {
    let Rival { person_id, position_id, title, incumbent, period } = rival;
    fault(
        Code::FailedPrecondition,
        "HEAD_IN_OFFICE",
        &format!(
            "Không thể giao chức vụ “{title}”: {incumbent} đang là người đứng đầu {}, và mỗi cơ quan, đơn vị chỉ có một người đứng đầu. \
             Hãy kết thúc việc giữ chức vụ đó trước, hoặc chọn ngày khác.",
            days_vi(*period)
        ),
        &format!(
            "The post “{title}” cannot be given: {incumbent} is head {}, and an agency or unit has one head. End that first, or choose \
             another day.",
            days_en(*period)
        ),
    )
    .with("position_id", position_id)
    .with("user_id", person_id)
    .with("holders", incumbent)
    .with("start_date", period.from)
    .with("end_date", period.until)
}

fn outside(position_id: Uuid, period: Period) -> Fault {
    fault(
        Code::FailedPrecondition,
        "POSITION_IN_USE",
        &format!("Chức vụ này chỉ có {}. Hãy chọn ngày trong thời gian đó.", days_vi(period)),
        &format!("The position exists only {}. Choose days within.", days_en(period)),
    )
    .with("position_id", position_id)
    .with("appointments", 0)
}

/// People hold the position after its last day.
pub(crate) fn position_in_use(position_id: Uuid, appointments: usize) -> Fault {
    fault(
        Code::FailedPrecondition,
        "POSITION_IN_USE",
        &format!("Còn {appointments} người giữ chức vụ này sau ngày đó. Hãy kết thúc việc giữ chức vụ của họ trước."),
        &format!("{appointments} person(s) hold this position after that day. End their appointments first."),
    )
    .with("position_id", position_id)
    .with("appointments", appointments)
}

/// Two duties that one person must not have at once.
pub(crate) fn duties_apart(conflict: Conflict) -> Fault {
    let Text { vi, en } = conflict_text(conflict);
    fault(
        Code::FailedPrecondition,
        "SEPARATION_OF_DUTIES",
        &format!("Không thể giao chức vụ này: {vi}."),
        &format!("This position cannot be given: {en}."),
    )
    .with("conflict", format!("{conflict:?}"))
}
