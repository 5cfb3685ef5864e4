use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind, Seek, SeekFrom, Write},
    ops::Range,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use tokio::{io::AsyncReadExt, runtime::Handle, task::spawn_blocking};
use tokio_util::io::ReaderStream;

use crate::{BlobError, Body, Digest};

/// Bytes written and read at a time: 256 KiB.
pub(crate) const BLOCK: usize = 256 * 1024;

/// A directory with bodies.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: Arc<Path>,
}

impl Folder {
    pub(crate) async fn open(root: PathBuf) -> Result<Self, BlobError> {
        let root: Arc<Path> = root.into();
        let folder = Self { root: Arc::clone(&root) };
        blocking(move || {
            make_durably(&root)?;
            for name in ["incoming", "sha256"] {
                make(&root.join(name))?;
            }
            sync(&root)?;
            remove_abandoned(&root.join("incoming"))
        })
        .await?;
        Ok(folder)
    }

    pub(crate) async fn create(&self) -> Result<Writer, BlobError> {
        let incoming = self.root.join("incoming");
        let part = blocking(move || Part::create(&incoming)).await?;
        Ok(Writer { root: Arc::clone(&self.root), part: Arc::new(part) })
    }

    pub(crate) async fn size(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        match tokio::fs::metadata(self.path(digest)).await {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn read(&self, digest: &Digest, range: Range<u64>) -> Result<Body, BlobError> {
        let path = self.path(digest);
        let file = blocking(move || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(range.start))?;
            Ok(file)
        })
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => BlobError::Missing(*digest),
            _ => error.into(),
        })?;
        let file = tokio::fs::File::from_std(file).take(range.end - range.start);
        Ok(ReaderStream::with_capacity(file, BLOCK).map_err(BlobError::from).boxed())
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let mut path = self.root.join("sha256");
        path.extend(digest.steps());
        path
    }
}

/// Writes one body.
pub(crate) struct Writer {
    root: Arc<Path>,
    part: Arc<Part>,
}

impl Writer {
    pub(crate) async fn append(&self, block: Bytes) -> Result<(), BlobError> {
        let part = Arc::clone(&self.part);
        Ok(blocking(move || (&part.file).write_all(&block)).await?)
    }

    /// Writes the last block and gives the body its name. Runs to its end even if nobody waits for it any more.
    pub(crate) async fn finish(self, last: Bytes, digest: &Digest) -> Result<(), BlobError> {
        let (root, steps) = (self.root.join("sha256"), digest.steps());
        let finishing = blocking(move || {
            (&self.part.file).write_all(&last)?;
            self.part.publish(root, steps)
        });
        Ok(finishing.await?)
    }

    pub(crate) async fn abort(self) {
        if let Err(error) = blocking(move || self.part.remove()).await {
            tracing::warn!(%error, "an unfinished body was not removed");
        }
    }
}

/// A file that has no name yet; removed when it is dropped before it has got one.
struct Part {
    file: File,
    path: PathBuf,
    /// Nothing is at the path any more: it was published or removed.
    gone: AtomicBool,
}

impl Part {
    /// A new file, locked for as long as it is open: so that it can be told from one whose writer died.
    fn create(incoming: &Path) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = incoming.join(name);
            let file = match File::create_new(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue, // a process of another container
                file => file?,
            };
            file.lock()?;
            // Somebody may have taken it for abandoned just before it was locked.
            if fs::exists(&path)? {
                return Ok(Self { file, path, gone: AtomicBool::new(false) });
            }
        }
    }

    fn publish(&self, root: PathBuf, [outer, inner, name]: [String; 3]) -> io::Result<()> {
        self.file.sync_all()?;
        let outer = root.join(outer);
        let inner = outer.join(inner);
        make(&outer)?;
        make(&inner)?;
        fs::rename(&self.path, inner.join(name))?;
        self.gone.store(true, Ordering::Relaxed);
        [inner, outer, root].iter().try_for_each(|folder| sync(folder))
    }

    fn remove(&self) -> io::Result<()> {
        if self.gone.swap(true, Ordering::Relaxed) { Ok(()) } else { fs::remove_file(&self.path) }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.gone.load(Ordering::Relaxed) {
            return;
        }
        let path = std::mem::take(&mut self.path);
        let remove = move || {
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!(path = %path.display(), %error, "an unfinished body was not removed");
            }
        };
        // Giving back the blocks of a long file takes its time.
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(remove)),
            Err(_) => remove(),
        }
    }
}

/// Removes the files that no writer holds any more.
fn remove_abandoned(incoming: &Path) -> io::Result<()> {
    for entry in fs::read_dir(incoming)? {
        let entry = entry?;
        if !entry.file_type()?.is_file() {
            continue;
        }
        let file = match File::open(entry.path()) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue, // finished just now
            file => file?,
        };
        match file.try_lock() {
            Ok(()) => {
                fs::remove_file(entry.path())?;
                tracing::info!(path = %entry.path().display(), "removed a body that was never finished");
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(())
}

/// Makes a folder and those above it, each known to the one above also after a power failure.
fn make_durably(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = match folder.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    make_durably(parent)?;
    make(folder)?;
    sync(parent)
}

fn make(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
