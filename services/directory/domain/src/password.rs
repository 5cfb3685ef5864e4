use std::fmt;

use base::characters;
use unicode_normalization::UnicodeNormalization;

use crate::{Flaw, limits};

/// A password in clear, on its way to being hashed. It never shows itself in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// A password that somebody chooses: 10 to 128 characters. Length is what counts (NIST SP 800-63B, 5.1.1.2): no rule asks
    /// for capitals or digits.
    pub fn chosen(text: &str) -> Result<Self, Flaw> {
        let password = Self::typed(text);
        let length = characters(&password.0);
        if length == 0 {
            Err(Flaw::Missing)
        } else if length < limits::PASSWORD_LEAST {
            Err(Flaw::TooShort { length, least: limits::PASSWORD_LEAST })
        } else if length > limits::PASSWORD {
            Err(Flaw::TooLong { length, limit: limits::PASSWORD })
        } else {
            Ok(password)
        }
    }

    /// A password that somebody gives to sign in. In NFC: keyboards differ in how they put an accent on a letter.
    pub fn typed(text: &str) -> Self {
        Self(text.nfc().collect())
    }

    /// What is hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_what_counts() {
        assert_eq!(Password::chosen(""), Err(Flaw::Missing));
        assert_eq!(Password::chosen("sonlasonl"), Err(Flaw::TooShort { length: 9, least: 10 }));
        assert!(Password::chosen("mật khẩu 1").is_ok());
        assert!(Password::chosen(&"ậ".repeat(128)).is_ok());
        assert_eq!(Password::chosen(&"a".repeat(129)), Err(Flaw::TooLong { length: 129, limit: 128 }));
    }

    #[test]
    fn accents_are_the_same_from_every_keyboard_and_never_shown() {
        let password = Password::chosen("mật khẩu dài").unwrap();
        assert_eq!(password, Password::typed(&"mật khẩu dài".nfd().collect::<String>()));
        assert_ne!(password, Password::typed(" mật khẩu dài"), "white space counts");
        assert_eq!(format!("{password:?}"), "Password(…)");
    }
}
