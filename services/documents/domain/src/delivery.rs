use base::{Timestamp, Uuid};

use crate::{Act, Assignment, Completion, DeliveryStatus, Officer, Post, Refusal, Rejection, Signatory, Who};

/// One issued document at one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change.
    pub revision: i64,
    /// To whom it was sent: an agency, an inner unit, or a person.
    pub recipient_id: Uuid,
    /// Which of these it is.
    pub recipient_kind: RecipientKind,
    /// The agency of the recipient, which may be the recipient itself.
    pub recipient_agency_id: Uuid,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// What the last look at its files found; none before the first.
    pub integrity: Option<Integrity>,
    /// Who accepted or refused it, and when.
    pub decision: Option<Act>,
    /// Why it was refused or sent back.
    pub refusal: Option<Refusal>,
    /// Who is to handle it.
    pub assignment: Option<Assignment>,
    /// How it was handled.
    pub completion: Option<Completion>,
    /// Since when it is so.
    pub updated_at: Timestamp,
}

/// What a recipient is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecipientKind {
    /// An agency: its document office receives and registers.
    Agency,
    /// An inner unit: each of its members may receive. Nothing is registered.
    Unit,
    /// A person, who receives in person. Nothing is registered.
    Person,
}

/// What a look at the files of a document found: each was read, and its SHA-256 compared with the one recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrity {
    /// All are what they were when they were issued.
    Sound,
    /// So many are damaged or missing.
    Broken(u32),
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryChange {
    /// The delivery after it.
    pub delivery: Delivery,
    /// Who did it.
    pub by: Signatory,
    /// What happened.
    pub event: DeliveryEvent,
}

/// What happened to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryEvent {
    /// It was accepted.
    Accepted {
        /// The agency in whose incoming register it is entered: the recipient, or the one that took over from it. None for an
        /// inner recipient, whose agency registers what comes from outside and not what goes round inside.
        registered_by: Option<Uuid>,
    },
    /// It was refused.
    Refused,
    /// It was sent back after it had been accepted.
    Returned,
    /// It was assigned to whoever is to handle it.
    Assigned,
    /// Somebody began to handle it.
    Started,
    /// It was handled.
    Completed,
}

/// Who receives, and where it is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// The person.
    pub by: Signatory,
    /// The agency that keeps the register; none for an inner recipient.
    pub registered_by: Option<Uuid>,
}

impl Delivery {
    /// Whether the officer receives for the recipient: checks, accepts, refuses and sends back. For an agency the document office.
    pub fn receiver(&self, by: &Officer) -> Result<Receiver, Rejection> {
        let (post, who) = match self.recipient_kind {
            RecipientKind::Agency => {
                let keeps =
                    |post: &&Post| post.keeps_registers && post.agencies().any(|id| id == self.recipient_id);
                (by.posts.iter().find(keeps), Who::RecipientDocumentOffice)
            }
            RecipientKind::Unit => {
                let member = |post: &&Post| post.drafts && post.unit_id == self.recipient_id;
                (by.posts.iter().find(member), Who::RecipientInPerson)
            }
            RecipientKind::Person => {
                let own = by.user_id == self.recipient_id;
                (by.posts.iter().find(|post| own && post.drafts), Who::RecipientInPerson)
            }
        };
        let post = post.ok_or(Rejection::NotAllowed(who))?;
        let agency = matches!(self.recipient_kind, RecipientKind::Agency);
        Ok(Receiver { by: by.as_holder(post), registered_by: agency.then_some(post.agency_id) })
    }

    /// Whether the officer could accept it now, whatever is known of its files.
    pub fn may_accept(&self, by: &Officer) -> Result<Receiver, Rejection> {
        let receiver = self.receiver(by)?;
        self.is_undecided()?;
        Ok(receiver)
    }

    /// Accepts the document, of whose files this is known (Decision 28/2018/QĐ-TTg, Article 9.1: completeness and integrity are
    /// checked before). Its arrival number is taken in the same transaction.
    pub fn accept(
        self,
        integrity: Integrity,
        by: &Officer,
        at: Timestamp,
    ) -> Result<DeliveryChange, Rejection> {
        let Receiver { by, registered_by } = self.may_accept(by)?;
        if let Integrity::Broken(files) = integrity {
            return Err(Rejection::FilesBroken { files });
        }
        let decision = Some(Act { by: by.clone(), at });
        let delivery = Self { decision, integrity: Some(integrity), ..self };
        let event = DeliveryEvent::Accepted { registered_by };
        Ok(delivery.changed(DeliveryStatus::Accepted, by, event, at))
    }

    /// Refuses the document. Only before acceptance (Decision 28/2018/QĐ-TTg, Article 9.1).
    pub fn refuse(self, refusal: Refusal, by: &Officer, at: Timestamp) -> Result<DeliveryChange, Rejection> {
        let Receiver { by, .. } = self.receiver(by)?;
        self.is_undecided()?;
        let decision = Some(Act { by: by.clone(), at });
        let delivery = Self { decision, refusal: Some(refusal), ..self };
        Ok(delivery.changed(DeliveryStatus::Refused, by, DeliveryEvent::Refused, at))
    }

    /// Sends an accepted document back: the wrong place was found late. Its arrival number stays in the register.
    pub fn send_back(
        self,
        refusal: Refusal,
        by: &Officer,
        at: Timestamp,
    ) -> Result<DeliveryChange, Rejection> {
        let Receiver { by, .. } = self.receiver(by)?;
        self.leads_to(DeliveryStatus::Returned)?;
        let delivery = Self { refusal: Some(refusal), ..self };
        Ok(delivery.changed(DeliveryStatus::Returned, by, DeliveryEvent::Returned, at))
    }

    fn is_undecided(&self) -> Result<(), Rejection> {
        let undecided = self.status == DeliveryStatus::Arrived;
        if undecided { Ok(()) } else { Err(Rejection::DeliveryDecided(self.status)) }
    }

    pub(crate) fn leads_to(&self, needed: DeliveryStatus) -> Result<(), Rejection> {
        let status = self.status;
        if status.leads_to(needed) { Ok(()) } else { Err(Rejection::WrongDeliveryStatus { status, needed }) }
    }

    pub(crate) fn changed(
        self,
        status: DeliveryStatus,
        by: Signatory,
        event: DeliveryEvent,
        at: Timestamp,
    ) -> DeliveryChange {
        let delivery = Self { status, revision: self.revision + 1, updated_at: at, ..self };
        DeliveryChange { delivery, by, event }
    }
}

impl RecipientKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Agency, Self::Unit, Self::Person];

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Agency => "AGENCY",
            Self::Unit => "UNIT",
            Self::Person => "PERSON",
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
}
