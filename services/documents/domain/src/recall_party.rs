use base::{Timestamp, Uuid};

use crate::{
    Delivery, DeliveryStatus, Officer, Recall, RecallRejection, Receiver, Rejection, Signatory, Tally,
};

/// A delivery of a recalled document: whoever received it is asked to give it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecallParty {
    /// The delivery.
    pub delivery_id: Uuid,
    /// The receiving agency.
    pub recipient_id: Uuid,
    /// Where it stands.
    pub state: PartyState,
}

/// Where a delivery stands in a recall; how far its handling has come stays beside it. The codes of the exchange are in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartyState {
    /// Asked to give the document back (13).
    Requested,
    /// Agreed, and destroyed what it had (15).
    Agreed,
    /// Refused, and keeps what it has (16).
    Refused,
    /// Let the deadline pass, and keeps what it has.
    Expired,
    /// Had refused the delivery before: there is nothing to give back.
    NotNeeded,
    /// Is asked no more: the sender took the recall back.
    TakenBack,
}

/// An answer to a recall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecallAnswer {
    /// The party after it.
    pub party: RecallParty,
    /// Who answered.
    pub by: Signatory,
    /// The agencies in whose incoming register the document may stand: the recipient, and the one that took over from it.
    pub registered_by: Vec<Uuid>,
}

impl RecallParty {
    /// Agrees: what the recipient has of the document is destroyed in the same transaction, and a tombstone is left.
    pub fn agree(
        self,
        asked: (&Recall, &Delivery),
        by: &Officer,
        at: Timestamp,
    ) -> Result<RecallAnswer, Rejection> {
        self.answer(PartyState::Agreed, asked, by, at)
    }

    /// Refuses; everything stays as it is at the recipient. The reason reaches the sender.
    pub fn refuse(
        self,
        asked: (&Recall, &Delivery),
        by: &Officer,
        at: Timestamp,
    ) -> Result<RecallAnswer, Rejection> {
        self.answer(PartyState::Refused, asked, by, at)
    }

    /// Whoever receives for the recipient answers for it.
    fn answer(
        self,
        state: PartyState,
        (recall, delivery): (&Recall, &Delivery),
        by: &Officer,
        at: Timestamp,
    ) -> Result<RecallAnswer, Rejection> {
        let Receiver { by, registered_by } = delivery.receiver(by)?;
        if self.state != PartyState::Requested {
            return Err(RecallRejection::Answered(self.state).into());
        }
        recall.is_open()?;
        if at > recall.order.deadline {
            return Err(RecallRejection::DeadlinePassed(recall.order.deadline).into());
        }
        let registered_by = registered_by.into_iter().chain([self.recipient_id]).collect();
        Ok(RecallAnswer { party: Self { state, ..self }, by, registered_by })
    }
}

impl PartyState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Requested, Self::Agreed, Self::Refused, Self::Expired, Self::NotNeeded, Self::TakenBack];

    /// Where a delivery with this status begins; nothing if what was there was destroyed in a recall before.
    pub fn asked(status: DeliveryStatus, before: Option<Self>) -> Option<Self> {
        match (before, status) {
            (Some(Self::Agreed), _) => None,
            (_, DeliveryStatus::Refused) => Some(Self::NotNeeded),
            _ => Some(Self::Requested),
        }
    }

    /// Where it stands once the deadline has passed.
    pub fn expire(self) -> Self {
        if self == Self::Requested { Self::Expired } else { self }
    }

    /// Whether the recipient can still read the document.
    pub fn keeps_content(self) -> bool {
        !matches!(self, Self::Agreed | Self::NotNeeded)
    }

    /// Whether the recipient may do anything with the document: accept, refuse, handle or forward it.
    pub fn may_be_handled(self) -> Result<(), Rejection> {
        match self {
            Self::Requested => Err(RecallRejection::AwaitsAnswer.into()),
            Self::Agreed | Self::NotNeeded => Err(RecallRejection::Destroyed.into()),
            Self::Refused | Self::Expired | Self::TakenBack => Ok(()),
        }
    }

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "REQUESTED",
            Self::Agreed => "AGREED",
            Self::Refused => "REFUSED",
            Self::Expired => "EXPIRED",
            Self::NotNeeded => "NOT_NEEDED",
            Self::TakenBack => "TAKEN_BACK",
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
}

impl Tally {
    /// Counts parties, each state so many times.
    pub fn of(counts: impl IntoIterator<Item = (PartyState, usize)>) -> Self {
        let mut tally = Self::default();
        for (state, count) in counts {
            *match state {
                PartyState::Requested => &mut tally.requested,
                PartyState::Agreed => &mut tally.agreed,
                PartyState::Refused => &mut tally.refused,
                PartyState::Expired => &mut tally.expired,
                PartyState::NotNeeded => &mut tally.not_needed,
                PartyState::TakenBack => &mut tally.taken_back,
            } += count;
        }
        tally
    }
}
