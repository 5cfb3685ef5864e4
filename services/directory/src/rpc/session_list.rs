use base::Uuid;
use congvan_proto::directory::v1 as pb;
use kit::{
    Fault, Violations,
    caller::{Caller, Person},
};
use serde_json::json;
use sql::answers::Once;

use super::{last_key, page};
use crate::{
    Directory, faults, permission, sessions, shape,
    store::{self, audit::Entry},
};

/// Lists the sessions of a person, the newest first.
pub(super) async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListSessionsRequest,
) -> Result<pb::ListSessionsResponse, Fault> {
    let mut violations = Violations::default();
    let person = caller.person()?;
    let user_id = violations.optional_id("userId", &request.user_id).unwrap_or(person.user_id);
    let size = violations.page_size(request.page_size, 100, 1000);
    own_or_administrator(caller, person, user_id)?;
    violations.check()?;
    let list = format!("sessions/{user_id}");
    let before = last_key(&list, &request.page_token)?.parse().ok();
    let mut read = service.db.read("list_sessions").await?;
    let user = store::user::find(&mut read, user_id, service.today())
        .await?
        .ok_or_else(|| faults::no_user(user_id))?;
    let found = store::session::list(&mut read, &user, before, size + 1, sessions::lasting(service)).await?;
    let user = sessions::standing(service, &mut read, &user).await?;
    let found = found.iter().map(|session| shape::session(session, user.clone())).collect();
    let (sessions, next_page_token) = page(found, size, &list, |session: &pb::Session| &session.id);
    Ok(pb::ListSessionsResponse { sessions, next_page_token })
}

/// Ends a session.
pub(super) async fn revoke(
    service: &Directory,
    caller: &Caller,
    request: pb::RevokeSessionRequest,
) -> Result<pb::RevokeSessionResponse, Fault> {
    let person = caller.person()?;
    let mut violations = Violations::default();
    let once = Once::new("RevokeSession", person.user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let reason = violations.text("reason", &request.reason, false, REASON);
    violations.check()?;

    let mut tx = service.db.write("revoke_session").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    let session = store::session::by_id(&mut tx, id, sessions::lasting(service)).await?;
    let session = sessions::reachable(session, id, person.user_id, caller.is_administrator())?;
    store::session::end(&mut tx, id, session.user.id).await?;
    let ended = json!({
        "session_id": id,
        "opened_at": session.created_at.to_string(),
        "opening": session.opening.name(),
        "client": session.client,
    });
    let entry = Entry {
        action: "user.revoke_session",
        subject_kind: "user",
        subject_id: session.user.id,
        reason,
        before: Some(ended),
        after: None,
    };
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    let answer = pb::RevokeSessionResponse {};
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Ends all sessions of a person but the one of the call.
pub(super) async fn revoke_all(
    service: &Directory,
    caller: &Caller,
    request: pb::RevokeAllSessionsRequest,
) -> Result<pb::RevokeAllSessionsResponse, Fault> {
    let person = caller.person()?;
    let mut violations = Violations::default();
    let once = Once::new("RevokeAllSessions", person.user_id, &request.request_id, &request, &mut violations);
    let user_id = violations.optional_id("userId", &request.user_id).unwrap_or(person.user_id);
    let reason = violations.text("reason", &request.reason, false, REASON);
    own_or_administrator(caller, person, user_id)?;
    violations.check()?;

    let mut tx = service.db.write("revoke_all_sessions").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    store::user::find(&mut tx, user_id, service.today()).await?.ok_or_else(|| faults::no_user(user_id))?;
    let revoked = store::session::end_others(&mut tx, user_id, person.session_id).await?;
    if revoked > 0 {
        let entry = Entry {
            action: "user.revoke_all_sessions",
            subject_kind: "user",
            subject_id: user_id,
            reason,
            before: Some(json!({ "sessions": revoked })),
            after: None,
        };
        store::audit::append(&mut tx, service, caller, &[entry]).await?;
    }
    let revoked = i32::try_from(revoked).unwrap_or(i32::MAX);
    let answer = pb::RevokeAllSessionsResponse { revoked };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Longest reason for a change, in characters.
pub(super) const REASON: usize = 500;

/// What concerns a person is for that person and the administrators.
pub(super) fn own_or_administrator(caller: &Caller, person: &Person, user_id: Uuid) -> Result<(), Fault> {
    if person.user_id == user_id { Ok(()) } else { permission::administrator(caller).map(drop) }
}
