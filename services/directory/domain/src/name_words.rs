use base::{fold, nfc};

/// The words that a person is found by, each once: as they are written, small, and without accents.
pub fn name_words(full_name: &str) -> Vec<String> {
    let mut words = typed(full_name);
    words.extend(folded(full_name));
    words.sort_unstable();
    words.dedup();
    words
}

/// A name as somebody types it who looks for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameQuery {
    /// The words as they were typed, small.
    pub typed: Vec<String>,
    /// The words without accents.
    pub folded: Vec<String>,
}

impl NameQuery {
    /// Most words of a question that are looked for; those behind are left out.
    pub const MOST: usize = 8;

    /// The words of what was typed; none if it has no letter and no digit.
    pub fn new(text: &str) -> Option<Self> {
        let mut query = Self { typed: typed(text), folded: folded(text) };
        query.typed.truncate(Self::MOST);
        query.folded.truncate(Self::MOST);
        (!query.typed.is_empty()).then_some(query)
    }

    /// Whether accents were typed: then they count.
    pub fn has_accents(&self) -> bool {
        self.typed != self.folded
    }
}

fn typed(text: &str) -> Vec<String> {
    words(&nfc(text).to_lowercase())
}

fn folded(text: &str) -> Vec<String> {
    words(&fold(text))
}

/// Runs of letters and digits.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn people_are_found_by_words_with_and_without_accents() {
        assert_eq!(name_words("Nguyễn Văn An"), ["an", "nguyen", "nguyễn", "van", "văn"]);
        assert_eq!(name_words("Đỗ Thị-Hồng (Hà)"), ["do", "ha", "hong", "hà", "hồng", "thi", "thị", "đỗ"]);
        assert_eq!(name_words("Nguye\u{302}\u{303}n"), ["nguyen", "nguyễn"], "in either Unicode form");
        let query = NameQuery::new("  VĂN  an,").unwrap();
        assert_eq!((query.typed.join(" ").as_str(), query.folded.join(" ").as_str()), ("văn an", "van an"));
        assert!(query.has_accents() && !NameQuery::new("van an").unwrap().has_accents());
        assert_eq!(NameQuery::new(" .-"), None);
        assert_eq!(NameQuery::new("a b c d e f g h i").unwrap().typed.len(), 8);
    }

    proptest! {
        #[test]
        fn whoever_types_a_word_of_the_name_finds_it(name in "\\PC{1,40}") {
            let words = name_words(&name);
            if let Some(query) = NameQuery::new(&name) {
                for word in query.typed.iter().chain(&query.folded) {
                    prop_assert!(words.contains(word));
                }
            }
        }
    }
}
