use base::Uuid;
use congvan_proto::directory::v1 as pb;
use kit::{Fault, Violations, caller::Caller};
use serde_json::json;
use sql::answers::Once;
use tonic::Code;
use zeroize::Zeroizing;

use super::{
    credential::{administrator_for, there_is},
    session_list::REASON,
};
use crate::{
    Directory,
    attempts::{self, Cause},
    faults, permission,
    second_factor::{self, Given},
    store::{self, audit::Entry, failure::Counter},
};

/// Gives up the own authenticator app.
pub(super) async fn remove(
    service: &Directory,
    caller: &Caller,
    mut request: pb::RemoveTotpRequest,
) -> Result<pb::RemoveTotpResponse, Fault> {
    let person = caller.person()?;
    let password = Zeroizing::new(std::mem::take(&mut request.password));
    let code = Zeroizing::new(std::mem::take(&mut request.second_factor));
    let mut violations = Violations::default();
    let once = Once::new("RemoveTotp", person.user_id, &request.request_id, &request, &mut violations);
    for (field, given) in [("password", &password), ("secondFactor", &code)] {
        if given.is_empty() {
            violations.missing(field);
        }
    }
    violations.check()?;
    attempts::own_password(service, person, &password).await?;

    let counter = Counter::Session(person.session_id);
    let mut tx = service.db.write("remove_totp").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    match second_factor::take(service, &mut tx, person.user_id, &code).await? {
        Given::Code | Given::RecoveryCode => {}
        Given::NotAsked => return Err(faults::sign_in::totp_not_enrolled()),
        Given::Nothing | Given::Wrong => {
            drop(tx);
            let told = faults::sign_in::wrong_second_factor(Code::PermissionDenied);
            return Err(attempts::failed(service, &counter, Cause::SecondFactor, told).await?);
        }
    }
    store::totp::remove(&mut tx, person.user_id).await?;
    store::session::lost_app(&mut tx, person.user_id).await?;
    store::failure::forgive(&mut tx, &counter).await?;
    let entry = entry("user.remove_totp", person.user_id, String::new());
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    let answer = pb::RemoveTotpResponse {};
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Gives up the authenticator app of a person who lost it.
pub(super) async fn reset(
    service: &Directory,
    caller: &Caller,
    request: pb::ResetTotpRequest,
) -> Result<pb::ResetTotpResponse, Fault> {
    let by = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("ResetTotp", by, &request.request_id, &request, &mut violations);
    let user_id = violations.id("userId", &request.user_id);
    let reason = violations.text("reason", &request.reason, true, REASON);
    violations.check()?;
    administrator_for(caller, user_id)?;

    let mut tx = service.db.write("reset_totp").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    there_is(service, &mut tx, user_id).await?;
    if !store::totp::remove(&mut tx, user_id).await? {
        return Err(faults::sign_in::totp_not_enrolled());
    }
    let ended = store::session::end_all(&mut tx, user_id).await?;
    store::audit::append(&mut tx, service, caller, &[entry("user.reset_totp", user_id, reason)]).await?;
    let answer = pb::ResetTotpResponse { sessions_ended: i32::try_from(ended).unwrap_or(i32::MAX) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

fn entry(action: &'static str, user_id: Uuid, reason: String) -> Entry {
    Entry {
        action,
        subject_kind: "user",
        subject_id: user_id,
        reason,
        before: Some(json!({ "totp": true })),
        after: Some(json!({ "totp": false })),
    }
}
