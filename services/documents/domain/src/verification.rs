//! Going through a register from its first line, to find the first that does not fit.

use std::fmt;

use base::{Date, legal_date};

use crate::{Line, Register, Seal};

/// A line with the hashes that stand beside it, and what its document says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The line.
    pub line: Line,
    /// The hash that is said to be that of the line before.
    pub previous_hash: Option<String>,
    /// The hash that is said to be its own.
    pub hash: Option<String>,
    /// The document, if it is there.
    pub document: Option<DocumentFacts>,
    /// Whether a recall is on record to which the agency agreed: only then may what the line says of its document be destroyed.
    pub recalled: bool,
}

/// What a line repeats of its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFacts {
    /// Number and symbol; none if it was never issued.
    pub notation: Option<String>,
    /// Its date.
    pub issued_on: Option<Date>,
    /// Abstract.
    pub summary: String,
    /// Who signed.
    pub signer_name: Option<String>,
}

/// A seal with the hashes that stand beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedSeal {
    /// The seal.
    pub seal: Seal,
    /// The hash that is said to be that of the seal before.
    pub previous_hash: String,
    /// The hash that is said to be its own.
    pub hash: String,
}

/// What is wrong with a line, or with the seal of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// Its number was there before.
    Twin,
    /// There is no line with this number, though there are later ones, or the register or a seal says that it was given.
    Missing,
    /// The register knows nothing of a line with this number.
    Beyond,
    /// It cannot be read: what the database says.
    Unreadable(String),
    /// It was written on a day before that of the line before it.
    DateOrder,
    /// It names another hash as that of the line before.
    Previous,
    /// Its hash is not that of what it says.
    Hash,
    /// What it said of its document is destroyed, though the agency agreed to no recall of it.
    Destroyed,
    /// Its document says something else: the field.
    Document(&'static str),
    /// The register keeps another hash as that of its last line.
    Head,
    /// The seal of a day does not fit: to the seal before, to what it says, or to this line.
    Seal(Date),
}

/// The number of a line, and what is wrong with it.
pub type Misfit = (i64, Flaw);

/// A register that was gone through up to some line.
#[derive(Debug)]
pub struct Verification {
    number: i64,
    hash: String,
    day: Option<Date>,
    sealed: Option<Date>,
    seals: std::iter::Peekable<std::vec::IntoIter<RecordedSeal>>,
}

impl Verification {
    /// Begins before the first line, with all the seals of the register in the order of the lines they end with.
    pub fn begin(register: Register, seals: Vec<RecordedSeal>) -> Result<Self, Misfit> {
        let mut previous = register.seal_genesis();
        for recorded in &seals {
            let RecordedSeal { seal, previous_hash, hash } = recorded;
            if *previous_hash != previous || *hash != seal.hash(&previous) {
                return Err((i64::from(seal.last_number), Flaw::Seal(seal.day)));
            }
            previous.clone_from(hash);
        }
        let (hash, seals) = (register.genesis(), seals.into_iter().peekable());
        Ok(Self { number: 0, hash, day: None, sealed: None, seals })
    }

    /// The number of the last line gone through; 0 before the first.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The hash of that line.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The last day that is sealed.
    pub fn sealed(&self) -> Option<Date> {
        self.sealed
    }

    /// Whether a line may have this number now; asked before the rest of it is read.
    pub fn expect(&self, number: i64) -> Result<(), Misfit> {
        match number - self.number {
            1 => Ok(()),
            more if more > 1 => Err((self.number + 1, Flaw::Missing)),
            _ => Err((number, Flaw::Twin)),
        }
    }

    /// Goes on to the next line.
    pub fn follow(&mut self, recorded: &Recorded) -> Result<(), Misfit> {
        let number = i64::from(recorded.line.number);
        self.expect(number)?;
        self.append(recorded).map_err(|flaw| (number, flaw))
    }

    fn append(&mut self, recorded: &Recorded) -> Result<(), Flaw> {
        let Recorded { line, .. } = recorded;
        let day = legal_date(line.entered_at);
        if recorded.previous_hash.as_ref() != Some(&self.hash) {
            return Err(Flaw::Previous);
        }
        let hash = line.hash(&self.hash);
        if recorded.hash.as_ref() != Some(&hash) {
            return Err(Flaw::Hash);
        }
        if self.day.is_some_and(|before| day < before) {
            return Err(Flaw::DateOrder);
        }
        agrees(recorded)?;
        (self.number, self.hash, self.day) = (i64::from(line.number), hash, Some(day));
        self.seal(day)
    }

    /// Compares the seals that end with the present line.
    fn seal(&mut self, day: Date) -> Result<(), Flaw> {
        let number = self.number;
        while let Some(RecordedSeal { seal, .. }) =
            self.seals.next_if(|next| i64::from(next.seal.last_number) <= number)
        {
            let fits = i64::from(seal.last_number) == number && seal.line_hash == self.hash;
            if !fits || day > seal.day || self.sealed.is_some_and(|before| before > seal.day) {
                return Err(Flaw::Seal(seal.day));
            }
            self.sealed = Some(seal.day);
        }
        Ok(())
    }

    /// Ends where there are no more lines, given what the register says of its last one; nothing if it says nothing.
    pub fn end(mut self, last: Option<(i64, Option<String>)>) -> Result<(), Misfit> {
        let (last, head) = last.unwrap_or_default();
        let sealed = self.seals.next().is_some();
        match last - self.number {
            0 if sealed => Err((self.number + 1, Flaw::Missing)),
            0 if last == 0 || head.as_ref() == Some(&self.hash) => Ok(()),
            0 => Err((self.number, Flaw::Head)),
            more if more > 0 => Err((self.number + 1, Flaw::Missing)),
            _ => Err((last + 1, Flaw::Beyond)),
        }
    }
}

/// Whether the document says what the line says of it, as far as the line still says anything.
fn agrees(Recorded { line, document, recalled, .. }: &Recorded) -> Result<(), Flaw> {
    let document = document.as_ref().ok_or(Flaw::Document("id"))?;
    let Some(facts) = line.description.facts() else {
        return if *recalled { Ok(()) } else { Err(Flaw::Destroyed) };
    };
    let fields = [
        ("notation", document.notation.as_ref() == Some(&facts.notation)),
        ("date", document.issued_on == Some(facts.issued_on)),
        ("abstract", document.summary == facts.summary),
        ("signer", document.signer_name.as_ref() == Some(&facts.signer_name)),
    ];
    fields.into_iter().find(|(_, same)| !same).map_or(Ok(()), |(name, _)| Err(Flaw::Document(name)))
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twin => f.write_str("twin: the number was there before"),
            Self::Missing => f.write_str("gap: there is no line with this number"),
            Self::Beyond => f.write_str("beyond the end: the register never gave this number"),
            Self::Unreadable(why) => write!(f, "unreadable: {why}"),
            Self::DateOrder => f.write_str("order of dates: written on an earlier day than the line before"),
            Self::Previous => f.write_str("previous hash: it is not that of the line before"),
            Self::Hash => f.write_str("hash: it is not that of what the line says"),
            Self::Destroyed => {
                f.write_str("destroyed: what it said is gone, though the agency agreed to no recall")
            }
            Self::Document(field) => write!(f, "document: its {field} is not what the line says"),
            Self::Head => f.write_str("head: the register keeps another hash of its last line"),
            Self::Seal(day) => write!(f, "seal: the one of {day} does not fit"),
        }
    }
}
