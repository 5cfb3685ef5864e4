//! Judging the passwords that people choose.

use directory_domain::{Flaw, Owner, Password, User};
use kit::{Fault, Violations};

use crate::{Directory, flaws::note};

/// A password chosen by or for this person; nothing, with every flaw noted, if it has any.
pub(crate) async fn chosen(
    service: &Directory,
    field: &str,
    text: &str,
    user: &User,
    violations: &mut Violations,
) -> Result<Option<Password>, Fault> {
    let Some(password) = note(violations, field, Password::chosen(text).map(Some)) else { return Ok(None) };
    let (sign_in_name, full_name) = (user.sign_in_name.clone(), user.full_name.clone());
    let breached = service.sign_in.breached.clone();
    // Some milliseconds of computing, and the disk.
    let judged = tokio::task::spawn_blocking(move || {
        let mut flaws = password.flaws(Owner { sign_in_name: &sign_in_name, full_name: &full_name });
        if let Some(list) = breached
            && list.holds(&password)?
        {
            flaws.push(Flaw::Stolen);
        }
        Ok::<_, Fault>((password, flaws))
    });
    let (password, flaws) = judged.await.map_err(Fault::internal)??;
    for flaw in &flaws {
        note(violations, field, Err::<(), _>(*flaw));
    }
    Ok(flaws.is_empty().then_some(password))
}

/// Whether the password leads to one of these hashes. Waits its turn for each, so that others sign in between.
pub(crate) async fn is_among(
    service: &Directory,
    password: &Password,
    hashes: Vec<String>,
) -> Result<bool, Fault> {
    for hash in hashes {
        let turn = service.hashing.turn().await;
        if service.hashing.verify(turn, password.clone(), Some(hash)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}
