use std::{fs, io, path::PathBuf};

use base::Timestamp;

use super::keys::{KeyError, put, remove};

/// The keys of an issuer that were replaced and are still trusted: a line each, its id and when it signed last. Only these are
/// ever retired; another key of the same issuer may be that of a replica.
pub(super) struct Replaced {
    file: PathBuf,
    keys: Vec<(String, Timestamp)>,
}

impl Replaced {
    pub(super) fn read(file: PathBuf) -> Result<Self, KeyError> {
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(KeyError::at(&file)(error)),
        };
        let line = |line: &str| {
            let (id, at) = line.split_once(' ')?;
            Some((id.to_owned(), at.trim().parse().ok()?))
        };
        let keys = text.lines().map(line).collect::<Option<_>>();
        let keys = keys.ok_or_else(|| KeyError::NotAList(file.display().to_string()))?;
        Ok(Self { file, keys })
    }

    /// Writes down that a key is replaced at this time.
    pub(super) fn add(&mut self, id: String, at: Timestamp) -> Result<(), KeyError> {
        self.keys.retain(|(known, _)| *known != id);
        self.keys.push((id, at));
        self.write()
    }

    /// The keys, each with the time at which it signed last.
    pub(super) fn keys(&self) -> impl Iterator<Item = &(String, Timestamp)> {
        self.keys.iter()
    }

    /// Keeps only these.
    pub(super) fn keep(&mut self, wanted: impl Fn(&str) -> bool) -> Result<(), KeyError> {
        let before = self.keys.len();
        self.keys.retain(|(id, _)| wanted(id));
        match (before, self.keys.len()) {
            (before, after) if before == after => Ok(()),
            (_, 0) => remove(&self.file),
            _ => self.write(),
        }
    }

    fn write(&self) -> Result<(), KeyError> {
        let lines: Vec<_> = self.keys.iter().map(|(id, at)| format!("{id} {at}")).collect();
        put(&self.file, &(lines.join("\n") + "\n"), 0o644)
    }
}
