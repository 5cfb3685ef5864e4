//! What a document does to an earlier one.
//!
//! An error of content is amended or replaced by a document of the equivalent kind, one of form, technique or procedure is corrected by
//! công văn (Decree 30/2020/NĐ-CP, Article 18.3).

use base::Uuid;

use crate::{Document, Fields, Kind, RecallState, Rejection, StageName};

/// What a document does to an earlier one, as the drafter wrote it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// What it does.
    pub kind: RelationKind,
    /// The earlier document.
    pub document_id: Uuid,
}

/// What a document can do to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// Corrects form, technique or procedure (đính chính).
    Corrects,
    /// Replaces it (thay thế).
    Replaces,
    /// Amends its content (sửa đổi, bổ sung).
    Amends,
    /// Tells that it is recalled (thông báo thu hồi).
    RecallNotice,
    /// Answers it (trả lời).
    Answers,
}

/// The earlier document, as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The document.
    pub document: Document,
    /// How its last recall stands that was not taken back.
    pub recall: Option<RecallState>,
    /// Number and symbol of the document that replaced it; empty if that one is only now being issued.
    pub replaced_by: Option<String>,
    /// Whether the later document's agency received it and can still read it.
    pub received: bool,
}

/// What is wrong with a relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelationFlaw {
    /// There is no such document of the agency; for an answer, none that it received either.
    Unknown,
    /// It is not issued.
    NotIssued,
    /// It is being recalled, or was.
    Recalled,
    /// It was replaced: what replaced it, by number and symbol if it has them yet, is to be named.
    Replaced(String),
    /// A correction is made by công văn.
    NoLetter,
    /// An amendment or a replacement is of the kind of what it amends or replaces, which is named.
    OtherKind(String),
    /// A notice of recall is công văn or thông báo.
    NoNotice,
}

impl Relation {
    /// What is wrong with it for a later document.
    fn flaw(self, later: &Document, target: Option<&Target>) -> Option<RelationFlaw> {
        let answers = self.kind == RelationKind::Answers;
        let known =
            |target: &&Target| target.document.agency_id == later.agency_id || answers && target.received;
        let Some(target) = target.filter(known) else { return Some(RelationFlaw::Unknown) };
        if target.document.stage.name() != StageName::Issued {
            return Some(RelationFlaw::NotIssued);
        }
        if answers {
            return None;
        }
        // Whom a recall left with the document may be asked once more, by a new notice.
        let notice = self.kind == RelationKind::RecallNotice;
        if target.recall.is_some_and(|state| if notice { !state.may_be_repeated() } else { state.freezes() })
        {
            return Some(RelationFlaw::Recalled);
        }
        if let Some(by) = target.replaced_by.as_ref().filter(|_| !notice) {
            return Some(RelationFlaw::Replaced(by.clone()));
        }
        self.kind.mismatch(&later.fields, &target.document.fields)
    }
}

impl Document {
    /// Whether it may do to the earlier documents what it says; every relation that may not, by its place. `target` knows them.
    pub fn relates(&self, target: impl Fn(Uuid) -> Option<Target>) -> Result<(), Rejection> {
        let flaws = self.fields.relations.iter().enumerate().filter_map(|(place, relation)| {
            let flaw = relation.flaw(self, target(relation.document_id).as_ref());
            flaw.map(|flaw| (place, flaw))
        });
        let flaws: Vec<_> = flaws.collect();
        if flaws.is_empty() { Ok(()) } else { Err(Rejection::Relations(flaws)) }
    }
}

impl RelationKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Corrects, Self::Replaces, Self::Amends, Self::RecallNotice, Self::Answers];

    /// Whether a document of this kind can do it, whatever the earlier one is.
    pub fn admits(self, later: Kind) -> bool {
        match self {
            Self::Corrects => later == Kind::OfficialLetter,
            Self::RecallNotice => matches!(later, Kind::OfficialLetter | Kind::Notice),
            Self::Replaces | Self::Amends | Self::Answers => true,
        }
    }

    fn mismatch(self, later: &Fields, earlier: &Fields) -> Option<RelationFlaw> {
        match self {
            Self::Corrects => (!self.admits(later.kind)).then_some(RelationFlaw::NoLetter),
            Self::RecallNotice => (!self.admits(later.kind)).then_some(RelationFlaw::NoNotice),
            Self::Replaces | Self::Amends if later.kind_key() != earlier.kind_key() => {
                Some(RelationFlaw::OtherKind(earlier.kind_name().to_owned()))
            }
            Self::Replaces | Self::Amends | Self::Answers => None,
        }
    }

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Corrects => "CORRECTS",
            Self::Replaces => "REPLACES",
            Self::Amends => "AMENDS",
            Self::RecallNotice => "RECALL_NOTICE",
            Self::Answers => "ANSWERS",
        }
    }

    /// The kind with this name.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The kind with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}
