//! Recall of an issued document (Decree 30/2020/NĐ-CP, Article 18.4 and Appendix VI, Part III.8; Decision 28/2018/QĐ-TTg, Articles
//! 8.2 and 9.2).
//!
//! The decision to recall is a document: the notice, which whoever is competent signed and the document office issued. So the document
//! office gives the request, and nobody decides a second time. From the request on the document is frozen at the sender. Whoever
//! received it is asked, one by one: see [`crate::RecallParty`].

use base::{Timestamp, Uuid};

use crate::{Act, Document, Officer, PartyState, Rejection, RelationKind, Signatory, StageName, Who};

/// A recall of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change.
    pub revision: i64,
    /// The document.
    pub document_id: Uuid,
    /// The agency that issued it.
    pub agency_id: Uuid,
    /// What it is about and until when.
    pub order: RecallOrder,
    /// How far it has come.
    pub state: RecallState,
    /// Who requested it, and when.
    pub requested: Act,
    /// Who took it back, when and why.
    pub cancelled: Option<(Act, String)>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a recall is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecallOrder {
    /// The notice of the recall: an issued document.
    pub notice_document_id: Uuid,
    /// Why.
    pub reason: String,
    /// Until when an answer is awaited.
    pub deadline: Timestamp,
}

/// How far a recall has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecallState {
    /// Somebody has not answered yet.
    UnderWay,
    /// Everybody agreed or had nothing any more.
    Complete,
    /// Everybody answered or let the deadline pass, and somebody still has the document.
    Incomplete,
    /// Taken back before anybody agreed.
    Cancelled,
}

/// How many parties stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Asked, and still to answer.
    pub requested: usize,
    /// Agreed.
    pub agreed: usize,
    /// Refused.
    pub refused: usize,
    /// Let the deadline pass.
    pub expired: usize,
    /// Had nothing to give back.
    pub not_needed: usize,
    /// Asked no more.
    pub taken_back: usize,
}

/// Why a recall does not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecallRejection {
    /// The document is being recalled, or was: nothing is done with it any more.
    Recalled(RecallState),
    /// What is named as the notice is none of this agency for this document.
    NoNotice(NoticeFlaw),
    /// The recall is not under way any more.
    Closed(RecallState),
    /// Somebody agreed and destroyed the document: the recall cannot be taken back.
    Agreed,
    /// The recipient is not asked to give anything back.
    NotAsked,
    /// The recipient answered before.
    Answered(PartyState),
    /// The deadline has passed.
    DeadlinePassed(Timestamp),
    /// The recipient is asked to give the document back: nothing else is done with it before that is answered.
    AwaitsAnswer,
    /// The recipient destroyed the document.
    Destroyed,
}

/// What a document lacks to be the notice of a recall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeFlaw {
    /// It is not there, or of another agency.
    Unknown,
    /// It is not issued.
    NotIssued,
    /// It is neither công văn nor thông báo.
    Kind,
    /// It does not name the document as the one that it recalls.
    OtherDocument,
}

impl Recall {
    /// Requests a recall. `notice` is the document named as its notice, `before` how the last one stands that was not
    /// taken back.
    pub fn request(
        id: Uuid,
        (document, notice): (&Document, Option<&Document>),
        before: Option<RecallState>,
        order: RecallOrder,
        by: &Officer,
        at: Timestamp,
    ) -> Result<Self, Rejection> {
        let requester = office(by, document.agency_id)?;
        match document.stage.name() {
            StageName::Issued => {}
            stage => return Err(Rejection::WrongStage { stage, needed: StageName::Issued }),
        }
        if let Some(state) = before.filter(|state| !state.may_be_repeated()) {
            return Err(RecallRejection::Recalled(state).into());
        }
        fits(notice, document, by).map_err(RecallRejection::NoNotice)?;
        if order.deadline <= at {
            return Err(RecallRejection::DeadlinePassed(order.deadline).into());
        }
        Ok(Self {
            id,
            revision: 0, // the first is that of the recall with its parties
            document_id: document.id,
            agency_id: document.agency_id,
            order,
            state: RecallState::UnderWay,
            requested: Act { by: requester, at },
            cancelled: None,
            updated_at: at,
        })
    }

