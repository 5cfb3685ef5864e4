use congvan_proto::directory::v1 as pb;
use directory_domain::Password;
use jiff::SignedDuration;
use kit::{Fault, Violations, caller::Caller};
use serde_json::json;
use sql::answers::Once;

use super::{credential::administrator_for, session_list::REASON};
use crate::{
    Directory, faults, permission, shape,
    store::{self, audit::Entry, failure::Counter},
    words,
};

/// How long a temporary password is good: over a weekend.
const TEMPORARY: SignedDuration = SignedDuration::from_hours(72);

/// Gives a person a temporary password.
pub(super) async fn reset(
    service: &Directory,
    caller: &Caller,
    request: pb::ResetPasswordRequest,
) -> Result<pb::ResetPasswordResponse, Fault> {
    let by = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("ResetPassword", by, &request.request_id, &request, &mut violations);
    let user_id = violations.id("userId", &request.user_id);
    let reason = violations.text("reason", &request.reason, false, REASON);
    violations.check()?;
    administrator_for(caller, user_id)?;
    let word = words::new(&service.ids);
    let hash = service.hashing.hash(Password::typed(&word)).await?;

    let now = service.clock.now();
    let mut tx = service.db.write("reset_password").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let user = store::user::find(&mut tx, user_id, service.today())
        .await?
        .ok_or_else(|| faults::no_user(user_id))?;
    let expires_at = now + TEMPORARY;
    let before = store::credential::lock(&mut tx, user_id).await?;
    match &before {
        Some(before) => store::credential::replace(&mut tx, before, hash, Some(expires_at), now).await?,
        None => store::credential::insert_temporary(&mut tx, user_id, hash, expires_at).await?,
    }
    let ended = store::session::end_all(&mut tx, user_id).await?;
    store::device::forget(&mut tx, user_id).await?;
    store::failure::forgive(&mut tx, &Counter::Name(user.sign_in_name)).await?;
    let entry = Entry {
        action: "user.reset_password",
        subject_kind: "user",
        subject_id: user_id,
        reason,
        before: Some(json!({ "has_password": before.is_some() })),
        after: Some(json!({ "temporary_until": expires_at.to_string(), "sessions_ended": ended })),
    };
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    let mut answer = pb::ResetPasswordResponse {
        temporary_password: String::new(), // not kept for repeats
        expire_time: Some(shape::time(expires_at)),
    };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    answer.temporary_password.clone_from(&word);
    Ok(answer)
}
