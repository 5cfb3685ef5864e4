use std::path::Path;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde::{Deserialize, Serialize};

use super::{Caller, Person};

/// How long a claim is good for, in seconds.
const LIFE_SECONDS: i64 = 60;

/// SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410).
const PUBLIC_KEY_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A key cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error("key file {path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The file holds no Ed25519 key in PEM form.
    #[error("key file {0} holds no Ed25519 key in PEM form")]
    NotAKey(String),
}

/// Signs claims with the key of one process.
#[derive(Clone)]
pub struct Signer {
    issuer: String,
    key_id: String,
    key: EncodingKey,
}

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
        let path = file.display().to_string();
        let text =
            std::fs::read_to_string(file).map_err(|source| KeyError::File { path: path.clone(), source })?;
        Self::from_pem(issuer, &text).ok_or(KeyError::NotAKey(path))
    }

    /// Takes the private key of `issuer` from its PKCS#8 PEM.
    pub fn from_pem(issuer: &str, text: &str) -> Option<Self> {
        let der = pem::parse(text).ok()?;
        let pair = Ed25519KeyPair::from_pkcs8(der.contents()).ok()?;
        Some(Self {
            issuer: issuer.to_owned(),
            key_id: key_id(pair.public_key().as_ref()),
            key: EncodingKey::from_ed_der(der.contents()),
        })
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
        let header = Header { kid: Some(self.key_id.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.key).expect("an Ed25519 key signs any claim")
    }

    /// Who this signs as.
    pub fn caller(&self) -> Caller {
        Caller::service(&self.issuer)
    }
}

/// Makes a key pair for `issuer`: `ISSUER.key.pem` (readable by the owner only) and `trust/ISSUER.pub.pem` in `folder`.
/// A pair that is there already is kept.
pub fn generate(issuer: &str, folder: &Path) -> Result<(), KeyError> {
    let private = folder.join(format!("{issuer}.key.pem"));
    let trust = folder.join("trust");
    let public = trust.join(format!("{issuer}.pub.pem"));
    if private.exists() && public.exists() {
        return Ok(());
    }
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |source| KeyError::File { path, source }
    };
    std::fs::create_dir_all(&trust).map_err(failed(&trust))?;
    let pair = Ed25519KeyPair::generate().expect("the operating system gives random bytes");
    let pkcs8 = pair.to_pkcs8v1().expect("a fresh key can be written");
    let secret = pem::encode(&pem::Pem::new("PRIVATE KEY", pkcs8.as_ref()));
    let spki = [&PUBLIC_KEY_PREFIX, pair.public_key().as_ref()].concat();
    let open = pem::encode(&pem::Pem::new("PUBLIC KEY", spki));
    write_owner_only(&private, &secret).map_err(failed(&private))?;
    std::fs::write(&public, open).map_err(failed(&public))
}

fn write_owner_only(file: &Path, text: &str) -> std::io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Name of a key in token headers: the first half of the public key.
pub(super) fn key_id(public: &[u8]) -> String {
    hex::encode(&public[..public.len().min(16)])
}
