use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::Flaw;
use kit::{
    Fault, Violations,
    caller::{Caller, Person},
};
use serde_json::json;
use sql::answers::Once;
use zeroize::Zeroizing;

use crate::{
    Directory, attempts, faults,
    flaws::note,
    passwords,
    store::{self, audit::Entry, credential::Credential, failure::Counter},
};

/// Changes the own password.
pub(super) async fn change(
    service: &Directory,
    caller: &Caller,
    mut request: pb::ChangePasswordRequest,
) -> Result<pb::ChangePasswordResponse, Fault> {
    let person = caller.person()?;
    // Taken out first: the fingerprint of the request is kept, and a quick hash of a password must not be.
    let old = Zeroizing::new(std::mem::take(&mut request.old_password));
    let new = Zeroizing::new(std::mem::take(&mut request.new_password));
    let mut violations = Violations::default();
    let once = Once::new("ChangePassword", person.user_id, &request.request_id, &request, &mut violations);
    if let Some(answer) = answered(service, &once).await? {
        return Ok(answer); // the old password is no longer the present one
    }
    let (before, hash) = prepare(service, person, &old, &new, violations).await?;

    let now = service.clock.now();
    let mut tx = service.db.write("change_password").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let present = store::credential::lock(&mut tx, person.user_id).await?;
    if present.is_none_or(|present| present.hash != before.hash) {
        return Err(faults::sign_in::wrong_password()); // changed while it was verified
    }
    store::credential::replace(&mut tx, &before, hash, None, now).await?;
    store::session::restrict(&mut tx, person.session_id, false).await?;
    let ended = store::session::end_others(&mut tx, person.user_id, person.session_id).await?;
    store::failure::forgive(&mut tx, &Counter::Session(person.session_id)).await?;
    let entry = entry(person.user_id, before.is_temporary(), ended);
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    let answer = pb::ChangePasswordResponse { sessions_ended: i32::try_from(ended).unwrap_or(i32::MAX) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// The answer to a call that was answered before.
async fn answered(service: &Directory, once: &Once) -> Result<Option<pb::ChangePasswordResponse>, Fault> {
    let mut read = service.db.read("look_for_answer").await?;
    if !once.is_answered(&mut read).await? {
        return Ok(None);
    }
    drop(read);
    once.recall(&mut service.db.write("repeat_answer").await?, service.clock.now()).await
}

/// The password before, which was given rightly, and the hash of the new one, which has no flaw. Which passwords were used
/// before is told only to whoever knows the present one.
async fn prepare(
    service: &Directory,
    person: &Person,
    old: &str,
    new: &str,
    mut violations: Violations,
) -> Result<(Credential, String), Fault> {
    if old.is_empty() {
        violations.missing("oldPassword");
    }
    let mut read = service.db.read("find_owner").await?;
    let user = store::user::find(&mut read, person.user_id, service.today()).await?;
    drop(read);
    let user = user.ok_or_else(Fault::not_signed_in)?;
    let password = passwords::chosen(service, "newPassword", new, &user, &mut violations).await?;
    violations.check()?;
    let password = password.ok_or_else(|| Fault::internal("a password without flaw is there"))?;
    let before = attempts::own_password(service, person, old).await?;
    let former = store::credential::former(&mut service.db.read("former_passwords").await?, user.id).await?;
    let taken = std::iter::once(before.hash.clone()).chain(former).collect();
    if passwords::is_among(service, &password, taken).await? {
        let mut violations = Violations::default();
        note(&mut violations, "newPassword", Err::<(), _>(Flaw::UsedBefore));
        violations.check()?;
    }
    Ok((before, service.hashing.hash(password).await?))
}

fn entry(user_id: Uuid, was_temporary: bool, ended: u64) -> Entry {
    Entry {
        action: "user.change_password",
        subject_kind: "user",
        subject_id: user_id,
        reason: String::new(),
        before: Some(json!({ "temporary": was_temporary })),
        after: Some(json!({ "temporary": false, "sessions_ended": ended })),
    }
}
