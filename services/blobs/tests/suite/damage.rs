//! A disk that forgets: damage is noticed, and storing the body again heals it.

use std::fs;

use blobs::{BlobError, Digest};
use futures::StreamExt;

use crate::place::{MIB, Place, bytes, collect};

crate::on_both_stores! {
    a_flipped_bit_never_passes_for_the_body
    a_body_cut_short_is_damaged
    storing_it_again_heals_it
}

fn is_damaged<T>(result: Result<T, BlobError>, digest: &Digest) -> bool {
    result.is_err_and(|error| matches!(error, BlobError::Damaged(damaged) if damaged == *digest))
}

async fn a_flipped_bit_never_passes_for_the_body(place: Place) {
    for length in [1, 5000, 20 * MIB] {
        let body = bytes(length, 6);
        let digest = place.store(&body).await.digest;
        place.damage(&digest, length / 2);
        assert!(is_damaged(place.blobs.verify(&digest).await, &digest), "{length} bytes");

        let mut reading = place.blobs.read(&digest, 0..u64::MAX).await.unwrap();
        let mut came = 0;
        while let Some(Ok(piece)) = reading.next().await {
            came += piece.len();
        }
        assert!(came < length, "all {length} bytes came before the error");
        assert!(reading.next().await.is_none(), "it goes on after the error");
    }
    // A part of a short body is verified with the whole, wherever the damage lies.
    let short = Digest::of(&bytes(5000, 6));
    assert!(is_damaged(collect(place.blobs.read(&short, 0..10).await.unwrap()).await, &short));
}

async fn a_body_cut_short_is_damaged(place: Place) {
    let digest = place.store(&bytes(5000, 7)).await.digest;
    for left in [4999, 0] {
        fs::OpenOptions::new().write(true).open(place.file(&digest)).unwrap().set_len(left).unwrap();
        assert!(is_damaged(place.read(&digest).await, &digest), "{left} bytes left");
        // The question was right: it is the body that is wrong.
        assert!(
            is_damaged(place.blobs.read(&digest, 5000..u64::MAX).await.map(drop), &digest),
            "{left} bytes left"
        );
    }
}

async fn storing_it_again_heals_it(place: Place) {
    for length in [5000, 20 * MIB] {
        let body = bytes(length, 8);
        let digest = place.store(&body).await.digest;
        place.damage(&digest, length - 1);
        assert!(is_damaged(place.blobs.verify(&digest).await, &digest));
        place.store(&body).await;
        place.blobs.verify(&digest).await.unwrap();
        assert!(place.read(&digest).await.unwrap() == body);
    }
}
