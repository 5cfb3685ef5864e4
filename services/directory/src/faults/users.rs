//! Why changes of people are refused.

use base::Uuid;
use kit::Fault;
use tonic::Code;

use super::fault;

/// The software that kept the user has withdrawn it.
pub(crate) fn withdrawn(id: Uuid) -> Fault {
    fault(
        Code::FailedPrecondition,
        "USER_WITHDRAWN",
        "Phần mềm quản lý người dùng này đã rút người dùng khỏi danh bạ; hồ sơ chỉ còn để tra cứu. Hãy tạo người dùng mới nếu \
         người đó trở lại.",
        "The software that kept this user has withdrawn it; the record is history. Record a new user if the person comes back.",
    )
    .with("user_id", id)
}

/// Nobody takes the right to sign in away from oneself.
pub(crate) fn oneself() -> Fault {
    fault(
        Code::FailedPrecondition,
        "CANNOT_DEACTIVATE_ONESELF",
        "Bạn không thể tự ngừng hoạt động tài khoản của chính mình. Hãy nhờ quản trị viên khác.",
        "You cannot deactivate yourself. Ask another administrator.",
    )
}

/// Nobody would be left to keep the directory.
pub(crate) fn last_administrator() -> Fault {
    fault(
        Code::FailedPrecondition,
        "LAST_ADMINISTRATOR",
        "Đây là quản trị viên cuối cùng còn hoạt động. Hãy giao quyền quản trị cho người khác trước.",
        "This is the last active administrator. Make somebody else an administrator first.",
    )
}
