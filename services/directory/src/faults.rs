//! Why this service refuses: every reason of `congvan.directory.v1.ErrorReason` with its sentence.

pub(crate) mod access;
mod groups;
pub(crate) mod import;
pub(crate) mod oidc;
mod reorganisation;
pub(crate) mod sign_in;
pub(crate) mod signing;
mod structure;
pub(crate) mod users;

pub(crate) use groups::*;
pub(crate) use reorganisation::*;
pub(crate) use structure::*;

use base::Uuid;
use jiff::SignedDuration;
use kit::{Fault, Text};
use tonic::Code;

const DOMAIN: &str = "directory.congvan";

fn fault(code: Code, reason: &'static str, vi: &str, en: &str) -> Fault {
    Fault::new(code, DOMAIN, reason, Text::new(vi, en))
}

/// No such unit.
pub(crate) fn no_unit(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "UNIT_NOT_FOUND",
        "Không tìm thấy đơn vị này trong danh bạ.",
        "There is no such unit in the directory.",
    )
    .with("unit_id", id)
}

/// No such user.
pub(crate) fn no_user(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "USER_NOT_FOUND",
        "Không tìm thấy người dùng này trong danh bạ.",
        "There is no such user in the directory.",
    )
    .with("user_id", id)
}

/// Another unit bears the code.
pub(crate) fn code_taken(code: &str) -> Fault {
    fault(
        Code::AlreadyExists,
        "UNIT_CODE_TAKEN",
        &format!("Mã định danh {code} đã được cấp cho đơn vị khác. Hãy kiểm tra lại mã."),
        &format!("The code {code} belongs to another unit. Check the code."),
    )
    .with("code", code)
}

/// Another user has the name.
pub(crate) fn sign_in_name_taken(name: &str) -> Fault {
    fault(
        Code::AlreadyExists,
        "SIGN_IN_NAME_TAKEN",
        &format!("Tên đăng nhập {name} đã có người dùng. Hãy chọn tên khác."),
        &format!("The sign-in name {name} is in use. Choose another."),
    )
    .with("sign_in_name", name)
}

/// Name or password is wrong; which of the two is not said.
pub(crate) fn wrong_credentials() -> Fault {
    fault(
        Code::Unauthenticated,
        "WRONG_CREDENTIALS",
        "Tên đăng nhập hoặc mật khẩu không đúng. Hãy thử lại.",
        "The sign-in name or the password is wrong. Try again.",
    )
}

/// Too many wrong passwords in a row.
pub(crate) fn too_many_attempts(wait: SignedDuration) -> Fault {
    let seconds = wait.as_secs() + i64::from(wait.subsec_nanos() > 0);
    fault(
        Code::ResourceExhausted,
        "TOO_MANY_ATTEMPTS",
        &format!("Đã nhập sai mật khẩu nhiều lần liên tiếp. Hãy thử lại sau {seconds} giây."),
        &format!("Too many wrong passwords in a row. Try again in {seconds} second(s)."),
    )
    .with("retry_after_seconds", seconds)
}
