use congvan_proto::directory::v1 as pb;
use directory_domain::{Opening, Password, sign_in_name, typed_sign_in_name};
use kit::{Call, Fault, Violations, caller::Caller};
use sql::Error;

use crate::{
    Directory, faults, permission,
    sessions::open_session,
    shape,
    store::{self, credential::Credential},
};

/// Opens a session with name and password.
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
    let failures = store::credential::failures(&mut read, &name).await?;
    if let Some(wait) = failures.and_then(|failures| failures.wait(service.clock.now())) {
        return Err(faults::too_many_attempts(wait));
    }
    let credential = store::credential::find(&mut read, &name).await?;
    drop(read);
    let hash = credential.as_ref().map(|credential| credential.hash.clone());
    let right = service.hashing.verify(turn, Password::typed(&request.password), hash).await?;
    match credential.filter(|_| right) {
        Some(credential) => open(service, &name, &credential).await,
        None => Err(fail(service, &name).await?),
    }
}

async fn open(service: &Directory, name: &str, credential: &Credential) -> Result<pb::SignInResponse, Fault> {
    let mut tx = service.db.write("open_session").await?;
    store::credential::forgive(&mut tx, name).await?;
    let user = store::user::find(&mut tx, credential.user_id, service.today()).await?;
    let user = user.ok_or_else(|| Error::Inconsistent("a password without its person".to_owned()))?;
    let client = Call::current().client;
    let (token, session) = open_session(service, &mut tx, user, Opening::Password, &client).await?;
    tx.commit().await?;
    Ok(pb::SignInResponse { token, session: Some(shape::session(&session)) })
}

/// Counts the failure, also under a name that nobody has; only names that nobody can have are not kept.
async fn fail(service: &Directory, name: &str) -> Result<Fault, Fault> {
    if sign_in_name(name).is_ok() {
        let mut tx = service.db.write("fail_sign_in").await?;
        store::credential::fail(&mut tx, name, service.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(faults::wrong_credentials())
}
