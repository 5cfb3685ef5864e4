//! Passwords to hashes and back to yes or no: argon2id, off the async threads, a few at a time.

use std::sync::{Arc, Mutex};

use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};
use aws_lc_rs::constant_time;
use base::Ids;
use directory_domain::Password;
use kit::Fault;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many hashes are computed at once; each takes 19 MiB, which are kept for the next.
const AT_ONCE: usize = 2;

/// Memory in KiB, passes and lanes (OWASP's first choice for argon2id).
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// The most that a hash from another system may cost to verify: memory in KiB, passes and lanes.
const COST_LIMIT: (u32, u32, u32) = (65_536, 10, 4);

/// Bytes of salt that we make, and the fewest bytes of hash that we take.
const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 16;

/// Bytes of hash that we make.
const OUTPUT_BYTES: usize = 32;

/// Stands in for the hash of a person who is not there, so that the answer takes as long. No password leads to it.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes and verifies passwords.
#[derive(Clone)]
pub(crate) struct Hashing {
    gate: Arc<Semaphore>,
    /// What the hashes are computed in, when it is nobody's turn. Reused: the allocator of the C library keeps such large pieces
    /// in every thread that ever freed one, and an idle process would hold on to a gigabyte.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    ids: Ids,
}

/// The right to compute one hash, and the memory for it.
pub(crate) struct Turn {
    blocks: Vec<Block>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    /// As much memory as a hash of this cost needs.
    fn blocks(&mut self, params: &Params) -> &mut [Block] {
        let count = params.block_count();
        if self.blocks.len() < count {
            self.blocks.resize(count, Block::new());
        }
        &mut self.blocks[..count]
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut blocks = std::mem::take(&mut self.blocks);
        let (own, _, _) = COST;
        blocks.truncate(own as usize); // more was needed for a hash of another system
        blocks.shrink_to_fit();
        self.memory.lock().expect("never held across a panic").push(blocks);
    }
}

impl Hashing {
    pub(crate) fn new(ids: Ids) -> Self {
        Self { gate: Arc::new(Semaphore::new(AT_ONCE)), memory: Arc::default(), ids }
    }

    /// Waits until a hash may be computed.
    pub(crate) async fn turn(&self) -> Turn {
        let permit = self.gate.clone().acquire_owned().await.expect("the semaphore is never closed");
        let blocks = self.memory.lock().expect("never held across a panic").pop().unwrap_or_default();
        Turn { blocks, memory: self.memory.clone(), _permit: permit }
    }

    /// The hash of a new password, as a PHC string.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, Fault> {
        let turn = self.turn().await;
        let salt = self.salt();
        blocking(turn, move |turn| {
            let (memory, passes, lanes) = COST;
            let params = Params::new(memory, passes, lanes, Some(OUTPUT_BYTES)).map_err(Fault::internal)?;
            let mut output = [0; OUTPUT_BYTES];
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
                .hash_password_into_with_memory(password.as_bytes(), &salt, &mut output, turn.blocks(&params))
                .map_err(Fault::internal)?;
            let hash = PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(Version::V0x13.into()),
                params: ParamsString::try_from(&params).map_err(Fault::internal)?,
                salt: Some(Salt::new(&salt).map_err(Fault::internal)?),
                hash: Some(Output::new(&output).map_err(Fault::internal)?),
            };
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
        blocking(turn, move |turn| {
            let hash = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).map_err(Fault::internal)?;
            let params = Params::try_from(&hash).map_err(Fault::internal)?;
            let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
                return Err(Fault::internal("a hash without salt or output"));
            };
            let mut output = vec![0; expected.len()];
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
                .hash_password_into_with_memory(password.as_bytes(), salt, &mut output, turn.blocks(&params))
                .map_err(Fault::internal)?;
            Ok(constant_time::verify_slices_are_equal(&output, expected.as_ref()).is_ok())
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
    work: impl FnOnce(&mut Turn) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let mut turn = turn;
    let done = tokio::task::spawn_blocking(move || work(&mut turn));
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
