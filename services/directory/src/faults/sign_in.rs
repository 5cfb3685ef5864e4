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

/// The password given by somebody who is signed in is not the own one.
pub(crate) fn wrong_password() -> Fault {
    fault(
        Code::PermissionDenied,
        "WRONG_PASSWORD",
        "Mật khẩu hiện tại không đúng. Hãy nhập lại.",
        "This is not your present password. Type it again.",
    )
}

/// The person signs in in another way and has no password.
pub(crate) fn no_password() -> Fault {
    fault(
        Code::FailedPrecondition,
        "NO_PASSWORD",
        "Tài khoản này không có mật khẩu. Nếu cần, hãy đề nghị quản trị hệ thống đặt lại mật khẩu.",
        "This account has no password. If you need one, ask an administrator to reset it.",
    )
}

/// The temporary password was not used in time.
pub(crate) fn temporary_password_expired() -> Fault {
    fault(
        Code::Unauthenticated,
        "TEMPORARY_PASSWORD_EXPIRED",
        "Mật khẩu tạm đã hết hạn. Hãy đề nghị quản trị hệ thống cấp mật khẩu tạm mới.",
        "The temporary password has expired. Ask an administrator for a new one.",
    )
}

/// The password was right, and a code is needed too.
pub(crate) fn second_factor_required() -> Fault {
    fault(
        Code::Unauthenticated,
        "SECOND_FACTOR_REQUIRED",
        "Hãy nhập mã 6 chữ số trên ứng dụng xác thực, hoặc một mã khôi phục.",
        "Type the 6-digit code that your authenticator app shows, or a recovery code.",
    )
}

/// The code is wrong or was used before. Only after a right password.
pub(crate) fn wrong_second_factor(code: Code) -> Fault {
    fault(
        code,
        "WRONG_SECOND_FACTOR",
        "Mã xác thực không đúng hoặc đã dùng rồi. Hãy đợi mã tiếp theo trên ứng dụng và kiểm tra giờ của thiết bị.",
        "The code is wrong or was used before. Wait for the next one and check the clock of your device.",
    )
}

/// There is an authenticator app already.
pub(crate) fn totp_enrolled() -> Fault {
    fault(
        Code::FailedPrecondition,
        "TOTP_ENROLLED",
        "Tài khoản đã có ứng dụng xác thực. Muốn dùng ứng dụng khác, hãy gỡ ứng dụng này trước.",
        "There is an authenticator app already. Remove it before you set up another.",
    )
}

/// There is no authenticator app, or none that waits to be confirmed.
pub(crate) fn totp_not_enrolled() -> Fault {
    fault(
        Code::FailedPrecondition,
        "TOTP_NOT_ENROLLED",
        "Tài khoản chưa có ứng dụng xác thực, hoặc việc thiết lập đã quá 15 phút. Hãy bắt đầu thiết lập lại.",
        "There is no authenticator app, or it was begun more than 15 minutes ago. Begin to set one up.",
    )
}

/// The operator gave no key to seal secrets with.
pub(crate) fn no_seal_key() -> Fault {
    fault(
        Code::FailedPrecondition,
        "SEAL_KEY_MISSING",
        "Hệ thống chưa được cấu hình để dùng ứng dụng xác thực. Hãy báo bộ phận vận hành đặt seal_key.",
        "This system is not set up for authenticator apps. Ask the operators to set seal_key.",
    )
}

/// An administrator without a second factor, where the operator demands one.
pub(crate) fn totp_enrolment_required() -> Fault {
    fault(
        Code::PermissionDenied,
        "TOTP_ENROLMENT_REQUIRED",
        "Quản trị hệ thống phải dùng ứng dụng xác thực. Hãy thiết lập ứng dụng trước khi làm việc khác.",
        "Administrators must use an authenticator app. Set one up before doing anything else.",
    )
}
