use base::Timestamp;
use jiff::SignedDuration;
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::{
    Trouble,
    web::{self, Web},
};

/// How long the provider's keys are believed: one that it took away counts for no longer.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// How long an unknown key does not make them be read again: whoever makes up keys does not make us ask each time.
const REST: SignedDuration = SignedDuration::from_secs(3);

/// The public keys of a provider, read when one is needed that is not known.
#[derive(Default)]
pub(super) struct Keys {
    /// Held while they are read: one asks, the others wait for the answer.
    last: Mutex<Option<(Timestamp, Vec<Jwk>)>>,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

impl Keys {
    /// The key that a token of this algorithm and key id was signed with.
    pub(super) async fn find(
        &self,
        web: &Web,
        address: &str,
        kid: Option<&str>,
        algorithm: Algorithm,
        now: Timestamp,
    ) -> Result<DecodingKey, Trouble> {
        let mut last = self.last.lock().await;
        let age = last.as_ref().map(|(at, _)| now.duration_since(*at));
        let fresh = age.is_some_and(|age| age < KEPT);
        let found = last.as_ref().filter(|_| fresh).and_then(|(_, keys)| pick(keys, kid, algorithm));
        if let Some(key) = found {
            return Ok(key);
        }
        if age.is_none_or(|age| age >= REST) {
            let keys = fetch(web, address).await?;
            let found = pick(&keys, kid, algorithm);
            *last = Some((now, keys));
            if let Some(key) = found {
                return Ok(key);
            }
        }
        Err(Trouble::Lied("the ID token is signed with a key that the provider does not have".to_owned()))
    }
}

/// The keys of the address; those of a sort that we do not know are left out.
async fn fetch(web: &Web, address: &str) -> Result<Vec<Jwk>, Trouble> {
    let set: Set = web::read("keys", web.get(address)).await?;
    Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
}

/// The one key with this id that signs by this algorithm; without an id, the only one that does.
fn pick(keys: &[Jwk], kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
    let named = |key: &&Jwk| kid.is_none() || key.common.key_id.as_deref() == kid;
    let mut fitting = keys.iter().filter(named).filter(|key| fits(key, algorithm));
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => DecodingKey::from_jwk(key).ok(),
        _ => None,
    }
}

/// Whether the key is one for signatures by this algorithm. A secret shared with everybody who can read it is none.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    use Algorithm::{ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512};
    let sort = match &key.algorithm {
        AlgorithmParameters::RSA(_) => matches!(algorithm, RS256 | RS384 | RS512 | PS256 | PS384 | PS512),
        AlgorithmParameters::EllipticCurve(_) => matches!(algorithm, ES256 | ES384),
        AlgorithmParameters::OctetKeyPair(_) => algorithm == EdDSA,
        _ => false,
    };
    let signs = matches!(&key.common.public_key_use, None | Some(PublicKeyUse::Signature));
    let meant = key.common.key_algorithm.is_none_or(|meant| meant == KeyAlgorithm::from(algorithm));
    sort && signs && meant
}
