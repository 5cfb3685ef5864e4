//! Secrets that people type: temporary passwords and recovery codes.

use base::Ids;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Digits and small letters without those that look alike (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Letters of a secret: 80 random bits.
const LENGTH: usize = 16;

/// Letters between two hyphens.
const GROUP: usize = 4;

/// A new secret, as "k3td-9x0q-77mz-e4vb".
pub(crate) fn new(ids: &Ids) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(Zeroizing::new(ids.secret()).as_bytes(), bytes.as_mut_slice())
        .expect("hexadecimal digits");
    let mut word = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / GROUP));
    for (at, byte) in bytes[..LENGTH].iter().enumerate() {
        if at > 0 && at % GROUP == 0 {
            word.push('-');
        }
        word.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    word
}

/// What is kept of a recovery code, however it was typed: with or without hyphens, in capitals, o for 0, i or l for 1. A plain
/// hash is enough for 80 random bits.
pub(crate) fn hash(typed: &str) -> Vec<u8> {
    let letters = typed.chars().filter(|letter| letter.is_alphanumeric()).map(|letter| {
        match letter.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            letter => letter,
        }
    });
    Sha256::digest(Zeroizing::new(letters.collect::<String>()).as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use base::{ManualClock, SystemRandom};

    use super::*;

    #[test]
    fn a_secret_is_read_however_it_is_typed() {
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        let ids = Ids::new(Arc::new(clock), Arc::new(SystemRandom));
        let word = new(&ids);
        assert_eq!((word.len(), word.matches('-').count()), (19, 3));
        assert_ne!(*word, *new(&ids));
        let typed = word.to_uppercase().replace('-', " ").replace('0', "O").replace('1', "l");
        assert_eq!(hash(&word), hash(&typed));
        assert_ne!(hash(&word), hash(&word[1..]));
    }
}
