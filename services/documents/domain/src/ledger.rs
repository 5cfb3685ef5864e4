//! What makes a register a ledger: every line holds the hash of the one before, every seal that of the seal before.
//!
//! A hash is SHA-256 over texts, each of them in UTF-8 behind its length in bytes as four bytes, the greatest first; it is
//! written as 64 small hexadecimal digits. The first text says what is hashed, so that no line can pass for a seal. Ids are
//! in small letters with hyphens, numbers and years decimal without leading zeros, dates `2026-11-23`, times in UTC with six
//! digits after the second: `2026-11-23T01:00:00.000000Z`. This never changes; another order or another fact would need
//! another first text.

use base::{Date, Timestamp, Uuid};
use sha2::{Digest, Sha256};

use crate::{Description, Register};

const GENESIS: &str = "congvan.register.genesis.v1";
const LINE: &str = "congvan.register.line.v1";
const SEAL_GENESIS: &str = "congvan.register.seals.v1";
const SEAL: &str = "congvan.register.seal.v1";

/// A line of a register, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The register.
    pub register: Register,
    /// Its number there: 1, 2, 3 …
    pub number: i32,
    /// The document.
    pub document_id: Uuid,
    /// What it says of the document.
    pub description: Description,
    /// The sender of an incoming document; empty for an outgoing one.
    pub counterpart_name: String,
    /// When the line was written, in microseconds.
    pub entered_at: Timestamp,
}

/// That the lines of a register up to a number were written before the end of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The register.
    pub register: Register,
    /// The last day in Vietnam whose lines it covers.
    pub day: Date,
    /// The last line that it covers.
    pub last_number: i32,
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
        append(&mut bytes, &[what, &agency, self.direction.code(), &year]);
        bytes
    }
}

impl Line {
    /// What is hashed. Lines that differ in anything, or follow different ones, have different bytes.
    pub fn bytes(&self, previous: &str) -> Vec<u8> {
        let mut bytes = self.register.begin(LINE);
        let texts = [
            &self.number.to_string(),
            &self.document_id.to_string(),
            &self.description.hash(),
            &self.counterpart_name,
            &time(self.entered_at),
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
        let (day, last, at) = (self.day.to_string(), self.last_number.to_string(), time(self.sealed_at));
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
