//! What is particular to S3.

use std::fs;

use blobs::{BlobError, Blobs, Digest, S3Config};

use crate::place::{MIB, bytes, config, ids, serve, store};

#[tokio::test]
async fn a_store_that_is_away_is_temporary() {
    let root = tempfile::tempdir().unwrap();
    let (endpoint, server) = serve(root.path()).await;
    drop(server);
    let blobs = Blobs::s3(&config(endpoint), ids()).unwrap();
    let away = store(&blobs, b"body").await.unwrap_err();
    assert!(matches!(away, BlobError::Unavailable(_)) && away.is_temporary(), "{away:?}");
    let away = blobs.size(&Digest::of(b"body")).await.unwrap_err();
    assert!(matches!(away, BlobError::Unavailable(_)), "{away:?}");
}

#[tokio::test]
async fn a_wrong_secret_is_for_the_operator() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("bodies")).unwrap();
    let (endpoint, _server) = serve(root.path()).await;
    let wrong_secret = S3Config { secret_key: "guessed".to_owned(), ..config(endpoint) };
    let blobs = Blobs::s3(&wrong_secret, ids()).unwrap();
    for length in [10, 9 * MIB] {
        let refused = store(&blobs, &bytes(length, 11)).await.unwrap_err();
        assert!(matches!(refused, BlobError::Refused(_)) && !refused.is_temporary(), "{refused:?}");
    }
    assert_eq!(fs::read_dir(root.path().join("bodies")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_prefix_may_be_left_out() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("bodies")).unwrap();
    let (endpoint, _server) = serve(root.path()).await;
    let blobs = Blobs::s3(&S3Config { prefix: None, ..config(endpoint) }, ids()).unwrap();
    let stored = store(&blobs, b"body").await.unwrap();
    blobs.verify(&stored.digest).await.unwrap();
    let name = stored.digest.to_string();
    let file = root.path().join("bodies/sha256").join(&name[..2]).join(&name[2..4]).join(name);
    assert_eq!(fs::read(file).unwrap(), b"body");
}
