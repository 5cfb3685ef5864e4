use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use base::{Clock, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use super::{
    Caller, GATEWAY, KeyError,
    keys::{AUDIENCE, Claims, key_id},
};

/// How far the clocks of two machines may be apart, in seconds.
const LEEWAY_SECONDS: i64 = 5;

/// Verifies claims with the public keys of a folder: `ISSUER.pub.pem`, or `ISSUER.2.pub.pem` for a further key.
///
/// A claim with an unknown key makes it read the folder again, at most once a second: a new key takes effect without a restart.
#[derive(Clone)]
pub struct Verifier {
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    known: Arc<Mutex<Known>>,
}

struct Known {
    keys: HashMap<String, TrustedKey>,
    read_at: Timestamp,
}

#[derive(Clone)]
struct TrustedKey {
    issuer: String,
    key: DecodingKey,
}

impl Verifier {
    /// Reads the public keys of `folder`.
    pub fn read(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, KeyError> {
        let known = Known { keys: read_folder(folder)?, read_at: clock.now() };
        Ok(Self { clock, folder: folder.to_owned(), known: Arc::new(Mutex::new(known)) })
    }

    /// The caller that a claim speaks for; none if it is forged, expired, or oversteps its issuer.
    pub fn verify(&self, claim: &str) -> Option<Caller> {
        let header = jsonwebtoken::decode_header(claim).ok()?;
        let trusted = self.key(&header.kid?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[&trusted.issuer]);
        validation.validate_exp = false; // by our own clock, below
        let claims = jsonwebtoken::decode::<Claims>(claim, &trusted.key, &validation).ok()?.claims;
        let now = self.clock.now().as_second();
        let live = claims.iat <= now + LEEWAY_SECONDS && now < claims.exp + LEEWAY_SECONDS;
        let entitled = claims.person.is_none() || trusted.issuer == GATEWAY;
        (live && entitled).then_some(Caller { issuer: trusted.issuer, person: claims.person })
    }

    fn key(&self, id: &str) -> Option<TrustedKey> {
        let mut known = self.known.lock().expect("no code panics while it holds this");
        if let Some(key) = known.keys.get(id) {
            return Some(key.clone());
        }
        let now = self.clock.now();
        if now.duration_since(known.read_at).as_secs() >= 1 {
            known.read_at = now;
            match read_folder(&self.folder) {
                Ok(keys) => known.keys = keys,
                Err(error) => tracing::warn!(%error, "the trusted keys cannot be read again"),
            }
        }
        known.keys.get(id).cloned()
    }
}

fn read_folder(folder: &Path) -> Result<HashMap<String, TrustedKey>, KeyError> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |source| KeyError::File { path, source }
    };
    let mut keys = HashMap::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(issuer) = name.strip_suffix(".pub.pem").and_then(|name| name.split('.').next()) else {
            continue;
        };
        let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
        let wrong = || KeyError::NotAKey(path.display().to_string());
        let der = pem::parse(&text).map_err(|_| wrong())?;
        let public = der.contents().last_chunk::<32>().ok_or_else(wrong)?;
        let key = DecodingKey::from_ed_pem(text.as_bytes()).map_err(|_| wrong())?;
        keys.insert(key_id(public), TrustedKey { issuer: issuer.to_owned(), key });
    }
    Ok(keys)
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
