use std::{ops::Range, path::PathBuf, sync::Arc};

use base::Ids;
use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    BlobError, Body, Digest, S3Config, Upload,
    body::{counted, verified},
    bucket::Bucket,
    folder::Folder,
};

/// Bytes up to which even a read of a part verifies the whole body: 8 MiB.
pub const ALWAYS_VERIFIED: u64 = 8 * 1024 * 1024;

/// The store for bodies. Clones are the same store.
#[derive(Clone, Debug)]
pub struct Blobs(Store);

#[derive(Clone, Debug)]
enum Store {
    Folder(Folder),
    Bucket(Arc<Bucket>),
}

impl Blobs {
    /// A store in this directory, which is made if it is not there. Removes what uploads that died have left.
    pub async fn local(folder: impl Into<PathBuf>) -> Result<Self, BlobError> {
        Ok(Self(Store::Folder(Folder::open(folder.into()).await?)))
    }

    /// A store in this bucket, which has to be there. Only the settings are checked: the first use finds out whether it answers.
    /// `ids` name what is not finished yet.
    pub fn s3(config: &S3Config, ids: Ids) -> Result<Self, BlobError> {
        Ok(Self(Store::Bucket(Arc::new(Bucket::open(config, ids)?))))
    }

    /// Begins to store a body.
    pub async fn begin(&self) -> Result<Upload, BlobError> {
        match &self.0 {
            Store::Folder(folder) => Ok(Upload::to_folder(folder.create().await?)),
            Store::Bucket(bucket) => Ok(Upload::to_bucket(bucket.create())),
        }
    }

    /// Bytes of the body, without looking at them; none if it is not there.
    pub async fn size(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        match &self.0 {
            Store::Folder(folder) => folder.size(digest).await,
            Store::Bucket(bucket) => bucket.size(digest).await,
        }
    }

    /// Reads a part of a body, verified as the table in the crate's documentation says.
    ///
    /// As with a slice, a part from the very end is empty and one that begins later is [`BlobError::OutOfRange`]; unlike
    /// there, an end beyond the end means the end, so that `0..u64::MAX` is the whole.
    pub async fn read(&self, digest: &Digest, range: Range<u64>) -> Result<Body, BlobError> {
        let size = self.size(digest).await?.ok_or(BlobError::Missing(*digest))?;
        let wanted = range.start..range.end.clamp(range.start, size.max(range.start));
        if size <= ALWAYS_VERIFIED || wanted == (0..size) {
            let whole = self.open(digest, 0..size, size).await?;
            if range.start > size {
                // A body cut short must not pass for a wrong question.
                drain(verified(whole, *digest, 0..size)).await?;
                return Err(BlobError::OutOfRange { size });
            }
            return Ok(verified(whole, *digest, wanted));
        }
        if wanted.start > size {
            return Err(BlobError::OutOfRange { size });
        }
        if wanted.is_empty() {
            return Ok(stream::empty().boxed());
        }
        let length = wanted.end - wanted.start;
        Ok(counted(self.open(digest, wanted, size).await?, *digest, length))
    }

    /// Reads the whole body and compares. [`BlobError::Missing`] if it is not there, [`BlobError::Damaged`] if it is another.
    pub async fn verify(&self, digest: &Digest) -> Result<(), BlobError> {
        drain(self.read(digest, 0..u64::MAX).await?).await
    }

    /// The bytes as they are stored; `range` lies within `size`.
    async fn open(&self, digest: &Digest, range: Range<u64>, size: u64) -> Result<Body, BlobError> {
        match &self.0 {
            Store::Folder(folder) => folder.read(digest, range).await,
            Store::Bucket(bucket) => bucket.read(digest, (range != (0..size)).then_some(range)).await,
        }
    }
}

async fn drain(mut body: Body) -> Result<(), BlobError> {
    while body.try_next().await?.is_some() {}
    Ok(())
}
