use base::Uuid;

use crate::{Period, Roles};

/// A post that a person holds: an appointment to a position, with what the position is on the day asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Its id.
    pub id: Uuid,
    /// The position.
    pub position_id: Uuid,
    /// The unit of the position.
    pub unit_id: Uuid,
    /// The agency that the unit belongs to.
    pub agency_id: Uuid,
    /// Official title.
    pub position: String,
    /// What the position allows.
    pub roles: Roles,
    /// In what capacity the person holds it.
    pub capacity: Capacity,
    /// Whether it is the person's main post.
    pub is_primary: bool,
    /// The days for which the person is appointed.
    pub period: Period,
}

/// In what capacity a person holds a position; see `congvan.directory.v1.Capacity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capacity {
    /// Holds it.
    Holder,
    /// Acts as the holder (quyền, Q.): has the powers of a head while there is none.
    Acting,
    /// Is in charge (phụ trách): leads without being the head, and signs for the head (KT.).
    InCharge,
}

impl Capacity {
    /// Every capacity.
    pub const ALL: [Self; 3] = [Self::Holder, Self::Acting, Self::InCharge];

    /// Its name in the contracts, without prefix.
    pub fn name(self) -> &'static str {
        match self {
            Self::Holder => "HOLDER",
            Self::Acting => "ACTING",
            Self::InCharge => "IN_CHARGE",
        }
    }

    /// The capacity with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|capacity| capacity.name() == name)
    }

    /// The capacity with this number in the contracts.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }
}
