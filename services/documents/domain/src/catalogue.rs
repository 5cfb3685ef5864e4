use base::Uuid;

use crate::{CopyForm, Kind};

/// What a kind is that is none of the 29 of Article 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindNature {
    /// Of a sector: the head of the sector authority decides on form and number (Articles 3.3, 15.1b).
    Sector,
    /// Legal normative: its numbers are of that kind alone and printed with the year (Article 15.1a).
    Normative,
}

/// A kind of documents beside the 29, in the catalogue of an agency or of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherKind {
    /// Its id.
    pub id: Uuid,
    /// The agency that uses it; none for a kind of all agencies.
    pub agency_id: Option<Uuid>,
    /// Its name: "Giấy chứng nhận".
    pub name: String,
    /// What is printed in symbols, in exactly this case: "GCN".
    pub abbreviation: String,
    /// What it is.
    pub nature: KindNature,
}

/// A kind as number series name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KindKey {
    /// One of the 29.
    Decreed(Kind),
    /// One of the catalogue.
    Other(Uuid),
}

/// Why an abbreviation cannot be taken as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misspelling {
    /// It is the one of a known kind but for case or Unicode form; how that one is written.
    WrongForm(String),
    /// It stands for another kind already; the name of that.
    Taken(String),
}

impl KindNature {
    /// Every nature, in the order of the contracts.
    pub const ALL: [Self; 2] = [Self::Sector, Self::Normative];

    /// Its number in the contracts and the database.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The nature with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|nature| nature.number() == number)
    }
}

/// Every kind that an agency has, with its printed abbreviation: the 29 that have one, copies, and these.
fn known(others: &[OtherKind]) -> impl Iterator<Item = (&str, &str)> {
    let decreed = Kind::decreed().map(|kind| (kind.abbreviation().unwrap_or_default(), kind.name()));
    let copies = CopyForm::ALL.iter().map(|form| (form.abbreviation(), form.name()));
    let others = others.iter().map(|kind| (&*kind.abbreviation, &*kind.name));
    decreed.chain(copies).chain(others).filter(|(text, _)| !text.is_empty())
}

/// How the abbreviation of a known kind is written that differs from this text in nothing but case or Unicode form; none if there is
/// none, or if it is written so.
pub fn right_form<'a>(written: &str, others: &'a [OtherKind]) -> Option<&'a str> {
    let plain = |text: &str| base::nfc(text).to_lowercase();
    let wanted = plain(written);
    if known(others).any(|(abbreviation, _)| abbreviation == written) {
        return None;
    }
    known(others)
        .find(|(abbreviation, _)| plain(abbreviation) == wanted)
        .map(|(abbreviation, _)| abbreviation)
}

/// Whether a new kind may have this abbreviation beside the 29 and those that are there. What is normative prints the year, and so may
/// share the abbreviation of one of the 29: `12/2026/QĐ-UBND` is not `12/QĐ-UBND`.
pub fn check_abbreviation(
    written: &str,
    nature: KindNature,
    others: &[OtherKind],
) -> Result<(), Misspelling> {
    if base::nfc(written) != written {
        return Err(Misspelling::WrongForm(base::nfc(written)));
    }
    if let Some(right) = right_form(written, others) {
        return Err(Misspelling::WrongForm(right.to_owned()));
    }
    let shares = |other: &&OtherKind| other.abbreviation == written && other.nature == nature;
    if let Some(other) = others.iter().find(shares) {
        return Err(Misspelling::Taken(other.name.clone()));
    }
    if let Some(copy) = CopyForm::ALL.into_iter().find(|form| form.abbreviation() == written) {
        return Err(Misspelling::Taken(copy.name().to_owned()));
    }
    let decreed = Kind::decreed().find(|kind| kind.abbreviation() == Some(written));
    match decreed.filter(|_| nature == KindNature::Sector) {
        Some(kind) => Err(Misspelling::Taken(kind.name().to_owned())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(name: &str, abbreviation: &str, nature: KindNature) -> OtherKind {
        let (name, abbreviation) = (name.to_owned(), abbreviation.to_owned());
        OtherKind { id: Uuid::nil(), agency_id: None, name, abbreviation, nature }
    }

    #[test]
    fn abbreviations_are_written_in_one_way() {
        let others = [other("Giấy chứng nhận", "GCN", KindNature::Sector)];
        let wrong = |right: &str| Err(Misspelling::WrongForm(right.to_owned()));
        let decomposed = "QyD\u{335}";
        for (written, nature, told) in [
            ("GP", KindNature::Sector, Ok(())),
            ("qyđ", KindNature::Sector, wrong("QyĐ")),
            ("QYĐ", KindNature::Sector, wrong("QyĐ")),
            ("gcn", KindNature::Sector, wrong("GCN")),
            ("TT\u{41}\u{302}", KindNature::Sector, wrong("TTÂ")),
            ("GCN", KindNature::Sector, Err(Misspelling::Taken("Giấy chứng nhận".to_owned()))),
            ("QĐ", KindNature::Sector, Err(Misspelling::Taken("Quyết định (cá biệt)".to_owned()))),
            ("QĐ", KindNature::Normative, Ok(())),
            ("qđ", KindNature::Normative, wrong("QĐ")),
            ("TrS", KindNature::Sector, Err(Misspelling::Taken("Bản trích sao".to_owned()))),
            ("TRS", KindNature::Sector, wrong("TrS")),
        ] {
            assert_eq!(check_abbreviation(written, nature, &others), told, "{written}");
        }
        assert_eq!(right_form(decomposed, &others), None, "đ has no decomposed form: this is another letter");
        assert_eq!(right_form("ctr", &others), Some("CTr"));
        assert_eq!(right_form("CTr", &others), None);
    }
}
