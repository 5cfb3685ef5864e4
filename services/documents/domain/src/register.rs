use base::Uuid;

/// Which register of an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Documents the agency issues.
    Outgoing,
    /// Documents the agency accepted.
    Incoming,
}

/// A register: one common series per agency, direction and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Register {
    /// The agency that keeps it.
    pub agency_id: Uuid,
    /// Outgoing or incoming.
    pub direction: Direction,
    /// The year in Vietnam.
    pub year: i16,
}

impl Direction {
    /// The register with this number in the contracts.
    pub fn numbered(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::Outgoing),
            2 => Some(Self::Incoming),
            _ => None,
        }
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        match self {
            Self::Outgoing => 1,
            Self::Incoming => 2,
        }
    }

    /// How it is stored, and what is hashed of it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Outgoing => "OUTGOING",
            Self::Incoming => "INCOMING",
        }
    }

    /// The register stored as this.
    pub fn coded(code: &str) -> Option<Self> {
        [Self::Outgoing, Self::Incoming].into_iter().find(|direction| direction.code() == code)
    }
}
