//! Why signing in at a provider, or linking an account there, is refused.

use base::Uuid;
use kit::Fault;
use tonic::Code;

use super::fault;

/// No provider is set up.
pub(crate) fn not_set_up() -> Fault {
    fault(
        Code::FailedPrecondition,
        "OIDC_NOT_SET_UP",
        "Hệ thống chưa kết nối với dịch vụ đăng nhập tập trung. Hãy đăng nhập bằng mật khẩu, hoặc đề nghị quản trị hệ thống thiết \
         lập oidc.issuer.",
        "No sign-in provider is set up. Sign in with a password, or ask the operators to set oidc.issuer.",
    )
}

/// The provider does not answer, or its answers make no sense.
pub(crate) fn unavailable(cause: String) -> Fault {
    fault(
        Code::Unavailable,
        "OIDC_UNAVAILABLE",
        "Dịch vụ đăng nhập tập trung tạm thời không trả lời. Hãy đăng nhập bằng mật khẩu, hoặc bắt đầu đăng nhập lại sau ít phút.",
        "The sign-in provider does not answer for the moment. Sign in with a password meanwhile, or begin again in a few minutes.",
    )
    .caused_by(cause)
}

/// The sign-in is not believed, or nobody is linked to the account. One reason for all, so that nobody learns by trying.
pub(crate) fn refused() -> Fault {
    fault(
        Code::Unauthenticated,
        "OIDC_REFUSED",
        "Không đăng nhập được qua dịch vụ đăng nhập tập trung. Hãy bắt đầu đăng nhập lại; nếu vẫn không được, đề nghị quản trị hệ \
         thống kiểm tra tài khoản của bạn đã được liên kết chưa.",
        "The sign-in at the provider was not accepted. Begin again; if it happens again, ask an administrator whether your account \
         there is linked to you.",
    )
}

/// The account belongs to somebody, or the person has another account there.
pub(crate) fn identity_taken(holder: Uuid) -> Fault {
    fault(
        Code::AlreadyExists,
        "IDENTITY_TAKEN",
        "Tài khoản này đã liên kết với một người dùng, hoặc người dùng này đã có tài khoản liên kết. Hãy bỏ liên kết cũ trước.",
        "This account is linked to a user already, or this user has another account linked. Unlink that first.",
    )
    .with("user_id", holder)
}

/// No such link.
pub(crate) fn no_identity(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "IDENTITY_NOT_FOUND",
        "Không tìm thấy liên kết tài khoản này. Hãy tải lại danh sách tài khoản liên kết của người dùng.",
        "There is no such linked identity. List the linked identities of the user again.",
    )
    .with("linked_identity_id", id)
}
