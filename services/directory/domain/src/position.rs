use base::{Timestamp, Uuid};

use crate::{Period, Roles};

/// A position in a unit. It exists by itself and may be vacant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change; 1 when new.
    pub revision: i64,
    /// The unit it belongs to.
    pub unit_id: Uuid,
    /// What it is.
    pub duties: Duties,
    /// The days on which it exists.
    pub period: Period,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a position is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duties {
    /// Official title, as printed under signatures.
    pub title: String,
    /// What it allows.
    pub roles: Roles,
    /// How many may hold it at once; 0 for any number.
    pub seats: u16,
}

impl Duties {
    /// A position with this title and these roles; a leading one has one seat.
    pub fn usual(title: String, roles: Roles) -> Self {
        Self { title, roles, seats: u16::from(roles.leads_alone()) }
    }
}

impl Position {
    /// Notes a change.
    pub fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
    }
}
