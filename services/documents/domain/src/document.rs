use base::{Date, Timestamp, Uuid, legal_date};

use crate::{
    Act, Action, CirculationMark, Clearance, Kind, KindKey, Officer, OtherKind, Recipient, Rejection,
    Relation, Review, Signatory, Signature, Signed, Stage, StageName, Urgency, Who, may,
};

/// Limits of the fields, in characters or units (Appendix VI, Part II.I; wider where identifiers and names have grown).
pub mod limits {
    /// Abstract (Subject).
    pub const ABSTRACT: usize = 500;
    /// Matter, as authorities to sign name it.
    pub const MATTER: usize = 100;
    /// Note (Description).
    pub const NOTE: usize = 500;
    /// Language.
    pub const LANGUAGE: usize = 30;
    /// Pages (PageAmount).
    pub const PAGES: i32 = 99_999;
    /// Recipients of one document.
    pub const RECIPIENTS: usize = 5_000;
    /// Positions, groups and rules among the recipients of one document.
    pub const RECIPIENT_SETS: usize = 50;
    /// Files of one document.
    pub const FILES: usize = 200;
    /// Text of a comment.
    pub const COMMENT: usize = 2_000;
    /// Earlier documents that one document names.
    pub const RELATIONS: usize = 50;
    /// Reason of a return or refusal.
    pub const REASON: usize = 500;
    /// Directive of an assignment, and result of the handling.
    pub const DIRECTIVE: usize = 2_000;
    /// Number and symbol of a reply.
    pub const NOTATION: usize = 50;
    /// File name.
    pub const FILE_NAME: usize = 255;
    /// Name of a check.
    pub const CHECK_NAME: usize = 100;
    /// Seconds for which a release may be held to be undone.
    pub const UNDO_SECONDS: i32 = 60;
    /// The part of a document that a copy repeats.
    pub const EXTRACT: usize = 500;
    /// Abbreviation of a kind of the catalogue.
    pub const ABBREVIATION: usize = 20;
    /// Name of a kind of the catalogue.
    pub const KIND_NAME: usize = 100;
    /// Name of a number series.
    pub const SERIES_NAME: usize = 100;
    /// The decision that a number series rests on.
    pub const BASIS: usize = 300;
}

/// An outgoing document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change.
    pub revision: i64,
    /// The agency that issues it.
    pub agency_id: Uuid,
    /// Name of that agency when the draft was created.
    pub agency_name: String,
    /// The unit that drafts it.
    pub drafting_unit_id: Uuid,
    /// Who drafts it.
    pub drafter: Signatory,
    /// What the drafter wrote.
    pub fields: Fields,
    /// Whether the main file is attached.
    pub has_main_file: bool,
    /// How far it has come.
    pub stage: Stage,
    /// Its way through the process of its agency; none before it was submitted, and of what was submitted before checks were recorded.
    pub review: Option<Review>,
    /// When the draft was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What the drafter writes; checked against the [`limits`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields {
    /// Kind.
    pub kind: Kind,
    /// The kind of the catalogue, as it was when it was written down; there if and only if the kind is [`Kind::Other`].
    pub other_kind: Option<OtherKind>,
    /// The advisory body that is shown as issuer; none when the agency issues itself.
    pub issuing_body: Option<IssuingBody>,
    /// One-line summary.
    pub summary: String,
    /// Matter or field in the words of the agency, on which the right to sign may depend; may be empty.
    pub matter: String,
    /// Urgency.
    pub urgency: Urgency,
    /// Language.
    pub language: String,
    /// Pages.
    pub pages: i32,
    /// Note.
    pub note: String,
    /// Date by which an answer is asked for.
    pub reply_due: Option<Date>,
    /// Where it goes.
    pub recipients: Vec<Recipient>,
    /// What it does to earlier documents.
    pub relations: Vec<Relation>,
    /// How far it may go round.
    pub circulation: Option<CirculationMark>,
}

/// A council, board or team of the agency that is shown as issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuingBody {
    /// A unit of the agency.
    pub unit_id: Uuid,
    /// Its name when it was written down.
    pub name: String,
}

impl Fields {
    /// The kind as number series name it.
    pub fn kind_key(&self) -> KindKey {
        self.other_kind.as_ref().map_or(KindKey::Decreed(self.kind), |other| KindKey::Other(other.id))
    }

    /// The name of the kind.
    pub fn kind_name(&self) -> &str {
        self.other_kind.as_ref().map_or(self.kind.name(), |other| &other.name)
    }
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The document after it.
    pub document: Document,
    /// What happened.
    pub event: Event,
    /// Who did it, in which post.
    pub by: Signatory,
}

/// What happened to a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The draft was created.
    Created,
    /// Its fields were rewritten.
    Updated,
    /// A file was attached.
    Attached,
    /// A file came in the place of another.
    FileReplaced,
    /// A file was taken off.
    FileRemoved,
    /// The files were put into another order.
    FilesArranged,
    /// It was put before whoever checks it and may sign it.
    Submitted,
    /// A check was made.
    Checked {
        /// Its place in the process.
        number: i32,
    },
    /// It was returned to the drafter, or to an earlier level of checks.
    Returned,
    /// The draft was approved.
    Approved,
    /// It was signed.
    Signed,
    /// It got number and date.
    Numbered,
    /// It got the seal of the agency.
    Sealed,
    /// Its release was ordered, and can still be undone.
    ReleaseOrdered,
    /// That order was taken back.
    ReleaseUndone,
    /// It was delivered.
    Issued,
    /// It was cancelled before release, its number spent.
    Voided,
}

