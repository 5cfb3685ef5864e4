//! Storing and reading.

use std::fs;

use crate::place::{MIB, Place, bytes, collect};
use blobs::{BLOCK_S3, BlobError, Digest, Stored};
use bytes::Bytes;

crate::on_both_stores! {
    what_goes_in_comes_out
    a_part_is_the_part
    equal_bodies_at_once_are_one
    different_bodies_at_once_stay_apart
    a_body_given_up_leaves_nothing
    a_write_not_waited_for_spoils_the_upload
    what_is_not_there_is_missing
}

async fn what_goes_in_comes_out(place: Place) {
    for length in [0, 1, 1000, 256 * 1024, BLOCK_S3, BLOCK_S3 + 1, 20 * MIB] {
        let body = bytes(length, 1);
        let stored = place.store(&body).await;
        assert_eq!(stored.digest, Digest::of(&body));
        assert_eq!(stored.size, u64::try_from(length).unwrap());
        assert_eq!(place.blobs.size(&stored.digest).await.unwrap(), Some(stored.size));
        assert!(place.read(&stored.digest).await.unwrap() == body, "{length} bytes");
        place.blobs.verify(&stored.digest).await.unwrap();
        assert!(fs::read(place.file(&stored.digest)).unwrap() == body, "{length} bytes on disk");
    }
    assert_eq!(place.files().len(), 7);
}

/// Short bodies are read as a whole for a part, long ones are not.
async fn a_part_is_the_part(place: Place) {
    for length in [5000, 20 * MIB] {
        let body = bytes(length, 2);
        let Stored { digest, size } = place.store(&body).await;
        let middle = size / 2;
        for range in [
            0..1,
            size - 1..size,
            middle..middle + 700,
            middle..u64::MAX,
            0..size - 1,
            size..size,
            7..7,
            0..0,
        ] {
            let part = collect(place.blobs.read(&digest, range.clone()).await.unwrap()).await.unwrap();
            let from = usize::try_from(range.start).unwrap();
            let to = usize::try_from(range.end.min(size)).unwrap();
            assert!(part == body[from..to], "{range:?} of {size}");
        }
        let beyond = place.blobs.read(&digest, size + 1..size + 2).await.err();
        assert!(matches!(beyond, Some(BlobError::OutOfRange { size: told }) if told == size), "{beyond:?}");
    }
}

async fn equal_bodies_at_once_are_one(place: Place) {
    let body = bytes(9 * MIB, 3);
    let (one, other, third) = tokio::join!(place.store(&body), place.store(&body), place.store(&body));
    assert_eq!((one, other), (other, third));
    assert!(place.read(&one.digest).await.unwrap() == body);
    assert_eq!(place.files(), [place.file(&one.digest)]);
}

async fn different_bodies_at_once_stay_apart(place: Place) {
    let bodies: Vec<_> = (0..4).map(|seed| bytes(9 * MIB + usize::try_from(seed).unwrap(), seed)).collect();
    let stored = futures::future::join_all(bodies.iter().map(|body| place.store(body))).await;
    for (body, stored) in bodies.iter().zip(stored) {
        assert!(place.read(&stored.digest).await.unwrap() == *body);
    }
    assert_eq!(place.files().len(), 4);
}

async fn a_body_given_up_leaves_nothing(place: Place) {
    for length in [10, 20 * MIB] {
        let body = Bytes::from(bytes(length, 4));
        let mut aborted = place.blobs.begin().await.unwrap();
        aborted.write(body.clone()).await.unwrap();
        aborted.abort().await;
        assert!(place.files().is_empty(), "{length} bytes aborted");

        let mut dropped = place.blobs.begin().await.unwrap();
        dropped.write(body.clone()).await.unwrap();
        drop(dropped);
        place.is_emptied().await;
        assert_eq!(place.blobs.size(&Digest::of(&body)).await.unwrap(), None);
    }
}

/// A caller that goes away in the middle of a write must not leave a body with a hole.
async fn a_write_not_waited_for_spoils_the_upload(place: Place) {
    let body = Bytes::from(bytes(20 * MIB, 5));
    let mut upload = place.blobs.begin().await.unwrap();
    tokio::select! {
        biased;
        written = upload.write(body.clone()) => panic!("20 MiB were written at once: {written:?}"),
        () = std::future::ready(()) => {}
    }
    let again = upload.write(body).await.unwrap_err();
    assert!(again.is_temporary(), "{again:?}");
    let finished = upload.finish().await;
    assert!(matches!(finished, Err(BlobError::Unavailable(_))), "{finished:?}");
    place.is_emptied().await;
}

async fn what_is_not_there_is_missing(place: Place) {
    let digest = Digest::of(b"never stored");
    assert_eq!(place.blobs.size(&digest).await.unwrap(), None);
    for error in [place.blobs.verify(&digest).await.err(), place.blobs.read(&digest, 0..1).await.err()] {
        assert!(matches!(error, Some(BlobError::Missing(missing)) if missing == digest), "{error:?}");
    }
}
