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
    Signed {
        /// The approval.
        approval: Act,
        /// The signature.
        signature: Signature,
    },
    /// Numbered, registered and delivered (Articles 14, 15, 18).
    Issued {
        /// The approval.
        approval: Act,
        /// The signature.
        signature: Signature,
        /// What issuing gave it.
        issuance: Issuance,
    },
}

/// What issuing gives a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuance {
    /// Ordinal in the register of the year.
    pub number: i32,
    /// Symbol.
    pub symbol: String,
    /// Legal date.
    pub on: Date,
    /// When.
    pub at: Timestamp,
    /// The clerk.
    pub by: Signatory,
}

/// A stage without its facts, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StageName {
    /// See [`Stage::Draft`].
    Draft,
    /// See [`Stage::InReview`].
    InReview,
    /// See [`Stage::Approved`].
    Approved,
    /// See [`Stage::Signed`].
    Signed,
    /// See [`Stage::Issued`].
    Issued,
}

impl Stage {
    /// Which stage it is.
    pub fn name(&self) -> StageName {
        match self {
            Self::Draft { .. } => StageName::Draft,
            Self::InReview => StageName::InReview,
            Self::Approved { .. } => StageName::Approved,
            Self::Signed { .. } => StageName::Signed,
            Self::Issued { .. } => StageName::Issued,
        }
    }

    /// What issuing gave it, if it is issued.
    pub fn issuance(&self) -> Option<&Issuance> {
        match self {
            Self::Issued { issuance, .. } => Some(issuance),
            _ => None,
        }
    }
}

impl StageName {
    /// Every stage, in order.
    pub const ALL: [Self; 5] = [Self::Draft, Self::InReview, Self::Approved, Self::Signed, Self::Issued];

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::InReview => "IN_REVIEW",
            Self::Approved => "APPROVED",
            Self::Signed => "SIGNED",
            Self::Issued => "ISSUED",
        }
    }

    /// The stage with this name.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The stage with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}
