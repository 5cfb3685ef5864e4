use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::limits;
use kit::{Fault, Text, Violations, caller::Caller};
use serde_json::json;
use sql::{Write, answers::Once};

use super::{dates, oidc::provider};
use crate::{
    Directory, faults, permission, shape,
    store::{self, audit::Entry, identity::Identity},
};

/// Lists the accounts with which a user may sign in.
pub(super) async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListLinkedIdentitiesRequest,
) -> Result<pb::ListLinkedIdentitiesResponse, Fault> {
    let person = caller.person()?;
    let mut violations = Violations::default();
    let user_id = violations.id("userId", &request.user_id);
    if person.user_id != user_id && !caller.is_administrator() {
        return Err(Fault::not_allowed(&Text::new(
            "chính người dùng đó và quản trị hệ thống",
            "the user in question, and the administrators",
        )));
    }
    violations.check()?;
    let mut read = service.db.read("list_linked_identities").await?;
    store::user::find(&mut read, user_id, service.today()).await?.ok_or_else(|| faults::no_user(user_id))?;
    let found = store::identity::of_person(&mut read, user_id).await?;
    Ok(pb::ListLinkedIdentitiesResponse { identities: found.iter().map(shape::linked_identity).collect() })
}

/// Links an account at the provider of the settings.
pub(super) async fn link(
    service: &Directory,
    caller: &Caller,
    request: pb::LinkIdentityRequest,
) -> Result<pb::LinkIdentityResponse, Fault> {
    let caller_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("LinkIdentity", caller_id, &request.request_id, &request, &mut violations);
    let user_id = violations.id("userId", &request.user_id);
    check_subject(&request.subject, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let issuer = provider(service)?.config.issuer.as_str();
    let mut tx = service.db.write("link_identity").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    store::user::find(&mut tx, user_id, service.today()).await?.ok_or_else(|| faults::no_user(user_id))?;
    let of_account = store::identity::by_subject(&mut tx, issuer, &request.subject).await?;
    let of_user = store::identity::of_person(&mut tx, user_id).await?;
    let of_user = of_user.into_iter().find(|identity| identity.issuer == issuer);
    if let Some(taken) = of_account.or(of_user) {
        return Err(faults::oidc::identity_taken(taken.person_id));
    }
    let link = (user_id, issuer, request.subject.as_str());
    let identity = record(&mut tx, service, caller, link, &reason).await?;
    let answer = pb::LinkIdentityResponse { identity: Some(shape::linked_identity(&identity)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Unlinks an account.
pub(super) async fn unlink(
    service: &Directory,
    caller: &Caller,
    request: pb::UnlinkIdentityRequest,
) -> Result<pb::UnlinkIdentityResponse, Fault> {
    let caller_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("UnlinkIdentity", caller_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let mut tx = service.db.write("unlink_identity").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let identity = store::identity::find(&mut tx, id).await?.ok_or_else(|| faults::oidc::no_identity(id))?;
    store::identity::unlink(&mut tx, id).await?;
    let entry = Entry {
        action: "user.unlink_identity",
        subject_kind: "user",
        subject_id: identity.person_id,
        reason,
        before: Some(state(&identity)),
        after: None,
    };
    store::audit::append(&mut tx, service, caller, &[entry]).await?;
    let answer = pb::UnlinkIdentityResponse {};
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Stores a link to an account (whose, at which provider, which) and writes down who made it.
pub(super) async fn record(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    (person_id, issuer, subject): (Uuid, &str, &str),
    reason: &str,
) -> Result<Identity, Fault> {
    let identity = Identity {
        id: service.ids.next(),
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        person_id,
        linked_at: service.clock.now(),
    };
    store::identity::link(tx, &identity).await?;
    let entry = Entry {
        action: "user.link_identity",
        subject_kind: "user",
        subject_id: person_id,
        reason: reason.to_owned(),
        before: None,
        after: Some(state(&identity)),
    };
    store::audit::append(tx, service, caller, &[entry]).await?;
    Ok(identity)
}

/// A link, for the audit.
fn state(identity: &Identity) -> serde_json::Value {
    json!({ "id": identity.id.to_string(), "issuer": identity.issuer, "subject": identity.subject })
}

/// A subject is taken to the letter, so nothing is cut off or put right.
fn check_subject(subject: &str, violations: &mut Violations) {
    let limit = limits::SUBJECT;
    if subject.is_empty() {
        violations.missing("subject");
    } else if subject.len() > limit || !subject.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        violations.add(
            "subject",
            format!("phải là sub của tài khoản, tối đa {limit} ký tự ASCII"),
            format!("must be the sub of an account, at most {limit} ASCII characters"),
        );
    }
}
