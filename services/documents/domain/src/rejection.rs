use base::{Date, Uuid};

use crate::{
    CirculationMark, DeliveryStatus, DraftingState, Gap, RecallRejection, RelationFlaw, Signatory, StageName,
};

/// Why a command was refused. Each has a reason in the contracts and a sentence that tells a clerk what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// The caller holds no post that allows it.
    NotAllowed(Who),
    /// The caller may not sign the document today; nothing is named where the agency is no agency any more.
    NoMandate(Vec<Gap>),
    /// The document has changed, or a new day begun, since the directory was asked who may sign it.
    Outdated {
        /// Its revision now.
        revision: i64,
    },
    /// The document is in another stage.
    WrongStage {
        /// Where it is.
        stage: StageName,
        /// Where it would have to be.
        needed: StageName,
    },
    /// The document was issued before.
    AlreadyIssued {
        /// Its number and symbol.
        notation: String,
    },
    /// The deliveries were made: nothing can be undone any more.
    Delivered {
        /// Its number and symbol.
        notation: String,
    },
    /// It bears a number: it is voided, not returned.
    NumberSpent {
        /// Its number and symbol.
        notation: String,
    },
    /// It was cancelled after it got its number.
    Voided {
        /// Its number and symbol.
        notation: String,
    },
    /// Checks are missing.
    ChecksOpen {
        /// What those are called that are waited for.
        names: Vec<String>,
    },
    /// The process of the document has no such check.
    NoSuchCheck {
        /// How many it has.
        checks: usize,
    },
    /// The check was made before.
    CheckMade {
        /// By whom.
        by: Signatory,
    },
    /// Content and format must be checked by different people.
    CheckedOtherHalf {
        /// What the check is called that the officer made.
        name: String,
    },
    /// The document has not come beyond that level: there is nothing to return to it.
    NotEarlier {
        /// The level that is waited for; 0 if it has no levels.
        level: i32,
    },
    /// The main file is missing.
    NoMainFile,
    /// There is a main file already.
    MainFilePresent,
    /// The document is released: nobody comments on it any more.
    CommentsClosed {
        /// Where it is.
        stage: StageName,
    },
    /// The comment was marked as resolved before.
    CommentResolved {
        /// Who did it.
        by: String,
    },
    /// The drafting was taken, done or withdrawn before.
    DraftingClosed {
        /// How far it has come.
        state: DraftingState,
    },
    /// The draft that was assigned is begun.
    DraftBegun {
        /// The draft.
        document_id: Uuid,
    },
    /// The drafting was assigned to another unit than the one that drafts.
    OtherDraftingUnit,
    /// Nobody would receive it.
    NoRecipients,
    /// The register's last number bears a later date than today (the clock went back).
    DateBeforeLastNumber {
        /// The date of the last number.
        last: Date,
    },
    /// The delivery was accepted or refused before.
    DeliveryDecided(DeliveryStatus),
    /// The delivery cannot get that status from the one that it has.
    WrongDeliveryStatus {
        /// Where it stands.
        status: DeliveryStatus,
        /// Where it was to go.
        needed: DeliveryStatus,
    },
    /// The circulation mark does not let the document go there.
    NotToCirculate(CirculationMark),
    /// Files of the document are damaged or missing: it must be refused.
    FilesBroken {
        /// How many.
        files: u32,
    },
    /// A recall is in the way, or does not go on.
    Recall(RecallRejection),
    /// It may not do to earlier documents what it says: the places of those relations, and why.
    Relations(Vec<(usize, RelationFlaw)>),
}

/// Who may do what the caller may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Someone with a drafting post in the drafting unit.
    MemberOfDraftingUnit,
    /// The drafter.
    Drafter,
    /// The drafter, or who wrote the comment.
    DrafterOrAuthor,
    /// Whoever's decision it waits for, a leader of the agency, whoever signs it, and after the signature the document office.
    Decider,
    /// Whom the check asks.
    Asked,
    /// The person to whom the drafting is assigned; anybody of the unit where none is named.
    AssignedDrafter,
    /// Head and deputies of the agency, and the head of the unit that is to draft.
    DraftingDirector,
    /// Who approved the draft.
    Approver,
    /// The document office of the issuing agency.
    DocumentOffice,
    /// The document office of the issuing agency, in person: nobody who stands in, and no API key.
    DocumentOfficeInPerson,
    /// The document office of the receiving agency.
    RecipientDocumentOffice,
    /// The members of the inner unit, or the person, to whom it was sent.
    RecipientInPerson,
    /// Leaders and document office of the receiving agency, and the head of the unit concerned.
    RecipientDirector,
    /// Leaders and document office of the receiving agency.
    RecipientOverseer,
    /// Who is to handle the document.
    Handler,
}
