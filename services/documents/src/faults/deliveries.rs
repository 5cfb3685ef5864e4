//! Refusals of what is done to deliveries.

use base::Uuid;
use documents_domain::{CirculationMark, DeliveryStatus, Recipient};
use kit::{Fault, Text};
use tonic::Code;

use super::{DOMAIN, RECIPIENTS_TOLD, fault};

/// No such delivery, or not for this caller.
pub(crate) fn no_delivery(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "DELIVERY_NOT_FOUND",
        "Không tìm thấy văn bản đến này, hoặc bạn không được xem.",
        "There is no such delivery, or you may not read it.",
    )
    .with("delivery_id", id)
}

/// It was accepted or refused before.
pub(super) fn decided(status: DeliveryStatus) -> Fault {
    let (vi, en) = words(status);
    let text = Text::new(
        format!("Văn bản này đã được tiếp nhận hoặc từ chối trước đó; hiện nay: {vi}."),
        format!("This document was accepted or refused before; it is {en} now."),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "DELIVERY_DECIDED", text).with("status", status.code())
}

/// The delivery does not come to that status from the one that it has.
pub(super) fn wrong_delivery_status(status: DeliveryStatus, needed: DeliveryStatus) -> Fault {
    let ((now_vi, now_en), (next_vi, next_en)) = (words(status), words(needed));
    let (then_vi, then_en) = match status {
        DeliveryStatus::Arrived => (
            "Văn thư cơ quan nhận phải tiếp nhận, đăng ký trước.",
            "The document office of the recipient must accept and register it first.",
        ),
        DeliveryStatus::Refused | DeliveryStatus::Returned => (
            "Văn bản đã trả lại nơi gửi; nơi gửi phải gửi lại.",
            "It went back to the sender, who must send it again.",
        ),
        _ => ("Việc xử lý đã đi quá bước này.", "The handling has gone further than that."),
    };
    let text = Text::new(
        format!("Văn bản đang ở trạng thái “{now_vi}”, không chuyển sang “{next_vi}” được. {then_vi}"),
        format!("The document is {now_en} and cannot become {next_en}. {then_en}"),
    );
    Fault::new(Code::FailedPrecondition, DOMAIN, "WRONG_DELIVERY_STATUS", text)
        .with("status", status.code())
        .with("needed", needed.code())
}

/// Files are damaged or missing.
pub(super) fn files_broken(files: u32) -> Fault {
    fault(
        Code::FailedPrecondition,
        "FILES_BROKEN",
        &format!(
            "Có {files} tệp của văn bản bị hỏng hoặc bị thiếu nên không tiếp nhận được. Hãy từ chối với mã “Tệp bị hỏng”, hoặc báo \
             nơi gửi khắc phục rồi kiểm tra lại."
        ),
        &format!(
            "{files} file(s) of the document are damaged or missing, so it cannot be accepted. Refuse it with the code “broken \
             file”, or have the sender mend it and check again."
        ),
    )
    .with("files", files)
}

/// The unit is none of the recipient's, or the person none of the unit's.
pub(crate) fn unknown_assignee(unit_id: Uuid, user_id: Option<Uuid>) -> Fault {
    fault(
        Code::InvalidArgument,
        "UNKNOWN_ASSIGNEE",
        "Chỉ giao được cho đơn vị thuộc cơ quan và cho người đang giữ chức vụ ở đơn vị đó. Hãy chọn lại trong danh bạ.",
        "Only a unit of the agency, and a person who holds a post in that unit, can be assigned. Choose again in the \
         directory.",
    )
    .with("unit_id", unit_id)
    .with("user_id", user_id.map(|id| id.to_string()).unwrap_or_default())
}

/// Some of those whom groups, positions and rules stand for cannot be reached.
pub(crate) fn unreachable_recipients(unreachable: &[Recipient]) -> Fault {
    let names: Vec<_> = unreachable.iter().map(|recipient| recipient.name.as_str()).collect();
    let (count, first) = (names.len(), names[..names.len().min(3)].join("; "));
    fault(
        Code::FailedPrecondition,
        "UNREACHABLE_RECIPIENT",
        &format!(
            "Có {count} nơi nhận hệ thống chưa gửi đến được ({first}): cơ quan ngoài hệ thống thì gửi bản giấy, đơn vị và cá nhân của cơ quan \
             khác thì gửi qua cơ quan đó. Hãy bỏ khỏi nơi nhận, hoặc nhờ người giữ nhóm sửa nhóm."
        ),
        &format!(
            "{count} recipient(s) cannot be reached here ({first}): external agencies get it on paper, units and people of other agencies \
             through these. Take them out, or have the keeper of the group do so."
        ),
    )
    .with("recipients", names[..names.len().min(RECIPIENTS_TOLD)].join(", "))
}

/// The circulation mark forbids it.
pub(super) fn not_to_circulate(mark: CirculationMark) -> Fault {
    let (vi, en) = match mark {
        CirculationMark::ReturnAfterReading => (
            "Văn bản mang chỉ dẫn “XEM XONG TRẢ LẠI” nên không được chuyển tiếp. Người cần xem hãy đề nghị cơ quan ban hành gửi.",
            "The document is to be given back after reading, so it cannot be forwarded. Whoever needs it asks its issuer.",
        ),
        CirculationMark::Internal => (
            "Văn bản mang chỉ dẫn “LƯU HÀNH NỘI BỘ” nên chỉ được gửi trong cơ quan ban hành. Người soạn thảo bỏ chỉ dẫn hoặc bỏ nơi nhận \
             bên ngoài.",
            "The document is for internal circulation only and stays in its issuing agency. Its drafter drops the mark, or the recipients \
             outside.",
        ),
    };
    fault(Code::FailedPrecondition, "NOT_TO_CIRCULATE", vi, en).with("circulation_mark", mark.code())
}

/// A status in words.
fn words(status: DeliveryStatus) -> (&'static str, &'static str) {
    match status {
        DeliveryStatus::Arrived => ("đã đến", "arrived"),
        DeliveryStatus::Refused => ("từ chối tiếp nhận", "refused"),
        DeliveryStatus::Accepted => ("đã tiếp nhận", "accepted"),
        DeliveryStatus::Assigned => ("đã phân công", "assigned"),
        DeliveryStatus::InProgress => ("đang xử lý", "in progress"),
        DeliveryStatus::Completed => ("đã hoàn thành", "completed"),
        DeliveryStatus::Returned => ("đã trả lại", "returned"),
    }
}
