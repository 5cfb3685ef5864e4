use std::{fmt, ops::Range, sync::Arc, time::Duration};

use base::Ids;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use object_store::{
    Error as StoreError, GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt, aws::AmazonS3,
    path::Path,
};
use tokio::{runtime::Handle, task::spawn_blocking, time::timeout};

use crate::{BlobError, Body, Digest, S3Config};

/// Bytes of one part of an upload to S3, and the longest body that goes there at once: 8 MiB.
pub const BLOCK: usize = 8 * 1024 * 1024;

/// Time to clean up after an upload that was dropped; the bucket's lifecycle rule does the rest.
const CLEANING: Duration = Duration::from_secs(10);

/// A bucket with bodies.
pub(crate) struct Bucket {
    store: AmazonS3,
    prefix: Path,
    ids: Ids,
}

impl Bucket {
    pub(crate) fn open(config: &S3Config, ids: Ids) -> Result<Self, BlobError> {
        let store = config.connect()?;
        let prefix = config.prefix().map_err(StoreError::from)?;
        Ok(Self { store, prefix, ids })
    }

    pub(crate) fn create(self: &Arc<Self>) -> Writer {
        Writer { bucket: Arc::clone(self), state: State::Nothing }
    }

    pub(crate) async fn size(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        match self.store.head(&self.key(digest)).await {
            Ok(object) => Ok(Some(object.size)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a range, or the whole if none is given.
    pub(crate) async fn read(&self, digest: &Digest, range: Option<Range<u64>>) -> Result<Body, BlobError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.store.get_opts(&self.key(digest), options).await {
            Ok(object) => Ok(object.into_stream().map_err(BlobError::from).boxed()),
            Err(StoreError::NotFound { .. }) => Err(BlobError::Missing(*digest)),
            Err(error) => Err(error.into()),
        }
    }

    fn key(&self, digest: &Digest) -> Path {
        self.prefix.clone().join("sha256").parts().chain(digest.steps().map(Into::into)).collect()
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.store, self.prefix)
    }
}

/// Writes one body.
pub(crate) struct Writer {
    bucket: Arc<Bucket>,
    state: State,
}

/// What of the upload is in the bucket and has to go again.
enum State {
    Nothing,
    Parts { key: Path, upload: Box<dyn MultipartUpload> },
    Whole { key: Path },
}

impl Writer {
    pub(crate) async fn append(&mut self, block: Bytes) -> Result<(), BlobError> {
        if let State::Nothing = self.state {
            let key = self.bucket.prefix.clone().join("incoming").join(self.bucket.ids.next().to_string());
            let upload = self.bucket.store.put_multipart(&key).await?;
            self.state = State::Parts { key, upload };
        }
        if let State::Parts { upload, .. } = &mut self.state {
            upload.put_part(block.into()).await?;
        }
        Ok(())
    }

    /// Stores the last block and gives the body its name.
    pub(crate) async fn finish(mut self, last: Bytes, digest: &Digest) -> Result<(), BlobError> {
        let name = self.bucket.key(digest);
        if let State::Nothing = self.state {
            self.bucket.store.put(&name, last.into()).await?;
            return Ok(());
        }
        self.append(last).await?;
        if let State::Parts { key, upload } = &mut self.state {
            upload.complete().await?;
            self.state = State::Whole { key: key.clone() };
        }
        if let State::Whole { key } = &self.state {
            self.bucket.store.copy(key, &name).await?;
        }
        self.abort().await;
        Ok(())
    }

    /// Removes what is in the bucket without its final name.
    pub(crate) async fn abort(mut self) {
        if let Err(error) = self.state.remove(&self.bucket).await {
            tracing::warn!(bucket = ?self.bucket, %error, "an unfinished body was not removed");
        }
        self.state = State::Nothing;
    }
}

impl State {
    async fn remove(&mut self, bucket: &Bucket) -> Result<(), StoreError> {
        match self {
            Self::Nothing => Ok(()),
            Self::Parts { upload, .. } => upload.abort().await,
            Self::Whole { key } => bucket.store.delete(key).await,
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let state = std::mem::replace(&mut self.state, State::Nothing);
        if let State::Nothing = state {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        let writer = Self { bucket: Arc::clone(&self.bucket), state };
        // Best effort, on a thread of its own for at most ten seconds. If the process ends meanwhile, the lifecycle rule does it.
        drop(spawn_blocking(move || runtime.block_on(timeout(CLEANING, writer.abort()))));
    }
}
