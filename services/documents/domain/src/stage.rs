use base::{Date, Timestamp};

use crate::{Act, Signatory, Signature};

/// How far a document has come. Each stage owns the facts that are true only there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The drafter works on it.
    Draft {
        /// Why it was last returned.
        returned: Option<String>,
    },
    /// It lies before whoever may sign it.
    InReview,
    /// Who may sign it approved the draft (Article 11).
    Approved {
        /// The approval.
        approval: Act,
    },
    /// Signed (Article 13).
    Signed(Signed),
    /// Numbered, dated and registered (Articles 14, 15).
    Numbered(Numbered),
    /// Under the seal of the agency (Articles 17, 32).
    Sealed(Sealed),
    /// Its release is ordered, and nothing delivered yet.
    Releasing {
        /// What came before.
        sealed: Sealed,
        /// The order.
        release: Release,
    },
    /// Delivered to every recipient (Article 18).
    Issued {
        /// What came before.
        sealed: Sealed,
        /// Who ordered the release, and when deliveries were made.
        issued: Act,
    },
    /// Cancelled after it got its number, which stays spent.
    Voided {
        /// What came before.
        numbered: Numbered,
        /// The seal, if it bore one.
        sealing: Option<Act>,
        /// Why and by whom.
        voiding: Voiding,
    },
}

/// What a signed document has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The approval.
    pub approval: Act,
    /// The signature.
    pub signature: Signature,
}

/// What a numbered document has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// What came before.
    pub signed: Signed,
    /// Its number.
    pub numbering: Numbering,
}

/// What a sealed document has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// What came before.
    pub numbered: Numbered,
    /// The seal: by whom and when.
    pub sealing: Act,
}

/// A number in a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbering {
    /// Ordinal in the register of the year.
    pub number: i32,
    /// Symbol.
    pub symbol: String,
    /// Legal date of the document.
    pub on: Date,
    /// Which clerk gave it, and when.
    pub act: Act,
}

/// An order to deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Which clerk gave it, and when.
    pub ordered: Act,
    /// When deliveries are made; until then it can be taken back.
    pub due: Timestamp,
}

/// The end of a document that was numbered and never delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voiding {
    /// Which clerk voided it, and when.
    pub act: Act,
    /// Why.
    pub reason: String,
}

/// What issuing gave a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issuance<'a> {
    /// Ordinal in the register of the year.
    pub number: i32,
    /// Symbol.
    pub symbol: &'a str,
    /// Legal date.
    pub on: Date,
    /// When deliveries were made.
    pub at: Timestamp,
    /// The clerk who released it.
    pub by: &'a Signatory,
}

/// A stage without its facts, in the order in which a document comes through; the numbers are those of the contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageName {
    /// See [`Stage::Draft`].
    Draft = 1,
    /// See [`Stage::InReview`].
    InReview = 2,
    /// See [`Stage::Approved`].
    Approved = 3,
    /// See [`Stage::Signed`].
    Signed = 4,
    /// See [`Stage::Numbered`].
    Numbered = 6,
    /// See [`Stage::Sealed`].
    Sealed = 7,
    /// See [`Stage::Releasing`].
    Releasing = 8,
    /// See [`Stage::Issued`].
    Issued = 5,
    /// See [`Stage::Voided`].
    Voided = 9,
}

impl Stage {
    /// Which stage it is.
    pub fn name(&self) -> StageName {
        match self {
            Self::Draft { .. } => StageName::Draft,
            Self::InReview => StageName::InReview,
            Self::Approved { .. } => StageName::Approved,
            Self::Signed(_) => StageName::Signed,
            Self::Numbered(_) => StageName::Numbered,
            Self::Sealed(_) => StageName::Sealed,
            Self::Releasing { .. } => StageName::Releasing,
            Self::Issued { .. } => StageName::Issued,
            Self::Voided { .. } => StageName::Voided,
        }
    }

    /// The approval, from it on.
    pub fn approval(&self) -> Option<&Act> {
        match self {
            Self::Approved { approval } => Some(approval),
            _ => self.signed().map(|signed| &signed.approval),
        }
    }

    /// The signature, from it on.
    pub fn signature(&self) -> Option<&Signature> {
        self.signed().map(|signed| &signed.signature)
    }

    fn signed(&self) -> Option<&Signed> {
        match self {
            Self::Signed(signed) => Some(signed),
            _ => self.numbered().map(|numbered| &numbered.signed),
        }
    }

    /// The number, once it is spent; a voided document keeps it.
    pub fn numbering(&self) -> Option<&Numbering> {
        self.numbered().map(|numbered| &numbered.numbering)
    }

    fn numbered(&self) -> Option<&Numbered> {
        match self {
            Self::Numbered(numbered) | Self::Voided { numbered, .. } => Some(numbered),
            Self::Sealed(sealed) | Self::Releasing { sealed, .. } | Self::Issued { sealed, .. } => {
                Some(&sealed.numbered)
            }
            Self::Draft { .. } | Self::InReview | Self::Approved { .. } | Self::Signed(_) => None,
        }
    }

    /// The seal, from it on.
    pub fn sealing(&self) -> Option<&Act> {
        match self {
            Self::Sealed(sealed) | Self::Releasing { sealed, .. } | Self::Issued { sealed, .. } => {
                Some(&sealed.sealing)
            }
            Self::Voided { sealing, .. } => sealing.as_ref(),
            _ => None,
        }
    }

    /// The order to deliver, while nothing is delivered.
    pub fn release(&self) -> Option<&Release> {
        match self {
            Self::Releasing { release, .. } => Some(release),
            _ => None,
        }
    }

    /// Why and by whom it was voided.
    pub fn voiding(&self) -> Option<&Voiding> {
        match self {
            Self::Voided { voiding, .. } => Some(voiding),
            _ => None,
        }
    }

    /// Who released it and when deliveries were made, if they were.
    pub fn issued(&self) -> Option<&Act> {
        match self {
            Self::Issued { issued, .. } => Some(issued),
            _ => None,
        }
    }

    /// What issuing gave it, if it is issued.
    pub fn issuance(&self) -> Option<Issuance<'_>> {
        let Self::Issued { sealed, issued } = self else { return None };
        let Numbering { number, symbol, on, .. } = &sealed.numbered.numbering;
        Some(Issuance { number: *number, symbol, on: *on, at: issued.at, by: &issued.by })
    }
}

impl Numbering {
    /// Number and symbol as printed.
    pub fn notation(&self) -> String {
        crate::notation(self.number, &self.symbol)
    }
}

impl StageName {
    /// Every stage, in order.
    pub const ALL: [Self; 9] = [
        Self::Draft,
        Self::InReview,
        Self::Approved,
        Self::Signed,
        Self::Numbered,
        Self::Sealed,
        Self::Releasing,
        Self::Issued,
        Self::Voided,
    ];

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::InReview => "IN_REVIEW",
            Self::Approved => "APPROVED",
            Self::Signed => "SIGNED",
            Self::Numbered => "NUMBERED",
            Self::Sealed => "SEALED",
            Self::Releasing => "RELEASING",
            Self::Issued => "ISSUED",
            Self::Voided => "VOIDED",
        }
    }

    /// The stage with this name.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The stage with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.number() == number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_its_name_and_its_number() {
        for stage in StageName::ALL {
            assert_eq!(StageName::numbered(stage.number()), Some(stage));
            assert_eq!(StageName::coded(stage.code()), Some(stage));
        }
        let mut numbers = StageName::ALL.map(StageName::number);
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!((StageName::numbered(0), StageName::coded("")), (None, None));
    }
}
