use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
};

use base::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};

use super::{
    Caller, LIFE_SECONDS, Person,
    keys::{KeyError, Pair},
};

/// Signs claims with the key of one process. Clones sign with the same key, also after it was exchanged.
#[derive(Clone)]
pub struct Signer {
    issuer: String,
    key: Arc<RwLock<Arc<Key>>>,
    file: Option<PathBuf>,
}

/// The key that signs now.
struct Key {
    id: String,
    secret: EncodingKey,
    /// The file as it was when the key was read.
    seen: Option<Seen>,
}

/// What tells one state of a file from another: inode, size, and when it was written, to the nanosecond.
type Seen = (u64, u64, i64, i64);

/// What stands in a claim (a JSON Web Token signed with EdDSA).
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) person: Option<Person>,
}

/// The audience of every claim: a token made for something else is none.
pub(super) const AUDIENCE: &str = "congvan";

impl Signer {
    /// Reads the private key of `issuer` (PKCS#8 PEM).
    pub fn read(issuer: &str, file: &Path) -> Result<Self, KeyError> {
        let key = Arc::new(RwLock::new(Arc::new(Key::read(file)?)));
        Ok(Self { issuer: issuer.to_owned(), key, file: Some(file.to_owned()) })
    }

    /// Takes the private key of `issuer` from its PKCS#8 PEM.
    pub fn from_pem(issuer: &str, text: &str) -> Option<Self> {
        let key = Arc::new(RwLock::new(Arc::new(Key::from_pem(text, None)?)));
        Some(Self { issuer: issuer.to_owned(), key, file: None })
    }

    /// A claim for the person, or for the process itself, good for one minute from `now`.
    pub fn sign(&self, person: Option<Person>, now: Timestamp) -> String {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            iat: now.as_second(),
            exp: now.as_second() + LIFE_SECONDS,
            person,
        };
        let key = self.key();
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &key.secret).expect("an Ed25519 key signs any claim")
    }

    /// Who this signs as.
    pub fn caller(&self) -> Caller {
        Caller::service(&self.issuer)
    }

    /// Takes the key that the file holds now, if it is another; whether it was. What cannot be read, or is no key because it is
    /// being written at this moment, changes nothing. Touches the disk: see [`super::KeyWatch`].
    pub fn look_again(&self) -> Result<bool, KeyError> {
        let Some(file) = &self.file else { return Ok(false) };
        let before = self.key();
        if before.seen == Some(see(file).map_err(KeyError::at(file))?) {
            return Ok(false);
        }
        let key = Key::read(file)?;
        let changed = key.id != before.id;
        *self.key.write().expect("no code panics while it holds this") = Arc::new(key);
        Ok(changed)
    }

    fn key(&self) -> Arc<Key> {
        self.key.read().expect("no code panics while it holds this").clone()
    }
}

impl Key {
    fn read(file: &Path) -> Result<Self, KeyError> {
        // Seen first: what is written after it is noticed the next time.
        let seen = see(file).map_err(KeyError::at(file))?;
        let text = fs::read_to_string(file).map_err(KeyError::at(file))?;
        Self::from_pem(&text, Some(seen)).ok_or_else(|| KeyError::NotAKey(file.display().to_string()))
    }

    fn from_pem(text: &str, seen: Option<Seen>) -> Option<Self> {
        let pair = Pair::from_pem(text)?;
        Some(Self { id: pair.id(), secret: EncodingKey::from_ed_der(&pair.pkcs8), seen })
    }
}

fn see(file: &Path) -> io::Result<Seen> {
    let found = fs::metadata(file)?;
    Ok((found.ino(), found.size(), found.mtime(), found.mtime_nsec()))
}
