use base::{Timestamp, Uuid};

use crate::{Officer, Post, Rejection, Signatory, Who};

/// One issued document at one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change.
    pub revision: i64,
    /// The receiving agency.
    pub recipient_id: Uuid,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Since when.
    pub updated_at: Timestamp,
}

/// Where a document stands at a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// In the inbox (01).
    Arrived,
    /// Refused (02).
    Refused,
    /// Accepted (03).
    Accepted,
}

/// What a command came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryChange {
    /// The delivery after it.
    pub delivery: Delivery,
    /// Who decided.
    pub by: Signatory,
    /// The agency in whose incoming register an accepted document is entered: the recipient, or the one that took over from it.
    pub registered_by: Uuid,
    /// What happened.
    pub event: DeliveryEvent,
}

/// What happened to a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeliveryEvent {
    /// It was accepted.
    Accepted,
    /// It was refused.
    Refused {
        /// Why.
        reason: String,
    },
}

impl Delivery {
    /// Accepts the document; its arrival number is taken in the same transaction.
    pub fn accept(self, by: &Officer, at: Timestamp) -> Result<DeliveryChange, Rejection> {
        self.decide(DeliveryStatus::Accepted, DeliveryEvent::Accepted, by, at)
    }

    /// Refuses the document. Only before acceptance (Decision 28/2018/QĐ-TTg, Article 9.1).
    pub fn refuse(self, reason: String, by: &Officer, at: Timestamp) -> Result<DeliveryChange, Rejection> {
        self.decide(DeliveryStatus::Refused, DeliveryEvent::Refused { reason }, by, at)
    }

    fn decide(
        self,
        status: DeliveryStatus,
        event: DeliveryEvent,
        by: &Officer,
        at: Timestamp,
    ) -> Result<DeliveryChange, Rejection> {
        let keeps = |post: &&Post| post.keeps_registers && post.agencies().any(|id| id == self.recipient_id);
        let post = by.posts.iter().find(keeps).ok_or(Rejection::NotAllowed(Who::RecipientDocumentOffice))?;
        let clerk = by.acting(|held| held == post).expect("the post was found among them");
        if self.status != DeliveryStatus::Arrived {
            return Err(Rejection::DeliveryDecided(self.status));
        }
        let delivery = Self { status, revision: self.revision + 1, updated_at: at, ..self };
        Ok(DeliveryChange { delivery, by: clerk, registered_by: post.agency_id, event })
    }
}

impl DeliveryStatus {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Arrived, Self::Refused, Self::Accepted];

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Arrived => "ARRIVED",
            Self::Refused => "REFUSED",
            Self::Accepted => "ACCEPTED",
        }
    }

    /// The status with this name.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The status with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}
