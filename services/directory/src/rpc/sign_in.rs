use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Opening, Password, typed_sign_in_name};
use kit::{Call, Fault, Violations, caller::Caller};
use serde_json::json;
use sql::{Error, Write};
use tonic::Code;

use crate::{
    Directory,
    attempts::{self, Cause},
    faults, permission,
    second_factor::{self, Given},
    sessions::{self, open_session},
    shape,
    store::{self, audit::Entry, credential::Credential, failure::Counter},
    token,
};

/// Opens a session with name, password and, if the person has an authenticator app, a second factor.
pub(super) async fn sign_in(
    service: &Directory,
    caller: &Caller,
    request: pb::SignInRequest,
) -> Result<pb::SignInResponse, Fault> {
    permission::through_gateway(caller)?;
    let mut violations = Violations::default();
    let name = typed_sign_in_name(&request.sign_in_name);
    if name.is_empty() {
        violations.missing("signInName");
    }
    if request.password.is_empty() {
        violations.missing("password");
    }
    violations.check()?;

    // The failures are read once it is our turn, so that no more attempts slip by unseen than are verified at once.
    let turn = service.hashing.turn().await;
    let mut read = service.db.read("sign_in").await?;
    let device = attempts::device(service, &mut read, &request.device_token, &name).await?;
    let counter = device.map_or(Counter::Name(name.clone()), Counter::Device);
    attempts::may_try(service, &mut read, &counter).await?;
    let credential = store::credential::find(&mut read, &name).await?;
    drop(read);
    let hash = credential.as_ref().map(|credential| credential.hash.clone());
    let right = service.hashing.verify(turn, Password::typed(&request.password), hash).await?;
    let Some(credential) = credential.filter(|_| right) else {
        return Err(attempts::failed(service, &counter, Cause::Password, faults::wrong_credentials()).await?);
    };
    let attempt = Attempt { service, caller, request: &request, credential, device, counter };
    attempt.open().await
}

/// An attempt with the right password.
struct Attempt<'a> {
    service: &'a Directory,
    caller: &'a Caller,
    request: &'a pb::SignInRequest,
    credential: Credential,
    device: Option<Uuid>,
    counter: Counter,
}

impl Attempt<'_> {
    async fn open(self) -> Result<pb::SignInResponse, Fault> {
        let Self { service, request, credential, counter, .. } = &self;
        let user_id = credential.user_id;
        let mut tx = service.db.write("open_session").await?;
        let now = store::credential::lock(&mut tx, user_id).await?;
        if now.is_none_or(|now| now.hash != credential.hash) {
            return Err(faults::wrong_credentials()); // changed while it was verified
        }
        if credential.expires_at.is_some_and(|end| end <= service.clock.now()) {
            return Err(faults::sign_in::temporary_password_expired());
        }
        let opening = match second_factor::take(service, &mut tx, user_id, &request.second_factor).await? {
            Given::NotAsked => Opening::Password,
            Given::Code => Opening::PasswordAndTotp,
            Given::RecoveryCode => Opening::PasswordAndRecoveryCode,
            Given::Nothing => return Err(faults::sign_in::second_factor_required()),
            Given::Wrong => {
                drop(tx);
                let told = faults::sign_in::wrong_second_factor(Code::Unauthenticated);
                return Err(attempts::failed(service, counter, Cause::SecondFactor, told).await?);
            }
        };
        store::failure::forgive(&mut tx, counter).await?;
        let user = store::user::find(&mut tx, user_id, service.today()).await?;
        let user = user.ok_or_else(|| Error::Inconsistent("a password without its person".to_owned()))?;
        let (token, mut session) =
            open_session(service, &mut tx, user, opening, &Call::current().client).await?;
        if credential.is_temporary() {
            store::session::restrict(&mut tx, session.id, true).await?;
            session.must_change_password = true;
        }
        if opening == Opening::PasswordAndRecoveryCode {
            self.note_recovery(&mut tx).await?;
        }
        let device_token = self.remember_device(&mut tx).await?;
        let user = sessions::standing(service, &mut tx, &session.user).await?;
        tx.commit().await?;
        Ok(pb::SignInResponse { token, session: Some(shape::session(&session, user)), device_token })
    }

    /// Notes that a recovery code was used up.
    async fn note_recovery(&self, tx: &mut Write) -> Result<(), Fault> {
        let user_id = self.credential.user_id;
        let left = store::totp::codes_left(tx, user_id).await?;
        let entry = Entry {
            action: "user.use_recovery_code",
            subject_kind: "user",
            subject_id: user_id,
            reason: String::new(),
            before: Some(json!({ "recovery_codes_left": left + 1 })),
            after: Some(json!({ "recovery_codes_left": left })),
        };
        Ok(store::audit::append(tx, self.service, self.caller, &[entry]).await?)
    }

    /// Knows the device from now on; its token.
    async fn remember_device(&self, tx: &mut Write) -> Result<String, Fault> {
        let Self { service, request, .. } = self;
        let now = service.clock.now();
        if let Some(device) = self.device {
            store::device::returned(tx, device, now).await?;
            return Ok(request.device_token.clone());
        }
        let device_token = service.ids.secret();
        let (id, hash) = (service.ids.next(), token::hash(&device_token));
        store::device::insert(tx, id, self.credential.user_id, hash, now).await?;
        Ok(device_token)
    }
}
