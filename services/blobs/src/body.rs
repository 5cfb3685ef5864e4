use std::ops::Range;

use bytes::Bytes;
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream, Fuse},
};
use sha2::{Digest as _, Sha256};

use crate::{BlobError, Digest};

/// Bytes of a body as they come, in pieces that are never empty. It ends after the first error.
pub type Body = BoxStream<'static, Result<Bytes, BlobError>>;

/// Passes on the `wanted` part of a whole body; the last piece only when the hash of all has turned out right.
pub(crate) fn verified(whole: Body, digest: Digest, wanted: Range<u64>) -> Body {
    let verifier =
        Verifier { whole: whole.fuse(), digest, wanted, hash: Some(Sha256::new()), offset: 0, held: None };
    stream::try_unfold(verifier, |mut verifier| async move {
        let piece = verifier.next().await?;
        Ok(piece.map(|piece| (piece, verifier)))
    })
    .boxed()
}

/// Passes on `length` bytes and fails if fewer come.
pub(crate) fn counted(part: Body, digest: Digest, length: u64) -> Body {
    stream::try_unfold((part, length), move |(mut part, left)| async move {
        match part.try_next().await? {
            Some(piece) => {
                let left = left.saturating_sub(length_of(&piece));
                Ok(Some((piece, (part, left))))
            }
            None if left == 0 => Ok(None),
            None => Err(BlobError::Damaged(digest)),
        }
    })
    .boxed()
}

struct Verifier {
    whole: Fuse<Body>,
    digest: Digest,
    wanted: Range<u64>,
    /// None once it has turned out right.
    hash: Option<Sha256>,
    /// Where the next piece begins.
    offset: u64,
    /// The last wanted piece so far: held back, since it may be the last of all.
    held: Option<Bytes>,
}

impl Verifier {
    async fn next(&mut self) -> Result<Option<Bytes>, BlobError> {
        while let Some(piece) = self.whole.try_next().await? {
            if let Some(hash) = &mut self.hash {
                hash.update(&piece);
            }
            let piece = self.cut(&piece);
            if !piece.is_empty()
                && let Some(ready) = self.held.replace(piece)
            {
                return Ok(Some(ready));
            }
        }
        if let Some(hash) = self.hash.take()
            && Digest::from(<[u8; 32]>::from(hash.finalize())) != self.digest
        {
            return Err(BlobError::Damaged(self.digest));
        }
        Ok(self.held.take())
    }

    /// The part of the next piece that is wanted.
    fn cut(&mut self, piece: &Bytes) -> Bytes {
        let begin = self.offset;
        let end = begin + length_of(piece);
        self.offset = end;
        let within =
            |at: u64| usize::try_from(at.clamp(begin, end) - begin).expect("within a piece in memory");
        let (from, to) = (within(self.wanted.start), within(self.wanted.end));
        piece.slice(from..to.max(from))
    }
}

fn length_of(piece: &Bytes) -> u64 {
    u64::try_from(piece.len()).expect("usize fits u64")
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;
    use proptest::prelude::*;

    use super::*;

    fn pieces(bytes: &[u8], size: usize) -> Body {
        let pieces: Vec<_> = bytes.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        stream::iter(pieces).boxed()
    }

    proptest! {
        #[test]
        fn the_part_wanted_comes_and_no_empty_piece(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            size in 1..50_usize,
            from in 0..200_usize,
            to in 0..200_usize,
        ) {
            let wanted = from.min(to).min(bytes.len())..from.max(to).min(bytes.len());
            let range = u64::try_from(wanted.start).unwrap()..u64::try_from(wanted.end).unwrap();
            let body = verified(pieces(&bytes, size), Digest::of(&bytes), range);
            let got: Vec<Bytes> = block_on(body.try_collect()).unwrap();
            prop_assert!(got.iter().all(|piece| !piece.is_empty()));
            prop_assert_eq!(got.concat(), &bytes[wanted]);
        }

        #[test]
        fn a_damaged_body_never_comes_to_its_end(
            mut bytes in prop::collection::vec(any::<u8>(), 1..200),
            size in 1..50_usize,
            at in any::<prop::sample::Index>(),
            bit in 0..8,
        ) {
            let digest = Digest::of(&bytes);
            let at = at.index(bytes.len());
            bytes[at] ^= 1_u8 << bit;
            let length = u64::try_from(bytes.len()).unwrap();
            let mut body = verified(pieces(&bytes, size), digest, 0..length);
            let mut came = 0;
            let end = loop {
                match block_on(body.next()) {
                    Some(Ok(piece)) => came += piece.len(),
                    Some(Err(error)) => break error,
                    None => panic!("a damaged body ended as if it were whole"),
                }
            };
            prop_assert!(matches!(end, BlobError::Damaged(damaged) if damaged == digest));
            prop_assert!(came < bytes.len());
        }
    }

    #[test]
    fn a_part_that_stops_early_is_an_error() {
        let digest = Digest::of(b"abcdef");
        let whole: Vec<Bytes> = block_on(counted(pieces(b"abcdef", 4), digest, 6).try_collect()).unwrap();
        assert_eq!(whole.concat(), b"abcdef");
        let short: Result<Vec<Bytes>, _> = block_on(counted(pieces(b"abcde", 4), digest, 6).try_collect());
        assert!(matches!(short, Err(BlobError::Damaged(_))));
    }
}
