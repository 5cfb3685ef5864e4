use sha2::{Digest, Sha256};

/// What is kept of a session's token. A plain hash is enough: the token is 32 random bytes, which nobody can try out.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}
