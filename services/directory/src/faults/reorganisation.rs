//! Refusals about mergers and splits.

use base::{Date, Uuid};
use directory_domain::{Misplaced, Problem};
use kit::{Fault, Text};
use tonic::Code;

use super::fault;
use crate::store::reorganisation::State;

/// No such reorganisation.
pub(crate) fn no_reorganisation(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "REORGANISATION_NOT_FOUND",
        "Không tìm thấy phương án sắp xếp này.",
        "There is no such reorganisation.",
    )
    .with("reorganisation_id", id)
}

/// It is not at the stage that the command needs.
pub(crate) fn wrong_state(state: State) -> Fault {
    let (vi, en) = match state {
        State::Prepared => (
            "Phương án chưa được quản trị viên thứ hai xem xét. Hãy xem trước và xác nhận trước khi áp dụng.",
            "The reorganisation was not reviewed by a second administrator yet. Read the preview and confirm it first.",
        ),
        State::Reviewed => ("Phương án đã được xem xét.", "The reorganisation was reviewed already."),
        State::Applied => ("Phương án đã được áp dụng.", "The reorganisation was applied already."),
        State::Cancelled => (
            "Phương án đã bị hủy. Hãy lập phương án mới.",
            "The reorganisation was given up. Prepare a new one.",
        ),
    };
    fault(Code::FailedPrecondition, "REORGANISATION_STATE", vi, en).with("state", state.name())
}

/// Whoever prepared it cannot review it.
pub(crate) fn own_reorganisation() -> Fault {
    fault(
        Code::PermissionDenied,
        "OWN_REORGANISATION",
        "Người lập phương án không được tự xem xét. Hãy nhờ quản trị viên khác.",
        "Whoever prepared a reorganisation cannot review it. Ask another administrator.",
    )
}

/// Its preview tells problems.
pub(crate) fn has_problems(count: usize) -> Fault {
    fault(
        Code::FailedPrecondition,
        "REORGANISATION_PROBLEMS",
        &format!("Phương án còn {count} vướng mắc, xem trong bản xem trước. Hãy hủy và lập lại phương án đã sửa."),
        &format!("The reorganisation has {count} problem(s), see its preview. Give it up and prepare a corrected one."),
    )
    .with("problems", count)
}

/// What would happen is not what was read.
pub(crate) fn preview_changed() -> Fault {
    fault(
        Code::Aborted,
        "PREVIEW_CHANGED",
        "Danh bạ đã thay đổi kể từ bản xem trước. Hãy xem trước lại rồi xác nhận.",
        "The directory changed since the preview was read. Read the preview again and confirm it.",
    )
}

/// The unit that a problem concerns, and what to do about it.
pub(crate) fn problem(problem: &Problem) -> (Uuid, Text) {
    match problem {
        Problem::Absent(id) => (
            *id,
            Text::new(
                "Đơn vị không tồn tại vào ngày trước ngày có hiệu lực, hoặc đơn vị tiếp nhận không còn vào ngày đó. Hãy kiểm tra đơn vị và ngày.",
                "The unit does not exist on the day before the new order, or as one that takes over not on its first day. Check the \
                 unit and the day.",
            ),
        ),
        Problem::Succeeded { unit_id, from, .. } => (*unit_id, succeeded(*from)),
        Problem::HeirCloses { unit_id, on, .. } => (*unit_id, heir_closes(*on)),
        Problem::EndsTwice(id) => (
            *id,
            Text::new(
                "Đơn vị có trong nhiều thay đổi. Mỗi đơn vị chỉ kết thúc một lần.",
                "The unit stands in more than one change. A unit ends only once.",
            ),
        ),
        Problem::HeirEnds { unit_id, .. } => (
            *unit_id,
            Text::new(
                "Đơn vị tiếp nhận hộp văn bản, sổ và việc dở dang cũng kết thúc. Hãy chọn đơn vị tiếp nhận khác.",
                "The unit that would take inbox, registers and open work ends itself. Choose another.",
            ),
        ),
        Problem::HeirIsNoAgency { unit_id, .. } => (
            *unit_id,
            Text::new(
                "Hộp văn bản và sổ của cơ quan chỉ có thể chuyển cho một cơ quan, không phải đơn vị bên trong.",
                "Inbox and registers of an agency can go to an agency only, not to an inner unit.",
            ),
        ),
        Problem::MailboxLost { unit_id, .. } => (
            *unit_id,
            Text::new(
                "Đơn vị có hộp thư công vụ nhưng đơn vị tiếp nhận thì không: thư sẽ thất lạc. Hãy ghi hộp thư cho đơn vị tiếp nhận.",
                "The unit has a mailbox and its heir has none: mail would be lost. Give the heir a mailbox.",
            ),
        ),
        Problem::IdentifierTaken { value, by } => (*by, identifier_shared(value)),
        Problem::LaterChange { unit_id, day } => (*unit_id, later_change(*day)),
        Problem::Misplaced(fault) => (fault.unit_id, misplaced(fault.why)),
    }
}

fn succeeded(from: Date) -> Text {
    Text::new(
        format!(
            "Đơn vị đã có đơn vị kế thừa từ ngày {from} theo một phương án khác. Xem lịch sử của đơn vị."
        ),
        format!("Another reorganisation names who takes over from the unit from {from} on. See its history."),
    )
}

fn heir_closes(on: Date) -> Text {
    Text::new(
        format!(
            "Đơn vị tiếp nhận hộp văn bản, sổ và việc dở dang sẽ kết thúc ngày {on} mà không có đơn vị kế thừa. Hãy chọn đơn vị khác, \
             hoặc khôi phục đơn vị đó trước."
        ),
        format!(
            "The unit that would take inbox, registers and open work ends on {on} and nobody takes over from it. Choose another, or \
             reopen that one first."
        ),
    )
}

fn identifier_shared(value: &str) -> Text {
    Text::new(
        format!(
            "Mã {value} của đơn vị mới cũng là mã của đơn vị này từ ngày đó. Mỗi mã chỉ thuộc một đơn vị."
        ),
        format!(
            "The identifier {value} of a new unit is this unit's from that day, too. It can belong to one only."
        ),
    )
}

fn later_change(day: Date) -> Text {
    Text::new(
        format!("Đã có thay đổi được ghi nhận từ ngày {day} cho đơn vị này. Hãy sửa thay đổi đó trước."),
        format!("A change from {day} is recorded for this unit. Correct that first."),
    )
}

fn misplaced(why: Misplaced) -> Text {
    match why {
        Misplaced::BelowItself => {
            Text::new("Đơn vị sẽ nằm dưới chính nó.", "The unit would stand below itself.")
        }
        Misplaced::NoAgencyAbove => Text::new(
            "Đơn vị bên trong sẽ không thuộc cơ quan nào.",
            "The inner unit would belong to no agency.",
        ),
        Misplaced::ParentAbsent => {
            Text::new("Đơn vị cấp trên sẽ không tồn tại.", "The unit directly above would not exist.")
        }
        Misplaced::WrongKindAbove => Text::new(
            "Loại đơn vị này không thể trực thuộc đơn vị cấp trên sẽ có.",
            "Such a unit cannot stand below the one that would be above it.",
        ),
    }
}
