use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, RwLock},
};

use base::{Clock, Timestamp};
use jsonwebtoken::{Algorithm, Validation};

use super::{
    Caller, GATEWAY, KeyError, LEEWAY_SECONDS, LIFE_SECONDS,
    signer::{AUDIENCE, Claims},
    trust::{Trust, TrustedKey},
};

/// Verifies claims with the public keys of a folder: `ISSUER.pub.pem`, or `ISSUER.ANYTHING.pub.pem` for a further key.
///
/// A key that comes or goes counts without a restart: [`super::KeyWatch`] reads the folder every second, and a claim with an
/// unknown key makes it be read at once, though at most once a second.
#[derive(Clone)]
pub struct Verifier {
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    keys: Arc<RwLock<HashMap<String, TrustedKey>>>,
    /// When the folder was read last. Held while it is read: whoever needs an unknown key waits for it, nobody else does.
    read_at: Arc<Mutex<Timestamp>>,
}

impl Verifier {
    /// Reads the public keys of `folder`; each file with this ending must hold one.
    pub fn read(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, KeyError> {
        std::fs::metadata(folder).map_err(KeyError::at(folder))?;
        let trust = Trust::read(folder)?;
        if let Some(wrong) = trust.wrong.into_iter().next() {
            return Err(wrong);
        }
        let read_at = Arc::new(Mutex::new(clock.now()));
        Ok(Self { clock, folder: folder.to_owned(), keys: Arc::new(RwLock::new(trust.keys)), read_at })
    }

    /// The caller that a claim speaks for; none if it is forged, expired, made for longer than a minute, or oversteps its issuer.
    pub fn verify(&self, claim: &str) -> Option<Caller> {
        let header = jsonwebtoken::decode_header(claim).ok()?;
        let trusted = self.key(&header.kid?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&trusted.issuer]);
        validation.validate_exp = false; // by our own clock, below
        let claims = jsonwebtoken::decode::<Claims>(claim, trusted.key(), &validation).ok()?.claims;
        let now = self.clock.now().as_second();
        let live = claims.iat <= now + LEEWAY_SECONDS && now < claims.exp + LEEWAY_SECONDS;
        let short = claims.exp - claims.iat <= LIFE_SECONDS;
        let entitled = claims.person.is_none() || trusted.issuer == GATEWAY;
        (live && short && entitled).then_some(Caller { issuer: trusted.issuer, person: claims.person })
    }

    /// Takes the keys that the folder holds now. A file that holds no key, perhaps because it is being written, counts for
    /// nothing; while the folder cannot be read, the keys before are kept. Touches the disk: see [`super::KeyWatch`].
    pub fn look_again(&self) {
        let mut read_at = self.read_at.lock().expect("no code panics while it holds this");
        self.read_folder(&mut read_at);
    }

    fn key(&self, id: &str) -> Option<TrustedKey> {
        if let Some(key) = self.known(id) {
            return Some(key);
        }
        let mut read_at = self.read_at.lock().expect("no code panics while it holds this");
        if self.clock.now().duration_since(*read_at).as_secs() >= 1 {
            self.read_folder(&mut read_at);
        }
        self.known(id)
    }

    fn known(&self, id: &str) -> Option<TrustedKey> {
        self.keys.read().expect("no code panics while it holds this").get(id).cloned()
    }

    fn read_folder(&self, read_at: &mut Timestamp) {
        *read_at = self.clock.now();
        match Trust::read(&self.folder) {
            Ok(trust) => {
                for error in trust.wrong {
                    tracing::warn!(%error, "a trusted key cannot be read");
                }
                *self.keys.write().expect("no code panics while it holds this") = trust.keys;
            }
            Err(error) => tracing::warn!(%error, "the trusted keys cannot be read again"),
        }
    }
}

#[cfg(test)]
mod tests {
    use base::{ManualClock, Uuid};
    use jiff::SignedDuration;

    use super::{
        super::{Person, Signer, generate},
        *,
    };

    fn person() -> Person {
        Person {
            user_id: Uuid::from_u128(1),
            full_name: "Lò Thị Mai".to_owned(),
            session_id: Uuid::from_u128(2),
            appointments: Vec::new(),
            scopes: None,
        }
    }

    fn set_up() -> (tempfile::TempDir, ManualClock, Verifier) {
        let folder = tempfile::tempdir().unwrap();
        generate("gateway", folder.path()).unwrap();
        generate("documents", folder.path()).unwrap();
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        let verifier = Verifier::read(&folder.path().join("trust"), Arc::new(clock.clone())).unwrap();
        (folder, clock, verifier)
    }

    #[test]
    fn a_claim_is_good_for_a_minute_and_only_as_it_was_signed() {
        let (folder, clock, verifier) = set_up();
        let signer = Signer::read("gateway", &folder.path().join("gateway.key.pem")).unwrap();
        let claim = signer.sign(Some(person()), clock.now());
        let caller = verifier.verify(&claim).unwrap();
        assert_eq!((caller.issuer.as_str(), caller.person), ("gateway", Some(person())));

        let (start, signature) = claim.rsplit_once('.').unwrap();
        let forged = format!("{start}.{}", signature.chars().rev().collect::<String>());
        assert_eq!(verifier.verify(&forged), None, "forged signature");
        assert_eq!(verifier.verify("nonsense"), None);

        clock.advance(SignedDuration::from_secs(66));
        assert_eq!(verifier.verify(&claim), None, "expired");
    }

    #[test]
    fn a_claim_for_longer_than_a_minute_is_none() {
        use jsonwebtoken::{EncodingKey, Header};
        let (folder, clock, verifier) = set_up();
        let pem = std::fs::read(folder.path().join("gateway.key.pem")).unwrap();
        let key = EncodingKey::from_ed_pem(&pem).unwrap();
        let signer = Signer::read("gateway", &folder.path().join("gateway.key.pem")).unwrap();
        let kid = jsonwebtoken::decode_header(signer.sign(None, clock.now())).unwrap().kid;
        let iat = clock.now().as_second();
        for (life, believed) in [(60, true), (61, false), (31_536_000, false)] {
            let claims = Claims {
                iss: "gateway".to_owned(),
                aud: AUDIENCE.to_owned(),
                iat,
                exp: iat + life,
                person: None,
            };
            let header = Header { kid: kid.clone(), ..Header::new(Algorithm::EdDSA) };
            let claim = jsonwebtoken::encode(&header, &claims, &key).unwrap();
            assert_eq!(verifier.verify(&claim).is_some(), believed, "{life} seconds");
        }
    }

    #[test]
    fn only_the_gateway_speaks_for_people() {
        let (folder, clock, verifier) = set_up();
        let signer = Signer::read("documents", &folder.path().join("documents.key.pem")).unwrap();
        assert_eq!(verifier.verify(&signer.sign(Some(person()), clock.now())), None);
        assert!(verifier.verify(&signer.sign(None, clock.now())).unwrap().is_service());
        let posing = Signer::read("gateway", &folder.path().join("documents.key.pem")).unwrap();
        assert_eq!(verifier.verify(&posing.sign(Some(person()), clock.now())), None, "another's name");
    }

    #[test]
    fn a_new_key_takes_effect_without_restart() {
        let (folder, clock, verifier) = set_up();
        generate("notifications", folder.path()).unwrap();
        let signer = Signer::read("notifications", &folder.path().join("notifications.key.pem")).unwrap();
        let claim = signer.sign(None, clock.now());
        assert_eq!(verifier.verify(&claim), None, "the folder was read this very second");
        clock.advance(SignedDuration::from_secs(1));
        assert!(verifier.verify(&claim).is_some());
    }
}
