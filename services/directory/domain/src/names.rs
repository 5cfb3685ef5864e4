use base::{characters, clean};

use crate::{Flaw, limits};

/// An agency identifier (mã định danh): up to 35 characters, groups of 0-9 and A-Z with single dots between them
/// (Decision 20/2020/QĐ-TTg).
pub fn code(text: &str) -> Result<String, Flaw> {
    let code = line(text, limits::CODE)?;
    let group = |group: &str| {
        !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
    };
    if code.split('.').all(group) { Ok(code) } else { Err(Flaw::NotACode) }
}

/// The official name of a unit.
pub fn unit_name(text: &str) -> Result<String, Flaw> {
    line(text, limits::UNIT_NAME)
}

/// The abbreviation of a unit as it stands in the symbol of documents. Case is kept; white space and slashes are refused
/// (Decree 30/2020/NĐ-CP, Appendix I).
pub fn abbreviation(text: &str) -> Result<String, Flaw> {
    let abbreviation = line(text, limits::ABBREVIATION)?;
    let separates = |character: char| character.is_whitespace() || character == '/';
    if abbreviation.contains(separates) { Err(Flaw::SpaceOrSlash) } else { Ok(abbreviation) }
}

/// The name that a person signs in under.
pub fn sign_in_name(text: &str) -> Result<String, Flaw> {
    let name = line(text, limits::SIGN_IN_NAME)?;
    let length = characters(&name);
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_' | b'@')
    };
    if !name.bytes().all(allowed) {
        Err(Flaw::NotASignInName)
    } else if length < limits::SIGN_IN_NAME_LEAST {
        Err(Flaw::TooShort { length, least: limits::SIGN_IN_NAME_LEAST })
    } else {
        Ok(name)
    }
}

/// A sign-in name as somebody typed it, perhaps with a capital that a telephone put there.
pub fn typed_sign_in_name(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A person's full name.
pub fn full_name(text: &str) -> Result<String, Flaw> {
    line(text, limits::FULL_NAME)
}

/// An official title.
pub fn position(text: &str) -> Result<String, Flaw> {
    line(text, limits::POSITION)
}

/// A postal address, or nothing.
pub fn address(text: &str) -> Result<String, Flaw> {
    optional(line(text, limits::ADDRESS))
}

/// A telephone number, or nothing. How numbers are written is left to people: "0212 3852 001, máy lẻ 12".
pub fn phone(text: &str) -> Result<String, Flaw> {
    optional(line(text, limits::PHONE))
}

fn optional(read: Result<String, Flaw>) -> Result<String, Flaw> {
    match read {
        Err(Flaw::Missing) => Ok(String::new()),
        other => other,
    }
}

/// An e-mail address, or nothing. Only the shape is judged; whether it receives is the mail system's to say.
pub fn email(text: &str) -> Result<String, Flaw> {
    match line(text, limits::EMAIL) {
        Err(Flaw::Missing) => Ok(String::new()),
        Ok(address) if is_address(&address) => Ok(address),
        Ok(_) => Err(Flaw::NotAnEmail),
        Err(flaw) => Err(flaw),
    }
}

/// `local@domain` in ASCII: the plain form of RFC 5321 without quotes and address literals.
fn is_address(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let atom = |atom: &str| {
        !atom.is_empty()
            && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    local.len() <= 64 && local.split('.').all(atom) && domain.contains('.') && domain.split('.').all(label)
}

/// One line of text, cleaned, neither empty nor too long.
pub(crate) fn line(text: &str, limit: usize) -> Result<String, Flaw> {
    let text = clean(text);
    let length = characters(&text);
    if text.is_empty() {
        Err(Flaw::Missing)
    } else if length > limit {
        Err(Flaw::TooLong { length, limit })
    } else if text.contains(char::is_control) {
        Err(Flaw::ControlCharacters)
    } else {
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes_are_groups_with_single_dots() {
        for right in ["H52", "H52.01", "H37.DN.001", "000.00.05.H56", &"A".repeat(35)] {
            assert_eq!(code(right).as_deref(), Ok(right));
        }
        for wrong in ["h52", ".H52", "H52.", "H52..01", "H52-01", "H 52", "Đ52", "H52\u{ff0e}01"] {
            assert_eq!(code(wrong), Err(Flaw::NotACode), "{wrong}");
        }
        assert_eq!(code(&"A".repeat(36)), Err(Flaw::TooLong { length: 36, limit: 35 }));
        assert_eq!(code("  "), Err(Flaw::Missing));
    }

    #[test]
    fn abbreviations_keep_case_and_refuse_what_separates() {
        assert_eq!(abbreviation(" SGDĐT ").as_deref(), Ok("SGDĐT"));
        assert_eq!(abbreviation("SGD\u{110}T").as_deref(), Ok("SGDĐT"));
        assert_eq!(abbreviation("UBa\u{302}").as_deref(), Ok("UBâ"), "stored in NFC");
        assert_eq!(abbreviation("VP UBND"), Err(Flaw::SpaceOrSlash));
        assert_eq!(abbreviation("SNV/VP"), Err(Flaw::SpaceOrSlash));
        assert_eq!(abbreviation(&"S".repeat(21)), Err(Flaw::TooLong { length: 21, limit: 20 }));
    }

    #[test]
    fn sign_in_names_are_plain() {
        for right in ["mai", "lo.thi-mai_2", "mai@sonla.gov.vn", &"a".repeat(64)] {
            assert_eq!(sign_in_name(right).as_deref(), Ok(right));
        }
        for wrong in ["Mai", "lò.mai", "mai lo", "mai+x"] {
            assert_eq!(sign_in_name(wrong), Err(Flaw::NotASignInName), "{wrong}");
        }
        assert_eq!(sign_in_name("ma"), Err(Flaw::TooShort { length: 2, least: 3 }));
        assert_eq!(typed_sign_in_name(" Mai.Lo "), "mai.lo");
    }

    #[test]
    fn addresses_have_two_sides() {
        for right in ["", "vanthu.snv@sonla.gov.vn", "a+b@x.vn"] {
            assert_eq!(email(right).as_deref(), Ok(right));
        }
        for wrong in
            ["a", "@x.vn", "a@", "a@vn", "a@@x.vn", "a b@x.vn", "a@-x.vn", "a@x..vn", ".a@x.vn", "ă@x.vn"]
        {
            assert_eq!(email(wrong), Err(Flaw::NotAnEmail), "{wrong}");
        }
        assert_eq!(email("a@x.vn\r\nBcc: b@x.vn"), Err(Flaw::ControlCharacters));
    }

    #[test]
    fn names_fit_on_a_line() {
        assert_eq!(unit_name("Ủy ban\nnhân dân"), Err(Flaw::ControlCharacters));
        assert_eq!(full_name(&"ạ".repeat(101)), Err(Flaw::TooLong { length: 101, limit: 100 }));
        assert_eq!(position("Văn thư").as_deref(), Ok("Văn thư"));
    }

    proptest! {
        #[test]
        fn what_is_stored_is_stored_alike_again(text in "\\PC{0,40}") {
            for rule in [code, unit_name, abbreviation, sign_in_name, full_name, position, email] {
                if let Ok(stored) = rule(&text) {
                    prop_assert_eq!(rule(&stored), Ok(stored));
                }
            }
        }

        #[test]
        fn codes_are_just_what_the_pattern_says(text in "[A-C1.]{1,38}") {
            let groups = text.split('.').all(|group| !group.is_empty());
            prop_assert_eq!(code(&text).is_ok(), groups && text.len() <= 35);
        }
    }
}
