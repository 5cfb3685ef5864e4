use base::{Date, Timestamp, Uuid};

use crate::{Mandate, Signatory};

/// The form of a copy (Article 3.10–3.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyForm {
    /// Sao y: the whole of the original or master.
    TrueCopy,
    /// Sao lục: from a sao y.
    CopyOfCopy,
    /// Trích sao: a part of the original or master.
    Extract,
}

/// What a copy is made from, or is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// On paper.
    Paper,
    /// In electronic form.
    Electronic,
}

/// A copy as it was certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertifiedCopy {
    /// Its id.
    pub id: Uuid,
    /// The document.
    pub document_id: Uuid,
    /// The agency that certified it.
    pub agency_id: Uuid,
    /// Its form.
    pub form: CopyForm,
    /// What it was made from.
    pub from: Medium,
    /// What it is.
    pub to: Medium,
    /// The sao y that it was made from.
    pub source_copy_id: Option<Uuid>,
    /// The part that it repeats; empty for the whole.
    pub extract: String,
    /// Number and symbol; none in electronic form.
    pub numbering: Option<(i32, String)>,
    /// Its date.
    pub on: Date,
    /// Abstract of the document.
    pub summary: String,
    /// Who signed it.
    pub signer: Signatory,
    /// By what right.
    pub mandate: Mandate,
    /// When.
    pub at: Timestamp,
}

/// Why there is no such copy (Article 25).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCopy {
    /// From electronic to electronic form there is neither sao y nor sao lục.
    Forward,
    /// A sao lục is made from a sao y and nothing else.
    NotFromTrueCopy,
    /// The sao y is in another form than the copy is said to be made from.
    OtherSource(Medium),
}

impl CopyForm {
    /// Every form, in the order of the contracts.
    pub const ALL: [Self; 3] = [Self::TrueCopy, Self::CopyOfCopy, Self::Extract];

    /// Its number in the contracts and the database.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The form with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.number() == number)
    }

    /// What symbols print (Appendix III).
    pub fn abbreviation(self) -> &'static str {
        match self {
            Self::TrueCopy => "SY",
            Self::CopyOfCopy => "SL",
            Self::Extract => "TrS",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::TrueCopy => "Bản sao y",
            Self::CopyOfCopy => "Bản sao lục",
            Self::Extract => "Bản trích sao",
        }
    }

    /// The symbol of a copy on paper that this agency certifies: `SY-UBND`.
    pub fn symbol(self, agency: &str) -> String {
        format!("{}-{agency}", self.abbreviation())
    }

    /// Whether there is such a copy. `source` is the copy that it is made from, if it is not the document itself.
    pub fn check(self, from: Medium, to: Medium, source: Option<(Self, Medium)>) -> Result<(), NoCopy> {
        let electronic = (from, to) == (Medium::Electronic, Medium::Electronic);
        if self != Self::Extract && electronic {
            return Err(NoCopy::Forward);
        }
        match source {
            Some((Self::TrueCopy, medium)) if self == Self::CopyOfCopy && medium != from => {
                Err(NoCopy::OtherSource(medium))
            }
            Some((Self::TrueCopy, _)) if self == Self::CopyOfCopy => Ok(()),
            None if self != Self::CopyOfCopy => Ok(()),
            _ => Err(NoCopy::NotFromTrueCopy),
        }
    }
}

impl Medium {
    /// Its number in the contracts and the database.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The medium with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        [Self::Paper, Self::Electronic].into_iter().find(|medium| medium.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_the_copies_of_article_25_and_no_others() {
        let (paper, electronic) = (Medium::Paper, Medium::Electronic);
        let from = |medium| Some((CopyForm::TrueCopy, medium));
        for (form, media, source, told) in [
            (CopyForm::TrueCopy, (paper, paper), None, Ok(())),
            (CopyForm::TrueCopy, (electronic, paper), None, Ok(())),
            (CopyForm::TrueCopy, (paper, electronic), None, Ok(())),
            (CopyForm::TrueCopy, (electronic, electronic), None, Err(NoCopy::Forward)),
            (CopyForm::TrueCopy, (paper, paper), from(paper), Err(NoCopy::NotFromTrueCopy)),
            (CopyForm::CopyOfCopy, (paper, paper), from(paper), Ok(())),
            (CopyForm::CopyOfCopy, (paper, electronic), from(paper), Ok(())),
            (CopyForm::CopyOfCopy, (electronic, paper), from(electronic), Ok(())),
            (CopyForm::CopyOfCopy, (electronic, electronic), from(electronic), Err(NoCopy::Forward)),
            (CopyForm::CopyOfCopy, (paper, paper), from(electronic), Err(NoCopy::OtherSource(electronic))),
            (CopyForm::CopyOfCopy, (paper, paper), None, Err(NoCopy::NotFromTrueCopy)),
            (
                CopyForm::CopyOfCopy,
                (paper, paper),
                Some((CopyForm::Extract, paper)),
                Err(NoCopy::NotFromTrueCopy),
            ),
            (CopyForm::Extract, (paper, paper), None, Ok(())),
            (CopyForm::Extract, (electronic, electronic), None, Ok(())),
        ] {
            assert_eq!(form.check(media.0, media.1, source), told, "{form:?} {media:?} {source:?}");
        }
        assert_eq!(crate::notation(7, &CopyForm::TrueCopy.symbol("UBND")), "07/SY-UBND");
        assert_eq!(CopyForm::Extract.symbol("SNV"), "TrS-SNV");
    }
}
