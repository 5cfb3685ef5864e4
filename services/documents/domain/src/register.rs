use base::Uuid;

use crate::SeriesCode;

/// Which register of an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Documents the agency issues.
    Outgoing,
    /// Documents the agency accepted.
    Incoming,
}

/// A register: one for each agency, direction, series and year. Where several are locked at once, it is in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Register {
    /// The agency that keeps it.
    pub agency_id: Uuid,
    /// Outgoing or incoming.
    pub direction: Direction,
    /// The series that numbers it; incoming documents have the common one alone (Article 22.2).
    pub series: SeriesCode,
    /// The year in Vietnam.
    pub year: i16,
}

/// What a line of a register says of a number. The last line about a number tells how it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegisterAct {
    /// It was given to a document or a copy, once and for good.
    Entered,
    /// What it was given to was cancelled before release, or its reservation ended. Nobody gets it any more.
    Voided,
    /// It is kept for somebody until a day, where the series allows it.
    Reserved,
}

impl Register {
    /// The register of the common series.
    pub fn common(agency_id: Uuid, direction: Direction, year: i16) -> Self {
        Self { agency_id, direction, series: SeriesCode::COMMON, year }
    }
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

impl RegisterAct {
    /// Every act, in the order of the contracts.
    pub const ALL: [Self; 3] = [Self::Entered, Self::Voided, Self::Reserved];

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// How it is stored, and what is hashed of it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Entered => "ENTERED",
            Self::Voided => "VOIDED",
            Self::Reserved => "RESERVED",
        }
    }

    /// The act stored as this.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }
}
