use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use jsonwebtoken::DecodingKey;

use super::keys::{KeyError, key_id};

/// Ending of the files in a trust folder.
const ENDING: &str = ".pub.pem";

/// A public key and whose it is.
#[derive(Clone)]
pub(super) struct TrustedKey {
    pub(super) issuer: String,
    key: DecodingKey,
}

impl TrustedKey {
    pub(super) fn key(&self) -> &DecodingKey {
        &self.key
    }
}

/// The public keys of a trust folder by their ids, and what is wrong with the files that hold none.
pub(super) struct Trust {
    pub(super) keys: HashMap<String, TrustedKey>,
    pub(super) wrong: Vec<KeyError>,
}

impl Trust {
    /// Reads a folder. One that is gone holds no keys; one that cannot be read is an error.
    pub(super) fn read(folder: &Path) -> Result<Self, KeyError> {
        let mut trust = Self { keys: HashMap::new(), wrong: Vec::new() };
        for (issuer, path) in files(folder)? {
            match read_key(&path) {
                Ok((id, key)) => {
                    trust.keys.insert(id, TrustedKey { issuer, key });
                }
                // Removed after it was listed: not there any more, and nothing is wrong with that.
                Err(KeyError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                Err(error) => trust.wrong.push(error),
            }
        }
        Ok(trust)
    }
}

/// The files with public keys, each with the issuer that its name gives.
pub(super) fn files(folder: &Path) -> Result<Vec<(String, PathBuf)>, KeyError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(KeyError::at(folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(KeyError::at(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let issuer = name.strip_suffix(ENDING).and_then(|name| name.split('.').next());
        if let Some(issuer) = issuer.map(str::to_owned) {
            found.push((issuer, path));
        }
    }
    Ok(found)
}

/// The key of a file, with its id.
pub(super) fn read_key(path: &Path) -> Result<(String, DecodingKey), KeyError> {
    let text = fs::read_to_string(path).map_err(KeyError::at(path))?;
    let wrong = || KeyError::NotAKey(path.display().to_string());
    let der = pem::parse(&text).map_err(|_| wrong())?;
    let public = der.contents().last_chunk::<32>().ok_or_else(wrong)?;
    let key = DecodingKey::from_ed_pem(text.as_bytes()).map_err(|_| wrong())?;
    Ok((key_id(public), key))
}