    /// The recall after answers, given how many parties stand where.
    pub fn settle(self, tally: Tally, at: Timestamp) -> Self {
        Self { state: RecallState::of(tally), revision: self.revision + 1, updated_at: at, ..self }
    }

    /// Takes it back. Not once somebody has agreed: what was destroyed stays destroyed.
    pub fn cancel(
        self,
        tally: Tally,
        reason: String,
        by: &Officer,
        at: Timestamp,
    ) -> Result<Self, Rejection> {
        let clerk = office(by, self.agency_id)?;
        self.is_open()?;
        if tally.agreed > 0 {
            return Err(RecallRejection::Agreed.into());
        }
        let cancelled = Some((Act { by: clerk, at }, reason));
        Ok(Self {
            state: RecallState::Cancelled,
            cancelled,
            revision: self.revision + 1,
            updated_at: at,
            ..self
        })
    }

    /// Whether answers are still taken.
    pub fn is_open(&self) -> Result<(), Rejection> {
        if self.state == RecallState::UnderWay {
            Ok(())
        } else {
            Err(RecallRejection::Closed(self.state).into())
        }
    }

    /// Whether nobody may answer any more.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.state == RecallState::UnderWay && now > self.order.deadline
    }
}

/// The document office of an agency, or of the one that took over from it.
fn office(by: &Officer, agency_id: Uuid) -> Result<Signatory, Rejection> {
    let clerk = by.acting(|post| post.keeps_registers && post.agencies().any(|id| id == agency_id));
    clerk.ok_or(Rejection::NotAllowed(Who::DocumentOffice))
}

/// Whether a document is the notice of a recall of this one, by its agency or by the one that took over from it.
fn fits(notice: Option<&Document>, document: &Document, by: &Officer) -> Result<(), NoticeFlaw> {
    let of_sender = |notice: &&Document| {
        let own = by.posts.iter().filter(|post| post.agencies().any(|id| id == document.agency_id));
        own.flat_map(crate::Post::agencies).any(|id| id == notice.agency_id)
    };
    let notice = notice.filter(of_sender).ok_or(NoticeFlaw::Unknown)?;
    if notice.stage.name() != StageName::Issued {
        return Err(NoticeFlaw::NotIssued);
    }
    if !RelationKind::RecallNotice.admits(notice.fields.kind) {
        return Err(NoticeFlaw::Kind);
    }
    let names =
        notice.fields.relations.iter().any(|relation| {
            relation.kind == RelationKind::RecallNotice && relation.document_id == document.id
        });
    if names { Ok(()) } else { Err(NoticeFlaw::OtherDocument) }
}

impl NoticeFlaw {
    /// Its name in the metadata of a refusal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::NotIssued => "NOT_ISSUED",
            Self::Kind => "KIND",
            Self::OtherDocument => "OTHER_DOCUMENT",
        }
    }
}

impl RecallState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::UnderWay, Self::Complete, Self::Incomplete, Self::Cancelled];

    /// What a recall comes to whose parties stand so.
    pub fn of(tally: Tally) -> Self {
        match tally {
            Tally { requested: 1.., .. } => Self::UnderWay,
            Tally { refused: 0, expired: 0, .. } => Self::Complete,
            Tally { .. } => Self::Incomplete,
        }
    }

    /// Whether the sender may ask once more: nobody is being asked, and somebody still has the document.
    pub fn may_be_repeated(self) -> bool {
        matches!(self, Self::Incomplete | Self::Cancelled)
    }

    /// Whether the document may still be forwarded, urged, corrected, replaced or undone. It is frozen from the request on, and not only
    /// until the last answer: a copy that was made now would be asked by nobody.
    pub fn lets_go(self) -> Result<(), Rejection> {
        if self.freezes() { Err(RecallRejection::Recalled(self).into()) } else { Ok(()) }
    }

    /// Whether it freezes the document.
    pub fn freezes(self) -> bool {
        self != Self::Cancelled
    }

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnderWay => "UNDER_WAY",
            Self::Complete => "COMPLETE",
            Self::Incomplete => "INCOMPLETE",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// The state with this name.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The state with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}

impl From<RecallRejection> for Rejection {
    fn from(why: RecallRejection) -> Self {
        Self::Recall(why)
    }
}
