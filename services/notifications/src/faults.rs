use base::Uuid;
use kit::{Fault, Text};
use tonic::Code;

/// Domain of the reasons of this service; see `congvan.notifications.v1.ErrorReason`.
const DOMAIN: &str = "notifications.congvan";

/// No message with this id may be read by the caller.
pub(crate) fn message_not_found(id: Uuid) -> Fault {
    let text = Text::new(
        "Không tìm thấy thư thông báo này trong số thư gửi cho bạn. Hãy kiểm tra lại mã thư.",
        "There is no such message among those sent to you. Check its id.",
    );
    Fault::new(Code::NotFound, DOMAIN, "MESSAGE_NOT_FOUND", text).with("message_id", id)
}
