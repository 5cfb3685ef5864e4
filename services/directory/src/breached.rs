//! An operator's list of stolen passwords, looked into on the disk: such lists have tens of gigabytes.

use std::{
    cmp::Ordering,
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use directory_domain::Password;
use kit::Fault;

/// Longest line, in bytes: 40 of the hash, a colon and a count need fewer.
const LINE_LIMIT: usize = 128;

/// How many lines are read to see whether the file is sorted.
const SAMPLES: u64 = 1_000;

/// Hexadecimal digits of a SHA-1.
const HASH_DIGITS: usize = 40;

/// A file with the SHA-1 of one password in each line, as hexadecimal digits, sorted; what follows a colon (how often it was
/// found) is passed over. So Have I Been Pwned hands its list out.
///
/// The file is opened anew for each look, so that a newer one may be put in its place at any time.
#[derive(Debug, Clone)]
pub struct BreachList(PathBuf);

/// The list cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("list of stolen passwords {path}: {source}")]
pub struct BreachListError {
    path: String,
    source: io::Error,
}

/// A line of the file.
struct Line {
    start: u64,
    /// Where the next one begins.
    next: u64,
    hash: Vec<u8>,
}

impl BreachList {
    /// The list in this file; fails if the file cannot be read, is empty, has something else than hashes, or is not sorted, as
    /// far as a thousand lines tell: in a list that is not, passwords would not be found.
    pub fn open(path: &Path) -> Result<Self, BreachListError> {
        let failed = |source| BreachListError { path: path.display().to_string(), source };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        is_sorted(&file, size).map_err(failed)?;
        Ok(Self(path.to_owned()))
    }

    /// Whether the password is on the list. Reads some 30 small pieces of the file; not for async threads.
    pub(crate) fn holds(&self, password: &Password) -> Result<bool, Fault> {
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
        let hash = hex::encode_upper(hash.as_ref());
        let looked = File::open(&self.0).and_then(|file| find(&file, hash.as_bytes()));
        looked
            .map_err(|source| Fault::internal(BreachListError { path: self.0.display().to_string(), source }))
    }
}

/// Reads lines all over the file, and fails if one comes before the one read before.
fn is_sorted(file: &File, size: u64) -> io::Result<()> {
    let mut last = line(file, size, 0)?.hash;
    for sample in 1..=SAMPLES {
        let byte = (size - 1) / SAMPLES * sample;
        let hash = line(file, size, byte)?.hash;
        if hash < last {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the hashes are not sorted"));
        }
        last = hash;
    }
    Ok(())
}

/// Halves the part of the file in which the line would begin, until the line or nothing is left.
fn find(file: &File, hash: &[u8]) -> io::Result<bool> {
    let size = file.metadata()?.len();
    let (mut from, mut to) = (0, size);
    while from < to {
        let line = line(file, size, from + (to - from) / 2)?;
        match line.hash.as_slice().cmp(hash) {
            Ordering::Equal => return Ok(true),
            Ordering::Less => from = line.next,
            Ordering::Greater => to = line.start,
        }
    }
    Ok(false)
}

/// The line that this byte belongs to; a line break belongs to the line that it ends.
fn line(file: &File, size: u64, byte: u64) -> io::Result<Line> {
    let begin = byte.saturating_sub(LINE_LIMIT as u64);
    let end = size.min(byte + LINE_LIMIT as u64);
    let mut piece = vec![0; usize::try_from(end - begin).expect("two lines at most")];
    file.read_exact_at(&mut piece, begin)?;
    let byte_at = usize::try_from(byte - begin).expect("one line at most");
    let (before, after) = piece.split_at(byte_at);
    let start = match before.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => at + 1,
        None if begin == 0 => 0,
        None => return Err(not_a_list(byte)),
    };
    let next = match after.iter().position(|byte| *byte == b'\n') {
        Some(at) => byte_at + at + 1,
        None if end == size => piece.len(),
        None => return Err(not_a_list(byte)),
    };
    let hash = piece[start..next].trim_ascii_end().split(|byte| *byte == b':').next().unwrap_or_default();
    if hash.len() != HASH_DIGITS || !hash.iter().all(u8::is_ascii_hexdigit) {
        return Err(not_a_list(begin + start as u64));
    }
    let (start, next) = (begin + start as u64, begin + next as u64);
    Ok(Line { start, next, hash: hash.to_ascii_uppercase() })
}

fn not_a_list(byte: u64) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("near byte {byte}: no line that begins with a SHA-1"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("breached.txt");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    proptest! {
        #[test]
        fn a_hash_is_found_if_and_only_if_it_is_in_the_file(
            hashes in proptest::collection::btree_map("[0-9A-F]{40}", proptest::option::of(0_u64..10_000_000_000), 1..60),
            others in proptest::collection::vec("[0-9A-F]{40}", 0..20),
            newline in prop_oneof![Just("\n"), Just("\r\n")],
            ends in any::<bool>(),
        ) {
            let lines = hashes.iter().map(|(hash, count)| match count {
                Some(count) => format!("{hash}:{count}"),
                None => hash.clone(),
            });
            let mut text = lines.collect::<Vec<_>>().join(newline);
            if ends {
                text.push_str(newline);
            }
            let (_folder, path) = written(&text);
            let file = File::open(&path).unwrap();
            let set: BTreeSet<&String> = hashes.keys().collect();
            for hash in hashes.keys().chain(&others) {
                prop_assert_eq!(find(&file, hash.as_bytes()).unwrap(), set.contains(hash));
            }
        }
    }

    #[test]
    fn a_password_is_looked_up_by_its_sha_1() {
        let (_folder, path) = written("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:3730471\n");
        let list = BreachList::open(&path).unwrap();
        assert!(list.holds(&Password::typed("password")).unwrap());
        assert!(!list.holds(&Password::typed("Password")).unwrap());
        std::fs::remove_file(&path).unwrap();
        assert!(
            list.holds(&Password::typed("password")).is_err(),
            "a list that is away lets nothing through"
        );
    }

    #[test]
    fn what_is_no_list_is_told_at_the_start() {
        for text in ["", "\n", "password\n", "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD:1\n", &"A".repeat(1000)]
        {
            let (_folder, path) = written(text);
            assert!(BreachList::open(&path).is_err(), "{text}");
        }
        assert!(BreachList::open(Path::new("nowhere")).is_err());
        let hash = |number: u32| {
            format!("{}:1\n", hex::encode_upper(digest(&SHA1_FOR_LEGACY_USE_ONLY, &number.to_be_bytes())))
        };
        let mut list: Vec<String> = (0..5_000).map(hash).collect();
        let (_folder, path) = written(&list.concat());
        assert!(BreachList::open(&path).is_err(), "what is not sorted finds nothing");
        list.sort_unstable();
        let (_folder, path) = written(&list.concat());
        assert!(BreachList::open(&path).is_ok());
    }
}
