use base::{Date, Timestamp, Uuid};

use crate::{Period, Scope};

/// How the right to sign is handed on (Decree 30/2020/NĐ-CP, Article 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GrantForm {
    /// KT.: a deputy signs for the head, in the field assigned (clause 1 and 2).
    ForHead,
    /// TL.: the head of a unit signs certain kinds by order, as the working regulation lays down (clause 4).
    ByOrder,
    /// TUQ.: the head of a subordinate agency or unit signs by written authorisation, limited in time and content, never passed on
    /// (clause 3).
    ByDelegation,
}

impl GrantForm {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::ForHead, Self::ByOrder, Self::ByDelegation];

    /// Its name in the contracts, without prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::ForHead => "FOR_HEAD",
            Self::ByOrder => "BY_ORDER",
            Self::ByDelegation => "BY_DELEGATION",
        }
    }

    /// The form with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The form with this number in the contracts.
    pub fn numbered(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.number() == number)
    }
}

/// A right to sign, handed from one position to another.
///
/// It belongs to the positions: who is appointed later takes it over. An assignment (KT.) and an order (TL.) outlast a vacancy of
/// the head's position; an authorisation (TUQ.) rests while nobody holds it, for there is nobody then who authorises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change; 1 when new.
    pub revision: i64,
    /// The agency whose documents are signed.
    pub agency_id: Uuid,
    /// How it is handed on.
    pub form: GrantForm,
    /// The position it comes from.
    pub grantor_position_id: Uuid,
    /// The position it goes to.
    pub grantee_position_id: Uuid,
    /// What may be signed.
    pub scope: Scope,
    /// When it holds, as granted.
    pub period: Period,
    /// The first day on which it is revoked.
    pub revoked_from: Option<Date>,
    /// Number and symbol of the decision or regulation it rests on.
    pub basis: String,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What an authority is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It begins later, on this day.
    NotYet(Date),
    /// It holds.
    Live,
    /// It has ended: this was the first day without it.
    Over(Date),
    /// It was revoked from this day on.
    Revoked(Date),
}

impl Authority {
    /// What it is on this day.
    pub fn on(&self, date: Date) -> Life {
        match self.revoked_from {
            Some(from) if from <= date => Life::Revoked(from),
            _ if date < self.period.from => Life::NotYet(self.period.from),
            _ if date < self.period.until => Life::Live,
            _ => Life::Over(self.period.until),
        }
    }

    /// When it really holds: until it ends or is revoked.
    pub fn in_force(&self) -> Period {
        let until = self.revoked_from.map_or(self.period.until, |from| from.min(self.period.until));
        Period { from: self.period.from, until }
    }

    /// Revokes it from this day on.
    pub fn revoke(&mut self, from: Date, now: Timestamp) {
        self.revoked_from = Some(from);
        self.revision += 1;
        self.updated_at = now;
    }
}
