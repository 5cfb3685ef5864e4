use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use base::Timestamp;
use jiff::SignedDuration;

use super::{
    LEEWAY_SECONDS, LIFE_SECONDS,
    keys::{KeyError, Pair, put, remove, rename},
    replaced::Replaced,
    trust,
};

/// How long a signer may take to notice its new key, in seconds: it looks once a second, on a machine that may be busy.
const NOTICE_SECONDS: i64 = 25;

/// From the exchange of a key until no claim that it signed is good any more: 90 seconds.
const DEAD_AFTER: SignedDuration = SignedDuration::from_secs(NOTICE_SECONDS + LIFE_SECONDS + LEEWAY_SECONDS);

/// The keys of one issuer in a folder: `ISSUER.key.pem` signs, `trust/ISSUER.….pub.pem` are believed, `ISSUER.next.key.pem` is
/// about to sign.
///
/// A key is exchanged without a failed call by [`Self::prepare`], a wait until every verifier has the new public key,
/// [`Self::switch`], and [`Self::retire`] a minute and a half later. Each step is whole after a crash at any moment and may be
/// repeated; only one process at a time takes one.
pub struct KeyFolder {
    issuer: String,
    folder: PathBuf,
}

/// What retiring came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Retired {
    /// Ids of the keys that are trusted no more.
    pub keys: Vec<String>,
    /// How long to wait until the rest can be retired; none if there is no rest.
    pub wait: Option<SignedDuration>,
}

/// Makes a key pair for `issuer`: `ISSUER.key.pem` (readable by the owner only) and `trust/ISSUER.pub.pem` in `folder`.
/// A pair that is there already is kept.
pub fn generate(issuer: &str, folder: &Path) -> Result<(), KeyError> {
    KeyFolder::new(issuer, folder).generate()
}

impl KeyFolder {
    /// The keys of `issuer` in `folder`.
    pub fn new(issuer: &str, folder: &Path) -> Self {
        Self { issuer: issuer.to_owned(), folder: folder.to_owned() }
    }

    /// Makes the first pair, if there is none, and the public half that goes with the pair, if that is missing.
    pub fn generate(&self) -> Result<(), KeyError> {
        let _held = self.hold()?;
        let pair = match Pair::find(&self.signing())? {
            Some(pair) => pair,
            None => make(&self.signing())?,
        };
        self.publish(&pair, &format!("{}.pub.pem", self.issuer))
    }

    /// Makes the next pair and has its public half trusted; nothing signs with it yet.
    pub fn prepare(&self) -> Result<(), KeyError> {
        let _held = self.hold()?;
        self.current()?;
        let next = match Pair::find(&self.next())? {
            Some(next) => next,
            None => make(&self.next())?,
        };
        self.publish(&next, &format!("{}.{}.pub.pem", self.issuer, &next.id()[..16]))
    }

    /// Has the prepared pair sign from now on. The private half of the one before is gone; its public half stays trusted until
    /// [`Self::retire`].
    pub fn switch(&self, now: Timestamp) -> Result<(), KeyError> {
        let _held = self.hold()?;
        let (current, next) = (self.current()?, self.next());
        let missing = || KeyError::NotPrepared(next.display().to_string());
        let prepared = Pair::find(&next)?.ok_or_else(missing)?;
        if self.published(&prepared)?.is_empty() {
            return Err(missing());
        }
        // Written down first: a key that is replaced must not be forgotten, and one that is not is never retired.
        self.replaced()?.add(current.id(), now)?;
        rename(&next, &self.signing())
    }

    /// Stops trusting the keys that were replaced so long ago that no claim of theirs is good any more.
    pub fn retire(&self, now: Timestamp) -> Result<Retired, KeyError> {
        let _held = self.hold()?;
        let mut alive = vec![self.current()?.id()];
        alive.extend(Pair::find(&self.next())?.map(|next| next.id()));
        let mut replaced = self.replaced()?;
        let mut retired = Retired::default();
        for (id, at) in replaced.keys().filter(|(id, _)| !alive.contains(id)) {
            let left = DEAD_AFTER - now.duration_since(*at);
            if left.is_positive() {
                retired.wait = retired.wait.max(Some(left));
                continue;
            }
            for file in self.files_of(id)? {
                remove(&file)?;
            }
            retired.keys.push(id.clone());
        }
        // Struck from the list last: after a crash they are retired once more.
        replaced.keep(|id| !retired.keys.iter().any(|key| key == id))?;
        Ok(retired)
    }

    /// The pair that signs.
    fn current(&self) -> Result<Pair, KeyError> {
        let file = self.signing();
        Pair::find(&file)?.ok_or_else(|| KeyError::NoPair(file.display().to_string()))
    }

    /// Puts the public half among the trusted ones, unless it is there under whatever name.
    fn publish(&self, pair: &Pair, name: &str) -> Result<(), KeyError> {
        if self.published(pair)?.is_empty() {
            put(&self.trust().join(name), &pair.public_pem(), 0o644)
        } else {
            Ok(())
        }
    }

    fn published(&self, pair: &Pair) -> Result<Vec<PathBuf>, KeyError> {
        self.files_of(&pair.id())
    }

    /// The trusted files of this issuer that hold the key. One that holds no key at all is none of them.
    fn files_of(&self, id: &str) -> Result<Vec<PathBuf>, KeyError> {
        let files = trust::files(&self.trust())?.into_iter().filter(|(issuer, _)| *issuer == self.issuer);
        let holds = |path: &PathBuf| trust::read_key(path).is_ok_and(|(found, _)| found == id);
        Ok(files.map(|(_, path)| path).filter(holds).collect())
    }

    /// Makes the folders if they are missing, and keeps other processes from changing keys until the answer is dropped.
    fn hold(&self) -> Result<File, KeyError> {
        let trust = self.trust();
        fs::create_dir_all(&trust).map_err(KeyError::at(&trust))?;
        let folder = File::open(&self.folder).map_err(KeyError::at(&self.folder))?;
        folder.lock().map_err(KeyError::at(&self.folder))?;
        Ok(folder)
    }

    fn trust(&self) -> PathBuf {
        self.folder.join("trust")
    }

    fn signing(&self) -> PathBuf {
        self.folder.join(format!("{}.key.pem", self.issuer))
    }

    fn next(&self) -> PathBuf {
        self.folder.join(format!("{}.next.key.pem", self.issuer))
    }

    fn replaced(&self) -> Result<Replaced, KeyError> {
        Replaced::read(self.folder.join(format!("{}.replaced.txt", self.issuer)))
    }
}

/// A new pair whose private half is in this file, readable by the owner only.
fn make(file: &Path) -> Result<Pair, KeyError> {
    let pair = Pair::generate();
    put(file, &pair.private_pem(), 0o600)?;
    Ok(pair)
}
