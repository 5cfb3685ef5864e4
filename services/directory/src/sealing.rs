//! Secrets that we must read again ourselves, kept so that whoever reads the database alone cannot.

use std::{fmt, io, path::Path, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest::{SHA256, digest},
};
use base::Ids;
use zeroize::Zeroizing;

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// Bytes by which a sealed secret names its key.
const NAME_BYTES: usize = 4;

/// How secrets are sealed: the first byte of each, so that another way can be told from this one.
const FORM: u8 = 1;

/// The keys that secrets are sealed with (AES-256-GCM): the first seals, all open. A new key is put before the others.
#[derive(Clone)]
pub struct SealKeys(Arc<[(Name, LessSafeKey)]>);

type Name = [u8; NAME_BYTES];

/// The keys cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum SealKeyError {
    /// The file cannot be read or written.
    #[error("seal key {path}: {source}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("seal key {0}: each line must be 64 hexadecimal digits; see congvan keys --issuer directory")]
    NotAKey(String),
}

impl SealKeys {
    /// Reads the keys: one in each line, as 64 hexadecimal digits.
    pub fn read(file: &Path) -> Result<Self, SealKeyError> {
        let path = file.display().to_string();
        let text = std::fs::read_to_string(file)
            .map_err(|source| SealKeyError::File { path: path.clone(), source })?;
        Self::parse(&Zeroizing::new(text)).ok_or(SealKeyError::NotAKey(path))
    }

    fn parse(text: &str) -> Option<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let keys = lines.map(|line| {
            let mut bytes = Zeroizing::new([0; KEY_BYTES]);
            hex::decode_to_slice(line, bytes.as_mut_slice()).ok()?;
            let name = digest(&SHA256, bytes.as_slice()).as_ref()[..NAME_BYTES].try_into().ok()?;
            Some((name, LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes.as_slice()).ok()?)))
        });
        let keys: Arc<[_]> = keys.collect::<Option<_>>()?;
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// Makes a key in this file, readable by the owner only; one that is there already is kept.
    pub fn generate(file: &Path, ids: &Ids) -> Result<(), SealKeyError> {
        use std::{io::Write, os::unix::fs::OpenOptionsExt};
        let write = || {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
            match made {
                Ok(mut made) => {
                    made.write_all(format!("{}\n", *Zeroizing::new(ids.secret())).as_bytes())?;
                    made.sync_all()
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                Err(error) => Err(error),
            }
        };
        write().map_err(|source| SealKeyError::File { path: file.display().to_string(), source })
    }

    /// The secret, sealed; it opens only for the same owner.
    pub(crate) fn seal(&self, ids: &Ids, owner: &[u8], secret: &[u8]) -> Vec<u8> {
        let (name, key) = &self.0[0];
        let mut nonce = [0; NONCE_LEN];
        hex::decode_to_slice(&ids.secret()[..2 * NONCE_LEN], &mut nonce).expect("hexadecimal digits");
        let mut sealed = secret.to_vec();
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut sealed)
            .expect("a secret is shorter than 64 GiB");
        [&[FORM], name.as_slice(), &nonce, &sealed].concat()
    }

    /// The secret that was sealed for this owner; none if its key is gone, or if it was tampered with.
    pub(crate) fn open(&self, owner: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (form, sealed) = sealed.split_first()?;
        let (name, sealed) = sealed.split_at_checked(NAME_BYTES)?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let (_, key) = self.0.iter().find(|(known, _)| *form == FORM && known == name)?;
        let mut secret = Zeroizing::new(sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(nonce.try_into().ok()?);
        let length = key.open_in_place(nonce, Aad::from(owner), &mut secret).ok()?.len();
        secret.truncate(length);
        Some(secret)
    }
}

impl fmt::Debug for SealKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SealKeys({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use base::{ManualClock, SystemRandom};

    use super::*;

    fn ids() -> Ids {
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        Ids::new(Arc::new(clock), Arc::new(SystemRandom))
    }

    #[test]
    fn only_the_key_and_the_owner_open_what_was_sealed() {
        let ids = ids();
        let (old, new) = (ids.secret(), ids.secret());
        let keys = SealKeys::parse(&old).unwrap();
        let sealed = keys.seal(&ids, b"mai", b"secret");
        assert_ne!(sealed, keys.seal(&ids, b"mai", b"secret"), "never the same twice");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(keys.open(b"mai", &sealed).unwrap().as_slice(), b"secret");
        assert!(keys.open(b"chung", &sealed).is_none(), "not moved to another person");
        assert!(SealKeys::parse(&new).unwrap().open(b"mai", &sealed).is_none(), "not with another key");
        let both = SealKeys::parse(&format!("{new}\n{old}\n")).unwrap();
        assert_eq!(both.open(b"mai", &sealed).unwrap().as_slice(), b"secret", "after the key was changed");
        assert!(keys.open(b"mai", &both.seal(&ids, b"mai", b"secret")).is_none(), "the first key seals");
        for at in 0..sealed.len() {
            let mut tampered = sealed.clone();
            tampered[at] ^= 1;
            assert!(keys.open(b"mai", &tampered).is_none(), "byte {at}");
            assert!(keys.open(b"mai", &sealed[..at]).is_none(), "{at} bytes");
        }
        assert_eq!(format!("{both:?}"), "SealKeys(2)");
    }

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys/directory.seal.key");
        assert!(SealKeys::read(&file).is_err());
        SealKeys::generate(&file, &ids()).unwrap();
        let made = std::fs::read_to_string(&file).unwrap();
        SealKeys::generate(&file, &ids()).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), made);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        SealKeys::read(&file).unwrap();
        for wrong in ["", "abc", &made[1..], &format!("{made}nonsense")] {
            std::fs::write(&file, wrong).unwrap();
            assert!(SealKeys::read(&file).is_err(), "{wrong}");
        }
    }
}