impl Document {
    /// Begins a draft in the unit of one of the officer's posts.
    pub fn create(
        id: Uuid,
        (unit_id, agency_name): (Uuid, String),
        fields: Fields,
        by: &Officer,
        at: Timestamp,
    ) -> Result<Change, Rejection> {
        let post = by.posts.iter().find(|post| post.unit_id == unit_id && post.drafts);
        let post = post.ok_or(Rejection::NotAllowed(Who::MemberOfDraftingUnit))?;
        let drafter = by.acting(|held| held == post).expect("the post was found among them");
        let document = Self {
            id,
            revision: 1,
            agency_id: post.agency_id,
            agency_name,
            drafting_unit_id: unit_id,
            drafter,
            fields,
            has_main_file: false,
            stage: Stage::Draft { returned: None },
            review: None,
            created_at: at,
            updated_at: at,
        };
        let by = document.drafter.clone();
        Ok(Change { document, event: Event::Created, by })
    }

    /// Rewrites the fields of a draft.
    pub fn update(self, fields: Fields, by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let drafter = may(by, Action::Draft, &self)?;
        self.needs(StageName::Draft)?;
        Ok(Self { fields, ..self }.changed(Event::Updated, drafter, at))
    }

    /// Attaches a file to a draft.
    pub fn attach(self, main: bool, by: &Officer, at: Timestamp) -> Result<Change, Rejection> {
        let drafter = may(by, Action::Draft, &self)?;
        self.needs(StageName::Draft)?;
        if main && self.has_main_file {
            return Err(Rejection::MainFilePresent);
        }
        Ok(Self { has_main_file: self.has_main_file || main, ..self }.changed(Event::Attached, drafter, at))
    }

    /// Approves the draft: the right of whoever may sign it (Article 11.1).
    pub fn approve(self, by: &Officer, clearance: &Clearance, at: Timestamp) -> Result<Change, Rejection> {
        let (signer, _) = by.cleared(clearance)?;
        self.needs(StageName::InReview)?;
        if self.review.as_ref().is_some_and(|review| !review.approval_first) {
            self.is_checked()?;
        }
        self.is_as_asked(clearance, at)?;
        let stage = Stage::Approved { approval: Act { by: signer.clone(), at } };
        Ok(Self { stage, ..self }.changed(Event::Approved, signer, at))
    }

    /// Records the signature of the one who approved the draft and may still sign it, in the form of this day (Article 13); every check
    /// is made then (Article 12).
    pub fn sign(self, by: &Officer, clearance: &Clearance, at: Timestamp) -> Result<Change, Rejection> {
        let (signer, mandate) = by.cleared(clearance)?;
        let Stage::Approved { approval } = &self.stage else {
            return Err(self.wrong_stage(StageName::Approved));
        };
        if approval.by.user_id != signer.user_id {
            return Err(Rejection::NotAllowed(Who::Approver));
        }
        self.is_checked()?;
        self.is_as_asked(clearance, at)?;
        let signature = Signature { act: Act { by: signer.clone(), at }, mandate: mandate.clone() };
        let stage = Stage::Signed(Signed { approval: approval.clone(), signature });
        Ok(Self { stage, ..self }.changed(Event::Signed, signer, at))
    }

    /// Whether the directory was asked about the document as it is, for this day.
    pub(crate) fn is_as_asked(&self, clearance: &Clearance, at: Timestamp) -> Result<(), Rejection> {
        if clearance.revision == self.revision && clearance.on == legal_date(at) {
            Ok(())
        } else {
            Err(Rejection::Outdated { revision: self.revision })
        }
    }

    pub(crate) fn is_complete(&self) -> Result<(), Rejection> {
        if !self.has_main_file {
            return Err(Rejection::NoMainFile);
        }
        if self.fields.recipients.is_empty() {
            return Err(Rejection::NoRecipients);
        }
        Ok(())
    }

    pub(crate) fn needs(&self, needed: StageName) -> Result<(), Rejection> {
        if self.stage.name() == needed { Ok(()) } else { Err(self.wrong_stage(needed)) }
    }

    pub(crate) fn wrong_stage(&self, needed: StageName) -> Rejection {
        match (self.stage.name(), self.stage.numbering()) {
            (StageName::Issued, Some(numbering)) => {
                Rejection::AlreadyIssued { notation: numbering.notation() }
            }
            (StageName::Voided, Some(numbering)) => Rejection::Voided { notation: numbering.notation() },
            (stage, _) => Rejection::WrongStage { stage, needed },
        }
    }

    pub(crate) fn changed(self, event: Event, by: Signatory, at: Timestamp) -> Change {
        Change { document: Self { revision: self.revision + 1, updated_at: at, ..self }, event, by }
    }
}
