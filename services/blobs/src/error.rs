use std::{
    error::Error,
    io::{self, ErrorKind},
};

use crate::Digest;

type Source = Box<dyn Error + Send + Sync>;

/// Why a body could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// No body has this digest.
    #[error("no body with SHA-256 {0} is stored")]
    Missing(Digest),
    /// What is stored under this digest are other bytes. Storing the right ones again heals it.
    #[error("the stored body with SHA-256 {0} is damaged")]
    Damaged(Digest),
    /// The part asked for begins beyond the end.
    #[error("the part begins beyond the end of the body, which has {size} bytes")]
    OutOfRange {
        /// Bytes of the whole body.
        size: u64,
    },
    /// The disk or the quota is full.
    #[error("the store for bodies is full")]
    Full(#[source] Source),
    /// The store cannot be reached, or failed; or an earlier write of this upload did. S3 answers of rarer kinds count here too.
    #[error("the store for bodies is unavailable")]
    Unavailable(#[source] Source),
    /// The store does not let us: rights, credentials, a missing bucket. An operator has to act.
    #[error("the store for bodies refused")]
    Refused(#[source] Source),
    /// The settings of the store are wrong; every mistake is told.
    #[error("the store for bodies is not configured rightly: {}", .0.join("; "))]
    Misconfigured(Vec<String>),
}

impl BlobError {
    /// Whether the same may succeed later with nothing else changed.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Full(_) | Self::Unavailable(_) => true,
            Self::Missing(_)
            | Self::Damaged(_)
            | Self::OutOfRange { .. }
            | Self::Refused(_)
            | Self::Misconfigured(_) => false,
        }
    }
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full(error.into()),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::NotADirectory => {
                Self::Refused(error.into())
            }
            _ => Self::Unavailable(error.into()),
        }
    }
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        use object_store::Error as E;
        match error {
            // Whoever looks for a body takes NotFound for himself before; here it can only be the bucket.
            E::NotFound { .. }
            | E::PermissionDenied { .. }
            | E::Unauthenticated { .. }
            | E::InvalidPath { .. }
            | E::NotSupported { .. }
            | E::NotImplemented { .. }
            | E::UnknownConfigurationKey { .. } => Self::Refused(error.into()),
            _ => Self::Unavailable(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_a_missing_right_and_a_broken_disk_are_told_apart() {
        let full = BlobError::from(io::Error::from(ErrorKind::StorageFull));
        assert!(matches!(full, BlobError::Full(_)) && full.is_temporary());
        let denied = BlobError::from(io::Error::from(ErrorKind::PermissionDenied));
        assert!(matches!(denied, BlobError::Refused(_)) && !denied.is_temporary());
        let no_bucket = object_store::Error::NotFound { path: String::new(), source: "NoSuchBucket".into() };
        assert!(matches!(BlobError::from(no_bucket), BlobError::Refused(_)));
        let broken = BlobError::from(io::Error::other("input/output error"));
        assert!(matches!(broken, BlobError::Unavailable(_)) && broken.is_temporary());
    }
}
