//! Bodies of attachments: content-addressed and streamed, in a local directory or in an S3-compatible store.
//!
//! # Why
//!
//! A document that was issued keeps its files to the bit for as long as the law wants it kept. So a body is named by the
//! SHA-256 of its bytes ([`Digest`]): the record in the database says which bytes are meant, equal files are stored once, nothing is
//! ever overwritten with something else, and damage is noticed instead of served. Bodies may be larger than memory, so
//! they go through in blocks both ways.
//!
//! # Layout
//!
//! The same below the directory and below the prefix in the bucket, so that one can be copied to the other as it is:
//!
//! ```text
//! sha256/ab/cd/abcd…   a body, under its 64 hexadecimal digits
//! incoming/…           what is not finished yet; never read
//! ```
//!
//! # When a body is there
//!
//! Once [`Upload::finish`] has succeeded, and only then, the body is kept, also through a power failure. Until then it has no name.
//!
//! * Directory: write `incoming/…`, fsync the file, make the two folders, rename, fsync the folder of the body and both
//!   folders above. Those above are synced even if they were there before: whoever made them may not have come to it yet.
//! * S3: up to [`BLOCK_S3`] bytes in one put under the final name. Longer ones in parts to `incoming/…`, since the name is known
//!   only at the end; then the store copies that object to its name, and it is deleted. One copy takes up to 5 GiB; so that
//!   is the longest body.
//!
//! Bytes that are there already are replaced by the same bytes, in one step. That costs less than reading the old ones to see whether
//! they are whole, and it heals them if they are not. Whoever is reading goes on with what he has open.
//!
//! # What is left behind
//!
//! An upload that is dropped or aborted cleans up after itself. After a crash, [`Blobs::local`] removes what nobody is
//! writing any more; each unfinished file is locked by its writer, so several processes may share a directory. In a
//! bucket nobody can tell whether a writer is alive: give it a lifecycle rule that expires `incoming/` and aborts incomplete multipart
//! uploads after a day.
//!
//! # What is verified when
//!
//! | Read | Verified |
//! |---|---|
//! | the whole body | hashed on the way; damaged bytes end in [`BlobError::Damaged`] *instead of* the last piece, so nobody takes a damaged body for a complete one |
//! | a part of a body up to [`ALWAYS_VERIFIED`] | the same: all of it is read and hashed, the part is passed on |
//! | a part of a longer body | only that all bytes asked for came; a flipped bit is **not** noticed. Who needs certainty reads the whole, or puts the parts together and compares the digest |
//! | [`Blobs::verify`] | the whole body |

mod blobs;
mod body;
mod bucket;
mod digest;
mod error;
mod folder;
mod s3;
mod upload;

pub use blobs::{ALWAYS_VERIFIED, Blobs};
pub use body::Body;
pub use bucket::BLOCK as BLOCK_S3;
pub use digest::{BadDigest, Digest};
pub use error::BlobError;
pub use s3::S3Config;
pub use upload::{Stored, Upload};
