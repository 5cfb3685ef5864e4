//! Why signing in, passwords and sessions are refused.

use base::Uuid;
use kit::Fault;
use tonic::Code;

use super::fault;

/// The session was opened with a temporary password.
pub(crate) fn password_change_required() -> Fault {
    fault(
        Code::PermissionDenied,
        "PASSWORD_CHANGE_REQUIRED",
        "Bạn đang dùng mật khẩu tạm. Hãy đổi mật khẩu trước khi làm việc khác.",
        "You are signed in with a temporary password. Change it before doing anything else.",
    )
}

/// No such session of this person.
pub(crate) fn no_session(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "SESSION_NOT_FOUND",
        "Không có phiên làm việc này, hoặc phiên đã kết thúc. Hãy tải lại danh sách phiên.",
        "There is no such session, or it has ended. Read the list of sessions again.",
    )
    .with("session_id", id)
}
