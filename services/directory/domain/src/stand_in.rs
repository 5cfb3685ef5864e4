//! Who stands in for whom, and why.
//!
//! A stand-in does the work of a position while its holder is away: receives, handles, accepts. It is not a right to sign: signing
//! is handed on only in the forms of the decree (see [`crate::signers`]). A stand-in's stand-in does not act.

mod acting;
mod proposal;

use base::{Date, Timestamp, Uuid};

use crate::{Period, Roles};

pub use acting::{Acting, Held, Situation, acting};
pub use proposal::{OwnPost, Proposal, StandInFlaw};

/// Who decided that somebody stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The person who is away.
    Own,
    /// The secretary of that leader.
    Secretary,
    /// An administrator.
    Administrator,
    /// The rule of the position, because of an absence.
    Rule,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 4] = [Self::Own, Self::Secretary, Self::Administrator, Self::Rule];

    /// Its name in the contracts, without prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "SELF",
            Self::Secretary => "SECRETARY",
            Self::Administrator => "ADMINISTRATOR",
            Self::Rule => "RULE",
        }
    }

    /// The origin with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.name() == name)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }
}

/// Somebody named to stand in for the holder of a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandIn {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change; 1 when new.
    pub revision: i64,
    /// The position.
    pub position_id: Uuid,
    /// The holder who is away.
    pub absent_person_id: Uuid,
    /// Who stands in.
    pub person_id: Uuid,
    /// When.
    pub period: Period,
    /// Who decided it.
    pub origin: Origin,
    /// Why; may be empty.
    pub reason: String,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl StandIn {
    /// Ends it on this day: the first one without it. What had not begun then never holds.
    pub fn end(&mut self, until: Date, now: Timestamp) {
        self.period.until = until.max(self.period.from);
        self.revision += 1;
        self.updated_at = now;
    }
}

/// A time for which a person is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change; 1 when new.
    pub revision: i64,
    /// Who.
    pub person_id: Uuid,
    /// When; without end while none is known.
    pub period: Period,
    /// Why; may be empty.
    pub reason: String,
    /// When it was recorded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Absence {
    /// Ends it on this day: the first one without it. What had not begun then never holds.
    pub fn end(&mut self, until: Date, now: Timestamp) {
        self.period.until = until.max(self.period.from);
        self.revision += 1;
        self.updated_at = now;
    }
}

/// Which positions stand in for one during an absence of its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandInRule {
    /// The position.
    pub position_id: Uuid,
    /// Grows by one with each change; 0 while none was ever set.
    pub revision: i64,
    /// The positions that stand in, the first choice first; none, if nobody does by rule.
    pub substitutes: Vec<Uuid>,
}

/// The roles that a stand-in gets of a position. The head's is not among them, for it is the right to sign; a stand-in of the head
/// works as a deputy does, who sees and handles what the head would and signs only with an authority.
pub fn handed_over(roles: Roles) -> Roles {
    if roles.any_of(Roles::AGENCY_HEAD) {
        roles.without(Roles::AGENCY_HEAD).and(Roles::DEPUTY_HEAD)
    } else {
        roles
    }
}
