//! Passwords to hashes and back to yes or no: argon2id, off the async threads, a few at a time.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version, password_hash,
};
use base::Ids;
use directory_domain::Password;
use kit::Fault;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many hashes are computed at once; each takes 19 MiB.
const AT_ONCE: usize = 4;

/// Memory in KiB, passes and lanes (OWASP's first choice for argon2id).
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// The most that a hash from another system may cost to verify: memory in KiB, passes and lanes.
const COST_LIMIT: (u32, u32, u32) = (65_536, 10, 4);

/// Bytes of salt that we make, and the fewest bytes of hash that we take.
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 16;

/// Stands in for the hash of a person who is not there, so that the answer takes as long. No password leads to it.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and verifies passwords.
#[derive(Clone)]
pub(crate) struct Hashing {
    gate: Arc<Semaphore>,
    ids: Ids,
}

/// The right to compute one hash.
pub(crate) struct Turn(OwnedSemaphorePermit);

impl Hashing {
    pub(crate) fn new(ids: Ids) -> Self {
        Self { gate: Arc::new(Semaphore::new(AT_ONCE)), ids }
    }

    /// Waits until a hash may be computed.
    pub(crate) async fn turn(&self) -> Turn {
        Turn(self.gate.clone().acquire_owned().await.expect("the semaphore is never closed"))
    }

    /// The hash of a new password, as a PHC string.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, Fault> {
        let turn = self.turn().await;
        let salt = self.salt();
        blocking(turn, move || {
            let (memory, passes, lanes) = COST;
            let params = Params::new(memory, passes, lanes, None).map_err(Fault::internal)?;
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let hash = argon2.hash_password_with_salt(password.as_bytes(), &salt).map_err(Fault::internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password leads to the hash; never without one, but after the same time.
    pub(crate) async fn verify(
        &self,
        turn: Turn,
        password: Password,
        hash: Option<String>,
    ) -> Result<bool, Fault> {
        blocking(turn, move || {
            let hash = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).map_err(Fault::internal)?;
            match Argon2::default().verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(Fault::internal(error)),
            }
        })
        .await
    }

    fn salt(&self) -> [u8; SALT_BYTES] {
        let digits = self.ids.secret();
        std::array::from_fn(|at| {
            u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).expect("a secret is 64 hexadecimal digits")
        })
    }
}

/// Computes where it may take its time. The turn goes along: a caller who gives up does not free the memory sooner.
async fn blocking<T: Send + 'static>(
    turn: Turn,
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let done = tokio::task::spawn_blocking(move || {
        let Turn(_permit) = turn;
        work()
    });
    done.await.map_err(Fault::internal)?
}

/// Whether the text is an argon2id hash that can be verified at a bearable cost.
pub(crate) fn is_argon2id(text: &str) -> bool {
    let Ok(hash) = PasswordHash::new(text) else { return false };
    let Ok(params) = Params::try_from(&hash) else { return false };
    let (memory, passes, lanes) = COST_LIMIT;
    hash.algorithm.as_str() == "argon2id"
        && hash.version == Some(Version::V0x13.into())
        && hash.salt.is_some()
        && hash.hash.is_some_and(|hash| hash.len() >= HASH_BYTES)
        && params.m_cost() <= memory
        && params.t_cost() <= passes
        && params.p_cost() <= lanes
}

#[cfg(test)]
mod tests {
    use base::{ManualClock, SystemRandom};

    use super::*;

    fn hashing() -> Hashing {
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        Hashing::new(Ids::new(Arc::new(clock), Arc::new(SystemRandom)))
    }

    #[tokio::test]
    async fn only_the_password_leads_to_its_hash() {
        let hashing = hashing();
        let hash = hashing.hash(Password::typed("mật khẩu dài")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(is_argon2id(&hash));
        assert_ne!(hash, hashing.hash(Password::typed("mật khẩu dài")).await.unwrap(), "salted");
        for (password, right) in [("mật khẩu dài", true), ("mật khẩu dai", false), ("", false)] {
            let turn = hashing.turn().await;
            let verified = hashing.verify(turn, Password::typed(password), Some(hash.clone())).await;
            assert_eq!(verified.unwrap(), right, "{password}");
        }
        let turn = hashing.turn().await;
        assert!(!hashing.verify(turn, Password::typed("mật khẩu dài"), None).await.unwrap(), "nobody");
    }

    #[test]
    fn hashes_of_other_systems_are_looked_at_first() {
        let salt_and_hash = "AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        assert!(is_argon2id(NOBODY), "what stands in for nobody is as good as any");
        for wrong in [
            String::new(),
            "matkhau".to_owned(),
            "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW".to_owned(),
            format!("$argon2i$v=19$m=19456,t=2,p=1${salt_and_hash}"),
            format!("$argon2id$v=16$m=19456,t=2,p=1${salt_and_hash}"),
            format!("$argon2id$v=19$m=4194304,t=2,p=1${salt_and_hash}"),
            format!("$argon2id$v=19$m=19456,t=4000,p=1${salt_and_hash}"),
            "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        ] {
            assert!(!is_argon2id(&wrong), "{wrong}");
        }
    }
}
