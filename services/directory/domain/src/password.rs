use std::fmt;

use base::{characters, fold};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;
use zxcvbn::{Score, zxcvbn};

use crate::{Flaw, limits};

/// The fewest letters of a name that a password must not hold: shorter names stand in many words.
const NAME_LEAST: usize = 4;

/// A password in clear, on its way to being hashed. It never shows itself in logs and is wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

/// Whose password it is: what others try first.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// What the person signs in under.
    pub sign_in_name: &'a str,
    /// Full name.
    pub full_name: &'a str,
}

impl Password {
    /// A password that somebody chooses, as far as its length goes: 10 to 128 characters. No rule asks for capitals or digits
    /// (NIST SP 800-63B, 5.1.1.2).
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
        Self(Zeroizing::new(text.nfc().collect()))
    }

    /// What is hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Everything that speaks against the password, whatever its length: it holds a name of its owner, or somebody who knows
    /// the owner, the words and names that people use and the passwords that they choose would need fewer than 10^8 guesses.
    /// Accents and what
    /// stands between words add nothing: they are tried along. Takes some milliseconds.
    pub fn flaws(&self, owner: Owner<'_>) -> Vec<Flaw> {
        let squeezed = Zeroizing::new(letters(&fold(&self.0)));
        let names = owner.names();
        let inputs: Vec<&str> = names.iter().map(String::as_str).collect();
        let is_weak = |text: &str| zxcvbn(text, &inputs).score() < Score::Three;
        let holds_name =
            names.iter().any(|name| characters(name) >= NAME_LEAST && squeezed.contains(name.as_str()));
        let checks =
            [(holds_name, Flaw::HoldsOwnName), (is_weak(&squeezed) || is_weak(&self.0), Flaw::EasilyGuessed)];
        checks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, flaw)| flaw).collect()
    }
}

impl Owner<'_> {
    /// The names, folded: each part of the full name, the whole without spaces, and the sign-in name.
    fn names(self) -> Vec<String> {
        let full = fold(self.full_name);
        let mut names: Vec<String> = full.split_whitespace().map(str::to_owned).collect();
        names.push(letters(&full));
        names.push(letters(&fold(self.sign_in_name)));
        names
    }
}

/// Only the letters and digits.
fn letters(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect()
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAI: Owner<'_> = Owner { sign_in_name: "mai.lo", full_name: "Lò Thị Hoàng Mai" };

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

    #[test]
    fn the_names_of_the_owner_are_not_taken() {
        for (text, flaws) in [
            ("con trâu gặm cỏ non", &[][..]),
            ("mai trời lại nắng to", &[]),
            ("Hoàng hôn trên núi xa", &[Flaw::HoldsOwnName]),
            ("xqz7 LÒ-THI-HOANG-MAI pwk", &[Flaw::HoldsOwnName]),
            ("xqz7 m.a.i.l.o pwk 40", &[Flaw::HoldsOwnName]),
            ("Thị Mai Thị Mai", &[Flaw::EasilyGuessed]),
            ("LoThiHoangMai", &[Flaw::HoldsOwnName, Flaw::EasilyGuessed]),
        ] {
            assert_eq!(Password::typed(text).flaws(MAI), flaws, "{text}");
        }
    }

    #[test]
    fn what_people_choose_first_is_refused() {
        for text in ["password123", "1234567890", "qwertyuiop", "aaaaaaaaaaaa", "01/01/1990", "P@ssw0rd1234"]
        {
            assert_eq!(Password::typed(text).flaws(MAI), [Flaw::EasilyGuessed], "{text}");
        }
        for text in ["mật khẩu rất dài", "mot mat khau dai", "congvan-demo", &"7c1e9b2a04d5f683".repeat(8)]
        {
            assert_eq!(Password::typed(text).flaws(MAI), [], "{text}");
        }
    }
}
