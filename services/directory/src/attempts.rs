//! Attempts to prove who one is. Failures are counted, so that guessing takes too long; nobody is shut out by them for long,
//! and not at all by what strangers do.

use base::Uuid;
use directory_domain::{Password, sign_in_name};
use jiff::SignedDuration;
use kit::{Fault, caller::Person};
use sql::Queries;

use crate::{
    Directory, faults,
    store::{self, credential::Credential, failure::Counter},
    token,
};

/// How long a device is known after it was last used.
pub(crate) const DEVICE_KNOWN: SignedDuration = SignedDuration::from_hours(24 * 90);

/// What was wrong, for the metric.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cause {
    Password,
    SecondFactor,
    /// It came too early and was not looked at.
    TooEarly,
}

impl Cause {
    fn count(self) {
        let cause = match self {
            Self::Password => "password",
            Self::SecondFactor => "second_factor",
            Self::TooEarly => "too_early",
        };
        metrics::counter!("congvan_sign_in_failures_total", "cause" => cause).increment(1);
    }
}

/// The device that the token stands for, if it is one from which the person of this name signed in.
pub(crate) async fn device(
    service: &Directory,
    db: &mut impl Queries,
    token: &str,
    name: &str,
) -> Result<Option<Uuid>, Fault> {
    if token.is_empty() {
        return Ok(None);
    }
    let since = service.clock.now() - DEVICE_KNOWN;
    Ok(store::device::known(db, token::hash(token), name, since).await?)
}

/// Refuses an attempt that comes too early.
pub(crate) async fn may_try(
    service: &Directory,
    db: &mut impl Queries,
    counter: &Counter,
) -> Result<(), Fault> {
    let failures = store::failure::find(db, counter).await?;
    match failures.and_then(|failures| failures.wait(service.clock.now())) {
        Some(wait) => {
            Cause::TooEarly.count();
            Err(faults::too_many_attempts(wait))
        }
        None => Ok(()),
    }
}

/// Counts a failure, also under a name that nobody has; only names that nobody can have are not kept. Gives back what to tell.
pub(crate) async fn failed(
    service: &Directory,
    counter: &Counter,
    cause: Cause,
    told: Fault,
) -> Result<Fault, Fault> {
    cause.count();
    let kept = !matches!(counter, Counter::Name(name) if sign_in_name(name).is_err());
    if kept {
        let mut tx = service.db.write("fail_sign_in").await?;
        store::failure::count(&mut tx, counter, service.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(told)
}

/// The password of somebody who is signed in and gave it once more.
pub(crate) async fn own_password(
    service: &Directory,
    person: &Person,
    given: &str,
) -> Result<Credential, Fault> {
    let counter = Counter::Session(person.session_id);
    let turn = service.hashing.turn().await;
    let mut read = service.db.read("own_password").await?;
    may_try(service, &mut read, &counter).await?;
    let credential = store::credential::of(&mut read, person.user_id).await?;
    let credential = credential.ok_or_else(faults::sign_in::no_password)?;
    drop(read);
    let hash = Some(credential.hash.clone());
    if service.hashing.verify(turn, Password::typed(given), hash).await? {
        return Ok(credential);
    }
    Err(failed(service, &counter, Cause::Password, faults::sign_in::wrong_password()).await?)
}
