//! A store of either kind whose files the test can see and touch.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use base::{Ids, Random, SeededRandom, SystemClock, SystemRandom};
use blobs::{BlobError, Blobs, Body, Digest, S3Config, Stored};
use bytes::Bytes;
use futures::TryStreamExt;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinSet};

pub(crate) const MIB: usize = 1024 * 1024;

pub(crate) struct Place {
    pub(crate) blobs: Blobs,
    /// Below it lie `sha256` and `incoming`, whichever the kind.
    pub(crate) root: PathBuf,
    /// All that the store keeps, the leftovers of parts too.
    everything: TempDir,
    _server: JoinSet<()>,
}

impl Place {
    pub(crate) async fn local() -> Self {
        let everything = tempfile::tempdir().unwrap();
        let root = everything.path().join("made/for/bodies");
        let blobs = Blobs::local(&root).await.unwrap();
        Self { blobs, root, everything, _server: JoinSet::new() }
    }

    pub(crate) async fn s3() -> Self {
        let everything = tempfile::tempdir().unwrap();
        let root = everything.path().join("bodies/of/tests");
        fs::create_dir(everything.path().join("bodies")).unwrap();
        let (endpoint, server) = serve(everything.path()).await;
        let blobs = Blobs::s3(&config(endpoint), ids()).unwrap();
        Self { blobs, root, everything, _server: server }
    }

    pub(crate) async fn store(&self, bytes: &[u8]) -> Stored {
        store(&self.blobs, bytes).await.unwrap()
    }

    pub(crate) async fn read(&self, digest: &Digest) -> Result<Vec<u8>, BlobError> {
        collect(self.blobs.read(digest, 0..u64::MAX).await?).await
    }

    /// The file behind a body.
    pub(crate) fn file(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.root.join("sha256").join(&name[..2]).join(&name[2..4]).join(name)
    }

    /// Flips one bit of the stored body.
    pub(crate) fn damage(&self, digest: &Digest, at: usize) {
        let mut bytes = fs::read(self.file(digest)).unwrap();
        bytes[at] ^= 1;
        fs::write(self.file(digest), bytes).unwrap();
    }

    /// Files with content of bodies, finished or not, wherever the store keeps them.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        walk(self.everything.path(), &mut files);
        files.retain(|file| file.extension().is_none_or(|ending| ending != "json"));
        files
    }

    /// Waits until nothing is left, which is cleaned up after a drop in the background; gives up in the end.
    pub(crate) async fn is_emptied(&self) {
        for _ in 0..2000 {
            if self.files().is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("left behind: {:?}", self.files());
    }
}

pub(crate) async fn store(blobs: &Blobs, bytes: &[u8]) -> Result<Stored, BlobError> {
    let mut upload = blobs.begin().await?;
    for chunk in bytes.chunks(300_000) {
        upload.write(Bytes::copy_from_slice(chunk)).await?;
    }
    upload.finish().await
}

pub(crate) async fn collect(body: Body) -> Result<Vec<u8>, BlobError> {
    let pieces: Vec<Bytes> = body.try_collect().await?;
    Ok(pieces.concat())
}

/// Bytes that differ everywhere, the same for the same seed.
pub(crate) fn bytes(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    SeededRandom::new(seed).fill(&mut bytes);
    bytes
}

pub(crate) fn ids() -> Ids {
    Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom))
}

pub(crate) fn config(endpoint: String) -> S3Config {
    S3Config {
        endpoint: Some(endpoint),
        bucket: "bodies".to_owned(),
        region: "vn-1".to_owned(),
        access_key: "reader".to_owned(),
        secret_key: "of-tests".to_owned(),
        prefix: Some("of/tests".to_owned()),
        allow_http: true,
    }
}

/// An S3 service with its buckets in this directory, for as long as the set is kept.
pub(crate) async fn serve(root: &Path) -> (String, JoinSet<()>) {
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(root).unwrap());
    service.set_auth(SimpleAuth::from_single("reader", "of-tests"));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let mut server = JoinSet::new();
    server.spawn(async move {
        let http = auto::Builder::new(TokioExecutor::new());
        let mut connections = JoinSet::new();
        while let Ok((socket, _)) = listener.accept().await {
            let connection = http.serve_connection(TokioIo::new(socket), service.clone()).into_owned();
            connections.spawn(async move {
                let _ = connection.await;
            });
        }
    });
    (endpoint, server)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}
