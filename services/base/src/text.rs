use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Text as it is stored: NFC (TCVN 6909:2001), without white space at either end and without characters that nobody sees:
/// with them two names could look alike, or a name could be read backwards.
pub fn clean(text: &str) -> String {
    let seen: String = text.chars().filter(|character| !is_unseen(*character)).collect();
    seen.trim().nfc().collect()
}

/// Whether a character has no width or turns the direction of writing.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
    )
}

/// Text in NFC, otherwise as it is: what is compared with text that is stored.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// How many characters a text has for the limits of the law, which count what a reader would.
pub fn characters(text: &str) -> usize {
    text.chars().count()
}

/// Lower case without accents, đ as d: what is compared when people type without them.
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|character| !is_combining_mark(*character))
        .flat_map(char::to_lowercase)
        .map(|character| if character == 'đ' { 'd' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_and_composed_text_are_stored_alike() {
        let decomposed: String = "Quyết định".nfd().collect();
        assert_eq!(clean(&format!("  {decomposed} ")), "Quyết định");
        assert_eq!(characters(&clean(&decomposed)), 10);
    }

    #[test]
    fn what_nobody_sees_is_not_stored() {
        assert_eq!(clean("\u{feff} Sở\u{200b} Y\u{202e} tế \u{200d}"), "Sở Y tế");
        assert_eq!(clean("\u{200b}\u{2066}"), "");
    }

    #[test]
    fn folding_drops_accents_and_the_stroke() {
        assert_eq!(fold("Sở Giáo dục và Đào tạo"), "so giao duc va dao tao");
    }
}
