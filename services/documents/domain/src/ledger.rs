//! What makes a register a ledger: every line holds the hash of the one before, every seal that of the seal before.
//!
//! A hash is SHA-256 over texts, each of them in UTF-8 behind its length in bytes as four bytes, the greatest first; it is
//! written as 64 small hexadecimal digits. The first text says what is hashed, so that no line can pass for a seal. Ids are
//! in small letters with hyphens, numbers and years decimal without leading zeros, dates `2026-11-23`, times in UTC with six
//! digits after the second: `2026-11-23T01:00:00.000000Z`; what is missing is the empty text. This never changes; another
//! order or another fact would need another first text.

use base::{Date, Timestamp, Uuid};
use sha2::{Digest, Sha256};

use crate::{Description, Facts, Register, RegisterAct};

const GENESIS: &str = "congvan.register.genesis.v1";
const LINE: &str = "congvan.register.line.v1";
const SEAL_GENESIS: &str = "congvan.register.seals.v1";
const SEAL: &str = "congvan.register.seal.v1";

/// What is written into a register about a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What became of the number.
    pub act: RegisterAct,
    /// The number: 1, 2, 3 … in the order in which numbers were given.
    pub number: i32,
    /// The document that has the number, or that the copy with this number was made of; none for a number that is only reserved.
    pub document_id: Option<Uuid>,
    /// The copy that has the number, in the series of copies.
    pub copy_id: Option<Uuid>,
    /// What it says of the document or copy; none for the other acts.
    pub description: Option<Description>,
    /// The sender of an incoming document; empty for an outgoing one.
    pub counterpart_name: String,
    /// Why the number was voided or is reserved; empty for what was entered.
    pub reason: String,
    /// For whom the number is reserved; empty for the other acts.
    pub holder_name: String,
    /// The last day of the reservation; none for the other acts.
    pub reserved_until: Option<Date>,
    /// Who wrote the line; empty where the system did it by itself.
    pub officer_name: String,
    /// When the line was written, in microseconds.
    pub entered_at: Timestamp,
}

/// A line of a register, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The register.
    pub register: Register,
    /// Its ordinal there: 1, 2, 3 …
    pub ordinal: i32,
    /// What it says.
    pub entry: Entry,
}

/// That the lines of a register up to one were written before the end of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The register.
    pub register: Register,
    /// The last day in Vietnam whose lines it covers.
    pub day: Date,
    /// The last line that it covers.
    pub last_line: i32,
    /// The hash of that line.
    pub line_hash: String,
    /// When it was made, in microseconds.
    pub sealed_at: Timestamp,
}

impl Register {
    /// What stands for the hash before the first line.
    pub fn genesis(self) -> String {
        hash(&self.begin(GENESIS))
    }

    /// What stands for the hash before the first seal.
    pub fn seal_genesis(self) -> String {
        hash(&self.begin(SEAL_GENESIS))
    }

    /// What is hashed begins with the kind of thing and the register.
    fn begin(self, what: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(512);
        let (agency, year) = (self.agency_id.to_string(), self.year.to_string());
        append(&mut bytes, &[what, &agency, self.direction.code(), self.series.as_str(), &year]);
        bytes
    }
}

impl Entry {
    /// Says nothing yet but what became of a number.
    pub fn new(act: RegisterAct, number: i32, entered_at: Timestamp) -> Self {
        Self {
            act,
            number,
            document_id: None,
            copy_id: None,
            description: None,
            counterpart_name: String::new(),
            reason: String::new(),
            holder_name: String::new(),
            reserved_until: None,
            officer_name: String::new(),
            entered_at,
        }
    }

    /// What is said of the document or copy; none if nothing is, or not any more.
    pub fn facts(&self) -> Option<&Facts> {
        self.description.as_ref().and_then(Description::facts)
    }

    /// The line that voids what this one entered or reserved.
    pub fn voided(self, reason: String, officer_name: String, entered_at: Timestamp) -> Self {
        Self {
            document_id: self.document_id,
            copy_id: self.copy_id,
            reason,
            officer_name,
            ..Self::new(RegisterAct::Voided, self.number, entered_at)
        }
    }
}

impl Line {
    /// What is hashed. Lines that differ in anything, or follow different ones, have different bytes.
    pub fn bytes(&self, previous: &str) -> Vec<u8> {
        let Self { ordinal, entry, .. } = self;
        let mut bytes = self.register.begin(LINE);
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
        let texts = [
            &ordinal.to_string(),
            entry.act.code(),
            &entry.number.to_string(),
            &id(entry.document_id),
            &id(entry.copy_id),
            &entry.description.as_ref().map(Description::hash).unwrap_or_default(),
            &entry.counterpart_name,
            &entry.reason,
            &entry.holder_name,
            &date(entry.reserved_until),
            &entry.officer_name,
            &time(entry.entered_at),
            previous,
        ];
        append(&mut bytes, &texts);
        bytes
    }

    /// Its hash behind the line with the hash `previous`.
    pub fn hash(&self, previous: &str) -> String {
        hash(&self.bytes(previous))
    }
}

impl Seal {
    /// Its hash behind the seal with the hash `previous`.
    pub fn hash(&self, previous: &str) -> String {
        let mut bytes = self.register.begin(SEAL);
        let (day, last, at) = (self.day.to_string(), self.last_line.to_string(), time(self.sealed_at));
        append(&mut bytes, &[&day, &last, &self.line_hash, &at, previous]);
        hash(&bytes)
    }
}

/// Adds texts, each behind its length in bytes.
pub(crate) fn append(bytes: &mut Vec<u8>, texts: &[&str]) {
    for text in texts {
        let length = u32::try_from(text.len()).expect("no text of a register has four gigabytes");
        bytes.extend(length.to_be_bytes());
        bytes.extend(text.as_bytes());
    }
}

fn time(at: Timestamp) -> String {
    format!("{at:.6}")
}

/// The hash of what was put together.
pub(crate) fn hash(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}
