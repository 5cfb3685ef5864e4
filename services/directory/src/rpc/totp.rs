use congvan_proto::directory::v1 as pb;
use directory_domain::Opening;
use jiff::SignedDuration;
use kit::{Fault, Violations, caller::Caller};
use serde_json::json;
use sql::answers::Once;
use tonic::Code;
use zeroize::Zeroizing;

use crate::{
    Directory,
    attempts::{self, Cause},
    faults, second_factor,
    store::{self, audit::Entry, failure::Counter},
    totp::Secret,
    words,
};

/// How long a secret waits for its first code.
const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;

/// Makes a secret for an authenticator app.
pub(super) async fn begin(
    service: &Directory,
    caller: &Caller,
    mut request: pb::BeginTotpRequest,
) -> Result<pb::BeginTotpResponse, Fault> {
    let person = caller.person()?;
    let password = Zeroizing::new(std::mem::take(&mut request.password));
    let mut violations = Violations::default();
    let once = Once::new("BeginTotp", person.user_id, &request.request_id, &request, &mut violations);
    if password.is_empty() {
        violations.missing("password");
    }
    violations.check()?;
    let keys = service.sign_in.seal_keys.as_ref().ok_or_else(faults::sign_in::no_seal_key)?;
    attempts::own_password(service, person, &password).await?;
    let secret = Secret::new(&service.ids);
    let sealed = keys.seal(&service.ids, person.user_id.as_bytes(), secret.as_bytes());

    let now = service.clock.now();
    let mut tx = service.db.write("begin_totp").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let user = store::user::find(&mut tx, person.user_id, service.today())
        .await?
        .ok_or_else(Fault::not_signed_in)?;
    if !store::totp::begin(&mut tx, user.id, sealed, now).await? {
        return Err(faults::sign_in::totp_enrolled());
    }
    store::failure::forgive(&mut tx, &Counter::Session(person.session_id)).await?;
    let (secret, uri) = secret.invitation(&user.sign_in_name)?;
    once.remember(&mut tx, &pb::BeginTotpResponse::default()).await?; // the secret is not kept for repeats
    tx.commit().await?;
    Ok(pb::BeginTotpResponse { secret, uri })
}

/// Asks for codes of the app from now on, if its first one is right.
pub(super) async fn confirm(
    service: &Directory,
    caller: &Caller,
    mut request: pb::ConfirmTotpRequest,
) -> Result<pb::ConfirmTotpResponse, Fault> {
    let person = caller.person()?;
    let code = Zeroizing::new(std::mem::take(&mut request.code));
    let mut violations = Violations::default();
    let once = Once::new("ConfirmTotp", person.user_id, &request.request_id, &request, &mut violations);
    if code.is_empty() {
        violations.missing("code");
    }
    violations.check()?;

    let (user_id, now) = (person.user_id, service.clock.now());
    let counter = Counter::Session(person.session_id);
    let mut tx = service.db.write("confirm_totp").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    attempts::may_try(service, &mut tx, &counter).await?;
    let app = store::totp::find(&mut tx, user_id).await?;
    if app.as_ref().is_some_and(|app| app.confirmed_at.is_some()) {
        return Err(faults::sign_in::totp_enrolled());
    }
    let app = app.filter(|app| now.duration_since(app.begun_at) < CONFIRM_WITHIN);
    let app = app.ok_or_else(faults::sign_in::totp_not_enrolled)?;
    let secret = second_factor::unseal(service, user_id, &app.sealed_secret)?;
    let Some(step) = secret.step(code.trim(), now)? else {
        drop(tx);
        let told = faults::sign_in::wrong_second_factor(Code::PermissionDenied);
        return Err(attempts::failed(service, &counter, Cause::SecondFactor, told).await?);
    };
    if !store::totp::confirm(&mut tx, user_id, app.sealed_secret, step, now).await? {
        return Err(faults::sign_in::totp_enrolled()); // another process was faster
    }
    let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| words::new(&service.ids)).collect();
    store::totp::set_codes(&mut tx, user_id, codes.iter().map(|code| words::hash(code)).collect()).await?;
    store::session::proved(&mut tx, person.session_id, Opening::PasswordAndTotp).await?;
    store::failure::forgive(&mut tx, &counter).await?;
    let entry = Entry {
        action: "user.set_up_totp",
        subject_kind: "user",
        subject_id: user_id,
        reason: String::new(),
        before: None,
        after: Some(json!({ "recovery_codes_left": RECOVERY_CODES })),
    };
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    once.remember(&mut tx, &pb::ConfirmTotpResponse::default()).await?; // the codes are not kept for repeats
    tx.commit().await?;
    Ok(pb::ConfirmTotpResponse { recovery_codes: codes.iter().map(|code| code.to_string()).collect() })
}
