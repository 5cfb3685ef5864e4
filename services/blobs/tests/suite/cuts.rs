//! However a body is cut into chunks, it is the same body.

use blobs::Digest;
use bytes::Bytes;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use tokio::runtime::Runtime;

use crate::place::Place;

async fn store_in_chunks(place: &Place, chunks: Vec<Vec<u8>>) -> Result<(), TestCaseError> {
    let body = chunks.concat();
    let mut upload = place.blobs.begin().await.unwrap();
    for chunk in chunks {
        upload.write(Bytes::from(chunk)).await.unwrap();
    }
    prop_assert_eq!(upload.size(), u64::try_from(body.len()).unwrap());
    let stored = upload.finish().await.unwrap();
    prop_assert_eq!(stored.digest, Digest::of(&body));
    prop_assert!(place.read(&stored.digest).await.unwrap() == body);
    Ok(())
}

fn any_chunks(place: impl Future<Output = Place>) {
    let runtime = Runtime::new().unwrap();
    let place = runtime.block_on(place);
    let chunks = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100_000), 0..12);
    TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(12) })
        .run(&chunks, |chunks| runtime.block_on(store_in_chunks(&place, chunks)))
        .unwrap();
}

#[test]
fn in_a_directory() {
    any_chunks(Place::local());
}

#[test]
fn in_a_bucket() {
    any_chunks(Place::s3());
}
