//! Who may sign in. Posts stay with whoever may not: they end by the end of an appointment, with its day and its basis.

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::User;
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::{
    dates,
    user_change::{Step, revision, save},
};
use crate::{Directory, faults, permission, shape, store};

/// What a call without other words asks for.
struct Asked {
    id: Uuid,
    revision: i64,
    reason: String,
    once: Once,
}

/// Reads such a call. They have the same fields and nothing in common, as far as the contracts are concerned.
macro_rules! asked {
    ($method:literal, $caller:expr, $request:expr) => {{
        let caller_id = permission::administrator($caller)?.user_id;
        let mut violations = Violations::default();
        let once = Once::new($method, caller_id, &$request.request_id, &$request, &mut violations);
        let id = violations.id("id", &$request.id);
        revision("revision", $request.revision, &mut violations);
        let reason = dates::reason(&$request.reason, &mut violations);
        violations.check()?;
        Asked { id, revision: $request.revision, reason, once }
    }};
}

/// Takes away the right to sign in.
pub(super) async fn deactivate(
    service: &Directory,
    caller: &Caller,
    request: pb::DeactivateUserRequest,
) -> Result<pb::DeactivateUserResponse, Fault> {
    let asked = asked!("DeactivateUser", caller, request);
    let mut tx = service.db.write("deactivate_user").await?;
    if let Some(answer) = asked.once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    let user =
        step(service, caller, &mut tx, &asked, "user.deactivate", |user| user.is_active = false).await?;
    let answer = pb::DeactivateUserResponse { user: Some(shape::user(&user)) };
    asked.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Gives back the right to sign in.
pub(super) async fn reactivate(
    service: &Directory,
    caller: &Caller,
    request: pb::ReactivateUserRequest,
) -> Result<pb::ReactivateUserResponse, Fault> {
    let asked = asked!("ReactivateUser", caller, request);
    let mut tx = service.db.write("reactivate_user").await?;
    if let Some(answer) = asked.once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    let user =
        step(service, caller, &mut tx, &asked, "user.reactivate", |user| user.is_active = true).await?;
    let answer = pb::ReactivateUserResponse { user: Some(shape::user(&user)) };
    asked.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Ends what other software kept. Sign-in name and external id become free for whoever comes after; the audit has them.
pub(super) async fn withdraw(
    service: &Directory,
    caller: &Caller,
    request: pb::WithdrawUserRequest,
) -> Result<pb::WithdrawUserResponse, Fault> {
    let asked = asked!("WithdrawUser", caller, request);
    let mut tx = service.db.write("withdraw_user").await?;
    if let Some(answer) = asked.once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    let withdraw = |user: &mut User| {
        user.is_active = false;
        user.is_withdrawn = true;
        user.sign_in_name = format!("withdrawn-{}", user.id.simple());
        user.external_id = String::new();
    };
    let user = step(service, caller, &mut tx, &asked, "user.withdraw", withdraw).await?;
    let answer = pb::WithdrawUserResponse { user: Some(shape::user(&user)) };
    asked.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

async fn step(
    service: &Directory,
    caller: &Caller,
    tx: &mut Write,
    asked: &Asked,
    action: &'static str,
    change: impl FnOnce(&mut User) + Send,
) -> Result<User, Fault> {
    store::lock(tx).await?;
    let before = find(service, tx, asked.id, asked.revision).await?;
    let mut after = before.clone();
    change(&mut after);
    save(service, caller, tx, Step { action, reason: asked.reason.clone(), before, after }).await
}

/// The user at this revision, if it can still be changed.
pub(super) async fn find(
    service: &Directory,
    tx: &mut Write,
    id: Uuid,
    revision: i64,
) -> Result<User, Fault> {
    let user = store::user::find(tx, id, service.today()).await?.ok_or_else(|| faults::no_user(id))?;
    if user.is_withdrawn {
        return Err(faults::users::withdrawn(id));
    }
    if user.revision != revision {
        return Err(Fault::stale(user.revision));
    }
    Ok(user)
}

/// Ends every session of a person who may sign in no more, which is neither the caller nor the last administrator.
pub(super) async fn end(service: &Directory, caller: &Caller, tx: &mut Write, id: Uuid) -> Result<(), Fault> {
    if caller.person.as_ref().is_some_and(|person| person.user_id == id) {
        return Err(faults::users::oneself());
    }
    if !store::user::administrator_exists(tx, service.today()).await? {
        return Err(faults::users::last_administrator());
    }
    store::session::end_all(tx, id).await?;
    Ok(())
}
