use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Opening, Profile, User};
use kit::{
    Call, Fault, Violations,
    caller::{Caller, Person},
};
use sql::{Error, Write};

use super::{
    identity,
    oidc::{fault, provider, refused},
};
use crate::{
    Directory,
    oidc::{Account, Answer, Oidc},
    permission,
    sessions::{self, open_session},
    shape,
    store::{self, session::Session},
    token,
};

/// Longest parameter taken from a browser, in bytes.
const PARAMETER: usize = 4096;

/// Completes a sign-in at the provider.
pub(super) async fn complete(
    service: &Directory,
    caller: &Caller,
    request: pb::CompleteOidcSignInRequest,
) -> Result<pb::CompleteOidcSignInResponse, Fault> {
    permission::through_gateway(caller)?;
    check(&request)?;
    let oidc = provider(service)?;
    let now = service.clock.now();
    let mut tx = service.db.write("take_oidc_attempt").await?;
    let attempt = store::oidc_attempt::take(&mut tx, token::hash(&request.state), now).await?;
    tx.commit().await?;
    let attempt = attempt.ok_or_else(|| refused("no sign-in with this state was begun, or it is over"))?;

    let answer = Answer { code: &request.code, iss: &request.iss };
    let account = oidc.redeem(&attempt, answer, now).await.map_err(fault)?;
    let mut read = service.db.read("linked_identity").await?;
    let issuer = oidc.config.issuer.as_str();
    let linked = store::identity::by_subject(&mut read, issuer, &account.subject).await?;
    drop(read);
    let profile = match linked {
        Some(_) => Profile::default(),
        None => oidc.profile(&account, now).await.map_err(fault)?,
    };
    open(service, caller, oidc, &account, &profile).await
}

fn check(request: &pb::CompleteOidcSignInRequest) -> Result<(), Fault> {
    let mut violations = Violations::default();
    for (field, value) in [("state", &request.state), ("code", &request.code), ("iss", &request.iss)] {
        if value.is_empty() && field != "iss" {
            violations.missing(field);
        }
        if value.len() > PARAMETER {
            violations.add(
                field,
                format!("dài {} byte, tối đa {PARAMETER}", value.len()),
                format!("has {} bytes, at most {PARAMETER} are allowed", value.len()),
            );
        }
    }
    violations.check()
}

/// Opens the session of whoever the account is linked to, or is linked to now.
async fn open(
    service: &Directory,
    caller: &Caller,
    oidc: &Oidc,
    account: &Account,
    profile: &Profile,
) -> Result<pb::CompleteOidcSignInResponse, Fault> {
    let client = Call::current().client;
    let mut tx = service.db.write("complete_oidc_sign_in").await?;
    let issuer = oidc.config.issuer.as_str();
    let linked = store::identity::by_subject(&mut tx, issuer, &account.subject).await?;
    let (token, session) = match linked {
        Some(identity) => {
            let user = person(service, &mut tx, identity.person_id).await?;
            open_session(service, &mut tx, user, Opening::Oidc, &client).await?
        }
        None => {
            store::lock(&mut tx).await?;
            let user = recognise(service, &mut tx, oidc, account, profile).await?;
            let opened = open_session(service, &mut tx, user, Opening::Oidc, &client).await?;
            let caller = Caller { person: Some(acting(&opened.1)), ..caller.clone() };
            let link = (opened.1.user.id, issuer, account.subject.as_str());
            identity::record(&mut tx, service, &caller, link, oidc.config.link_by.name()).await?;
            opened
        }
    };
    let user = sessions::standing(service, &mut tx, &session.user).await?;
    tx.commit().await?;
    Ok(pb::CompleteOidcSignInResponse { token, session: Some(shape::session(&session, user)) })
}

/// The person who comes with this account for the first time.
async fn recognise(
    service: &Directory,
    tx: &mut Write,
    oidc: &Oidc,
    account: &Account,
    profile: &Profile,
) -> Result<User, Fault> {
    let issuer = oidc.config.issuer.as_str();
    if let Some(identity) = store::identity::by_subject(tx, issuer, &account.subject).await? {
        return Err(refused(&format!("the account was linked to {} this very moment", identity.person_id)));
    }
    let sought = oidc.config.link_by.sought(profile);
    let sought =
        sought.ok_or_else(|| refused("the account is linked to nobody, and nobody can be gone by"))?;
    let found = store::identity::person(tx, &sought).await?;
    let id =
        found.ok_or_else(|| refused("the directory knows nobody, or several, with what the account says"))?;
    let others = store::identity::of_person(tx, id).await?;
    if others.iter().any(|identity| identity.issuer == issuer) {
        return Err(refused(&format!("{id} is linked to another account")));
    }
    person(service, tx, id).await
}

/// A person who may sign in.
async fn person(service: &Directory, tx: &mut Write, id: Uuid) -> Result<User, Fault> {
    let user = store::user::find(tx, id, service.today()).await?;
    let user = user.ok_or_else(|| Error::Inconsistent("an identity without its person".to_owned()))?;
    if user.is_active { Ok(user) } else { Err(refused(&format!("{id} may not sign in any more"))) }
}

/// Whoever signs in, as the audit names them: it is they who link their account.
fn acting(session: &Session) -> Person {
    Person {
        user_id: session.user.id,
        full_name: session.user.full_name.clone(),
        session_id: session.id,
        appointments: Vec::new(),
        scopes: None,
    }
}
