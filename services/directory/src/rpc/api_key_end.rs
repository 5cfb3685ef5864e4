//! What comes after a key was made: it is listed, used and revoked.

use congvan_proto::directory::v1 as pb;
use jiff::SignedDuration;
use kit::{Fault, Violations, caller::Caller};
use serde_json::{Value as Json, json};
use sql::answers::Once;

use super::{api_key::REASON, last_key, page};
use crate::{
    Directory,
    api_key::ApiKey,
    changes, faults, permission, sessions, shape,
    store::{self, audit::Entry},
    token,
};

/// How precisely the last use is known: a write for each call would cost more than the call.
const USE_KNOWN_TO: SignedDuration = SignedDuration::from_hours(1);

/// Lists keys, the newest first.
pub(super) async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListApiKeysRequest,
) -> Result<pb::ListApiKeysResponse, Fault> {
    let person = permission::in_session(caller)?;
    let mut violations = Violations::default();
    let asked = violations.optional_id("userId", &request.user_id);
    if asked.is_some() && request.everybody {
        violations.add("everybody", "không dùng cùng với userId", "does not go together with userId");
    }
    let size = violations.page_size(request.page_size, 100, 1000);
    let whose = if request.everybody { None } else { Some(asked.unwrap_or(person.user_id)) };
    match whose {
        Some(person_id) => permission::own(caller, person_id)?,
        None => permission::administrator(caller).map(drop)?,
    }
    violations.check()?;
    let list = format!("apiKeys/{whose:?}");
    let before = last_key(&list, &request.page_token)?.parse().ok();
    let mut read = service.db.read("list_api_keys").await?;
    let found = store::api_key::list(&mut read, whose, before, size + 1).await?;
    let keys = found.iter().map(shape::api_key).collect();
    let (api_keys, next_page_token) = page(keys, size, &list, |key: &pb::ApiKey| &key.id);
    Ok(pb::ListApiKeysResponse { api_keys, next_page_token })
}

/// Ends a key; one that has ended stays as it is.
pub(super) async fn revoke(
    service: &Directory,
    caller: &Caller,
    request: pb::RevokeApiKeyRequest,
) -> Result<pb::RevokeApiKeyResponse, Fault> {
    let person = permission::in_session(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    let once = Once::new("RevokeApiKey", person.user_id, &request.request_id, &request, &mut violations);
    let reason = violations.text("reason", &request.reason, false, REASON);
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("revoke_api_key").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let before = store::api_key::find(&mut tx, id).await?;
    let before = before.filter(|key| permission::own(caller, key.person_id).is_ok());
    let before = before.ok_or_else(|| faults::access::no_key(id))?;
    let after = ApiKey { revoked_at: before.revoked_at.or(Some(now)), ..before.clone() };
    if after != before {
        store::api_key::revoke(&mut tx, id, now).await?;
        let entry = Entry {
            action: "api_key.revoke",
            subject_kind: "api_key",
            subject_id: id,
            reason,
            before: Some(state(&before)),
            after: Some(state(&after)),
        };
        store::audit::append(&mut tx, service, caller, &[entry]).await?;
        events::append(&mut tx, vec![changes::api_key_changed(&service.ids, &after, now)]).await?;
    }
    let answer = pb::RevokeApiKeyResponse { api_key: Some(shape::api_key(&after)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Tells for whom a key speaks and what it may be used for.
pub(super) async fn verify(service: &Directory, key: &str) -> Result<pb::VerifySessionResponse, Fault> {
    let now = service.clock.now();
    let mut read = service.db.read("verify_api_key").await?;
    let key = store::api_key::by_hash(&mut read, token::hash(key), now).await?;
    let key = key.ok_or_else(Fault::not_signed_in)?;
    let user = store::user::find(&mut read, key.person_id, service.today())
        .await?
        .filter(|user| user.is_active)
        .ok_or_else(Fault::not_signed_in)?;
    let user = sessions::standing(service, &mut read, &user).await?;
    drop(read);
    if key.last_used_at.is_none_or(|used| now.duration_since(used) >= USE_KNOWN_TO) {
        let mut tx = service.db.write("use_api_key").await?;
        store::api_key::used(&mut tx, key.id, now).await?;
        tx.commit().await?;
    }
    let session = pb::Session { id: key.id.to_string(), user: Some(user), ..pb::Session::default() };
    Ok(pb::VerifySessionResponse { session: Some(session), api_key: Some(shape::api_key(&key)) })
}

/// A key in the audit.
pub(super) fn state(key: &ApiKey) -> Json {
    json!({
        "user_id": key.person_id.to_string(),
        "name": key.name,
        "scopes": key.scopes.each().map(|scope| scope.as_str_name()).collect::<Vec<_>>(),
        "expires_at": key.expires_at.to_string(),
        "revoked_at": key.revoked_at.map(|at| at.to_string()),
    })
}
