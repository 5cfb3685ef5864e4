use base::Uuid;
use kit::Fault;
use sql::Write;
use zeroize::Zeroizing;

use crate::{Directory, faults, store, totp::Secret, words};

/// What came of the second factor that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    /// The person has no authenticator app: nothing is asked for.
    NotAsked,
    /// Nothing was given, though something is asked for.
    Nothing,
    /// What was given is wrong, or was used before.
    Wrong,
    /// A code of the app.
    Code,
    /// A recovery code, used up by this.
    RecoveryCode,
}

/// Takes the second factor of a person: no code is ever taken twice, whichever process it is given to.
pub(crate) async fn take(
    service: &Directory,
    tx: &mut Write,
    user_id: Uuid,
    given: &str,
) -> Result<Given, Fault> {
    let app = store::totp::find(tx, user_id).await?.filter(|app| app.confirmed_at.is_some());
    let Some(app) = app else { return Ok(Given::NotAsked) };
    let given: String = given.chars().filter(|letter| !letter.is_whitespace()).collect();
    let given = Zeroizing::new(given);
    if given.is_empty() {
        return Ok(Given::Nothing);
    }
    if given.len() == 6 {
        let secret = unseal(service, user_id, &app.sealed_secret)?;
        let step = secret.step(&given, service.clock.now())?;
        return Ok(match step {
            Some(step) if store::totp::take_step(tx, user_id, step).await? => Given::Code,
            _ => Given::Wrong,
        });
    }
    let used = store::totp::use_code(tx, user_id, words::hash(&given)).await?;
    Ok(if used { Given::RecoveryCode } else { Given::Wrong })
}

/// The secret of a person's app. Without the key that it was sealed with, the operators must act.
pub(crate) fn unseal(service: &Directory, user_id: Uuid, sealed: &[u8]) -> Result<Secret, Fault> {
    let keys = service.sign_in.seal_keys.as_ref().ok_or_else(faults::sign_in::no_seal_key)?;
    let opened = keys.open(user_id.as_bytes(), sealed);
    let secret = opened.and_then(|opened| Secret::from_bytes(&opened));
    secret.ok_or_else(|| {
        Fault::internal("no seal key of the settings opens the secret of an authenticator app")
    })
}
