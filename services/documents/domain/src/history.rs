//! The handling history of a document: one line for everything that happened to it (Decree 30/2020/NĐ-CP, Appendix VI, F5.a).

use base::{Timestamp, Uuid};

use crate::{Change, Document, Event, Fields, Numbering, Signatory, SigningForm, Stage, StageName};

/// What was done to a document, with its name in the contracts without prefix, and in the database.
macro_rules! deeds {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal;)+) => {
        /// What was done to a document.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Deed {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Deed {
            /// Every deed.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name in the contracts without prefix, and in the database.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// The deed with this name.
            pub fn coded(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|deed| deed.code() == code)
            }
        }
    };
}

deeds! {
    /// The draft was created.
    Created = "CREATED";
    /// Its fields were rewritten.
    Updated = "UPDATED";
    /// A file was attached.
    Attached = "ATTACHED";
    /// A file came in the place of another.
    FileReplaced = "FILE_REPLACED";
    /// A file was taken off.
    FileRemoved = "FILE_REMOVED";
    /// The files were put into another order.
    FilesArranged = "FILES_ARRANGED";
    /// Somebody commented on it.
    Commented = "COMMENTED";
    /// A comment was marked as resolved.
    CommentResolved = "COMMENT_RESOLVED";
    /// It was submitted; a version was frozen.
    Submitted = "SUBMITTED";
    /// A check was made.
    Checked = "CHECKED";
    /// It was returned.
    Returned = "RETURNED";
    /// The draft was approved.
    Approved = "APPROVED";
    /// It was signed.
    Signed = "SIGNED";
    /// It was numbered.
    Numbered = "NUMBERED";
    /// It was sealed.
    Sealed = "SEALED";
    /// Its release was ordered.
    ReleaseOrdered = "RELEASE_ORDERED";
    /// That order was taken back.
    ReleaseUndone = "RELEASE_UNDONE";
    /// It was issued.
    Issued = "ISSUED";
    /// It was voided.
    Voided = "VOIDED";
}

impl From<Event> for Deed {
    /// Every event of a document is a line of its history: an event that has no deed does not compile.
    fn from(event: Event) -> Self {
        match event {
            Event::Created => Self::Created,
            Event::Updated => Self::Updated,
            Event::Attached => Self::Attached,
            Event::FileReplaced => Self::FileReplaced,
            Event::FileRemoved => Self::FileRemoved,
            Event::FilesArranged => Self::FilesArranged,
            Event::Submitted => Self::Submitted,
            Event::Checked { .. } => Self::Checked,
            Event::Returned => Self::Returned,
            Event::Approved => Self::Approved,
            Event::Signed => Self::Signed,
            Event::Numbered => Self::Numbered,
            Event::Sealed => Self::Sealed,
            Event::ReleaseOrdered => Self::ReleaseOrdered,
            Event::ReleaseUndone => Self::ReleaseUndone,
            Event::Issued => Self::Issued,
            Event::Voided => Self::Voided,
        }
    }
}

/// One line of the history, as it is written once and for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// The document.
    pub document_id: Uuid,
    /// Its revision after the deed; what changes no document stands behind the change that made the revision.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
    /// Who, in which post then.
    pub by: Signatory,
    /// What was done.
    pub deed: Deed,
    /// The stage after it.
    pub stage: StageName,
    /// Why, where the law or the sender's rules want a reason.
    pub reason: Option<String>,
    /// Which fields were rewritten, as the contracts name them.
    pub fields: Vec<&'static str>,
    /// The file that was attached or removed.
    pub attachment_id: Option<Uuid>,
    /// The file in whose place another came.
    pub replaced_id: Option<Uuid>,
    /// The number of the comment.
    pub comment: Option<i32>,
    /// The form of the signature.
    pub form: Option<SigningForm>,
    /// Number and symbol, once there are any.
    pub notation: Option<String>,
}

impl HistoryLine {
    /// The line of a change.
    pub fn of(change: &Change) -> Self {
        let document = &change.document;
        let signature = document.stage.signature().filter(|_| change.event == Event::Signed);
        let reason = match (change.event, &document.stage, &document.review) {
            (Event::Returned, Stage::Draft { returned }, _) => returned.clone(),
            (Event::Returned, _, Some(review)) => review.returned.clone(),
            (Event::Checked { number }, _, Some(review)) => review.said(number),
            (_, Stage::Voided { voiding, .. }, _) => Some(voiding.reason.clone()),
            _ => None,
        };
        Self {
            form: signature.map(|signature| signature.mandate.form),
            reason,
            notation: document.stage.numbering().map(Numbering::notation),
            ..Self::beside(document, change.event.into(), change.by.clone(), document.updated_at)
        }
    }

    /// The line of what was done beside a document, without changing it.
    pub fn beside(document: &Document, deed: Deed, by: Signatory, at: Timestamp) -> Self {
        Self {
            document_id: document.id,
            revision: document.revision,
            at,
            by,
            deed,
            stage: document.stage.name(),
            reason: None,
            fields: Vec::new(),
            attachment_id: None,
            replaced_id: None,
            comment: None,
            form: None,
            notation: None,
        }
    }
}

impl Fields {
    /// Which fields differ, as the contracts name them. A field that is not compared here does not compile.
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        let Self {
            kind,
            other_kind,
            issuing_body,
            summary,
            matter,
            urgency,
            language,
            pages,
            note,
            reply_due,
            recipients,
            relations,
            circulation,
        } = self;
        let fields = [
            ("kind", *kind == other.kind && *other_kind == other.other_kind),
            ("issuing_body_id", *issuing_body == other.issuing_body),
            ("abstract", *summary == other.summary),
            ("matter", *matter == other.matter),
            ("urgency", *urgency == other.urgency),
            ("language", *language == other.language),
            ("page_amount", *pages == other.pages),
            ("note", *note == other.note),
            ("reply_due_date", *reply_due == other.reply_due),
            ("recipients", *recipients == other.recipients),
            ("relations", *relations == other.relations),
            ("circulation_mark", *circulation == other.circulation),
        ];
        fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}
