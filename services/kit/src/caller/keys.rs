use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

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
        source: io::Error,
    },
    /// The file holds no Ed25519 key in PEM form.
    #[error("key file {0} holds no Ed25519 key in PEM form")]
    NotAKey(String),
    /// The list of replaced keys cannot be understood.
    #[error(
        "{0}: a line is not a key and the time at which it was replaced; put it right or remove the line"
    )]
    NotAList(String),
    /// There is no pair that could be replaced.
    #[error("{0} is missing: make the first pair without --rotate")]
    NoPair(String),
    /// No next pair was prepared.
    #[error("{0} is missing: the next pair was not prepared")]
    NotPrepared(String),
}

impl KeyError {
    /// The same error with the file that it came from.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self::File { path, source }
    }
}

/// A key pair, as it is kept: the private half in PKCS#8.
pub(super) struct Pair {
    pub(super) pkcs8: Vec<u8>,
    pub(super) public: Vec<u8>,
}

impl Pair {
    /// A new pair.
    pub(super) fn generate() -> Self {
        let pair = Ed25519KeyPair::generate().expect("the operating system gives random bytes");
        let pkcs8 = pair.to_pkcs8v1().expect("a fresh key can be written");
        Self { pkcs8: pkcs8.as_ref().to_vec(), public: pair.public_key().as_ref().to_vec() }
    }

    /// Takes a pair from the PEM of its private half.
    pub(super) fn from_pem(text: &str) -> Option<Self> {
        let pkcs8 = pem::parse(text).ok()?.into_contents();
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).ok()?;
        Some(Self { public: pair.public_key().as_ref().to_vec(), pkcs8 })
    }

    /// Reads a pair from the file of its private half; none if there is no file.
    pub(super) fn find(file: &Path) -> Result<Option<Self>, KeyError> {
        match fs::read_to_string(file) {
            Ok(text) => {
                Self::from_pem(&text).map(Some).ok_or_else(|| KeyError::NotAKey(file.display().to_string()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(KeyError::at(file)(error)),
        }
    }

    /// The name of its key in the headers of claims.
    pub(super) fn id(&self) -> String {
        key_id(&self.public)
    }

    /// The PEM of the private half. A secret.
    pub(super) fn private_pem(&self) -> String {
        pem::encode(&pem::Pem::new("PRIVATE KEY", self.pkcs8.as_slice()))
    }

    /// The PEM of the public half.
    pub(super) fn public_pem(&self) -> String {
        pem::encode(&pem::Pem::new("PUBLIC KEY", [&PUBLIC_KEY_PREFIX, self.public.as_slice()].concat()))
    }
}

/// Name of a key in token headers: the first half of the public key.
pub(super) fn key_id(public: &[u8]) -> String {
    hex::encode(&public[..public.len().min(16)])
}

/// Puts a text into a file, whole or not at all, and on the disk before this returns.
pub(super) fn put(file: &Path, text: &str, mode: u32) -> Result<(), KeyError> {
    let fresh = beside(file);
    let written = || -> io::Result<()> {
        let mut open = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&fresh)?;
        open.write_all(text.as_bytes())?;
        open.sync_all()
    };
    written().map_err(KeyError::at(&fresh))?;
    rename(&fresh, file)
}

/// Gives a file another name in its folder, on the disk before this returns.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), KeyError> {
    fs::rename(from, to).map_err(KeyError::at(to))?;
    sync_folder(to)
}

/// Removes a file, on the disk before this returns.
pub(super) fn remove(file: &Path) -> Result<(), KeyError> {
    fs::remove_file(file).map_err(KeyError::at(file))?;
    sync_folder(file)
}

fn sync_folder(file: &Path) -> Result<(), KeyError> {
    let folder = file.parent().unwrap_or(file);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(KeyError::at(folder))
}

/// Where a file is written before it bears its name; no ending by which anybody would take it for a key.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    file.with_file_name(name)
}
