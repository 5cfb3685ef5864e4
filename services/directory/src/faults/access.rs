use base::Uuid;
use kit::Fault;
use tonic::Code;

use super::fault;

/// No such key, or one of somebody else.
pub(crate) fn no_key(id: Uuid) -> Fault {
    fault(
        Code::NotFound,
        "API_KEY_NOT_FOUND",
        "Không tìm thấy khóa API này trong số các khóa của bạn. Hãy mở lại danh sách khóa.",
        "There is no such API key among yours. Open the list of keys again.",
    )
    .with("api_key_id", id)
}

/// The person has as many keys as one may have.
pub(crate) fn too_many_keys(limit: i64) -> Fault {
    fault(
        Code::FailedPrecondition,
        "TOO_MANY_API_KEYS",
        &format!("Người dùng này đã có {limit} khóa API còn hiệu lực. Hãy thu hồi khóa không còn dùng."),
        &format!("This user has {limit} API keys that still last. Revoke one that is no longer used."),
    )
    .with("limit", limit)
}
