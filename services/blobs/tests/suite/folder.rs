//! What is particular to a directory.

use std::fs;

use blobs::{BlobError, Blobs, Digest};
use bytes::Bytes;

use crate::place::{MIB, Place, bytes};

#[tokio::test]
async fn what_a_crash_left_is_removed_at_the_next_start() {
    let place = Place::local().await;
    let kept = place.store(b"kept").await.digest;
    fs::write(place.root.join("incoming/4711-0"), b"half of a bo").unwrap();
    let again = Blobs::local(&place.root).await.unwrap();
    assert_eq!(place.files(), [place.file(&kept)]);
    again.verify(&kept).await.unwrap();
}

#[tokio::test]
async fn whoever_opens_it_too_leaves_running_uploads_alone() {
    let place = Place::local().await;
    let body = bytes(MIB, 9);
    let mut upload = place.blobs.begin().await.unwrap();
    upload.write(Bytes::from(body.clone())).await.unwrap();
    let other = Blobs::local(&place.root).await.unwrap();
    let stored = upload.finish().await.unwrap();
    other.verify(&stored.digest).await.unwrap();
    assert_eq!(stored.digest, Digest::of(&body));
}

#[tokio::test]
async fn a_reader_goes_on_while_the_body_is_stored_again() {
    let place = Place::local().await;
    let body = bytes(3 * MIB, 10);
    let digest = place.store(&body).await.digest;
    let reading = place.blobs.read(&digest, 0..u64::MAX).await.unwrap();
    place.store(&body).await;
    assert!(crate::place::collect(reading).await.unwrap() == body);
}

#[tokio::test]
async fn a_file_in_the_way_is_for_the_operator() {
    let place = Place::local().await;
    let file = place.root.join("a file");
    fs::write(&file, b"").unwrap();
    let refused = Blobs::local(file.join("below")).await.unwrap_err();
    assert!(matches!(refused, BlobError::Refused(_)), "{refused:?}");
    assert!(!refused.is_temporary());
}
