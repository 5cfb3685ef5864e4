use std::io;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use tokio::task::spawn_blocking;

use crate::{BlobError, Digest, bucket, folder};

/// A body on its way into the store. Holds one block of it in memory: 256 KiB for a directory, 8 MiB for S3.
///
/// Nothing can be read until [`Upload::finish`] has succeeded. Dropping it gives it up.
#[must_use = "a body is stored only by finish"]
pub struct Upload {
    sink: Sink,
    buffer: Vec<u8>,
    /// None while a block is being written, and ever after if that failed or was not waited for: bytes may be missing then.
    hash: Option<Sha256>,
    size: u64,
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// The name of the body.
    pub digest: Digest,
    /// Its bytes.
    pub size: u64,
}

enum Sink {
    Folder(folder::Writer),
    Bucket(bucket::Writer),
}

impl Upload {
    pub(crate) fn to_folder(writer: folder::Writer) -> Self {
        Self::to(Sink::Folder(writer))
    }

    pub(crate) fn to_bucket(writer: bucket::Writer) -> Self {
        Self::to(Sink::Bucket(writer))
    }

    fn to(sink: Sink) -> Self {
        Self { sink, buffer: Vec::new(), hash: Some(Sha256::new()), size: 0 }
    }

    /// Bytes written so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next bytes. After an error, or when the future was dropped before its end, the upload can only be given up.
    pub async fn write(&mut self, mut chunk: Bytes) -> Result<(), BlobError> {
        let block = self.sink.block();
        while !chunk.is_empty() {
            if self.buffer.len() == block {
                self.flush().await?;
            }
            let part = chunk.split_to(chunk.len().min(block - self.buffer.len()));
            self.buffer.extend_from_slice(&part);
            self.size += u64::try_from(part.len()).expect("usize fits u64");
        }
        Ok(())
    }

    /// Stores the body under its digest. When this succeeds it will be there after a power failure too. On an error it may be
    /// stored or not; storing it again does no harm.
    pub async fn finish(mut self) -> Result<Stored, BlobError> {
        let hash = self.hash.take().ok_or_else(incomplete)?;
        let last = Bytes::from(self.buffer);
        let hash = hash_block(hash, last.clone()).await?;
        let digest = Digest::from(<[u8; 32]>::from(hash.finalize()));
        match self.sink {
            Sink::Folder(writer) => writer.finish(last, &digest).await?,
            Sink::Bucket(writer) => writer.finish(last, &digest).await?,
        }
        Ok(Stored { digest, size: self.size })
    }

    /// Gives it up and waits until what was written is removed, as far as that can be done.
    pub async fn abort(self) {
        match self.sink {
            Sink::Folder(writer) => writer.abort().await,
            Sink::Bucket(writer) => writer.abort().await,
        }
    }

    /// Hashes the block and writes it, both at once.
    async fn flush(&mut self) -> Result<(), BlobError> {
        let hash = self.hash.take().ok_or_else(incomplete)?;
        let block = Bytes::from(std::mem::take(&mut self.buffer));
        let (hash, ()) = tokio::try_join!(hash_block(hash, block.clone()), self.sink.append(block))?;
        self.hash = Some(hash);
        Ok(())
    }
}

impl Sink {
    fn block(&self) -> usize {
        match self {
            Self::Folder(_) => folder::BLOCK,
            Self::Bucket(_) => bucket::BLOCK,
        }
    }

    async fn append(&mut self, block: Bytes) -> Result<(), BlobError> {
        match self {
            Self::Folder(writer) => writer.append(block).await,
            Self::Bucket(writer) => writer.append(block).await,
        }
    }
}

/// Away from the threads of the runtime: 8 MiB take milliseconds.
async fn hash_block(mut hash: Sha256, block: Bytes) -> Result<Sha256, BlobError> {
    spawn_blocking(move || {
        hash.update(&block);
        hash
    })
    .await
    .map_err(|error| io::Error::other(error).into())
}

fn incomplete() -> BlobError {
    io::Error::other("an earlier write of this upload did not succeed").into()
}
