//! Going through a register from its first line, to find the first that does not fit.

use std::fmt;

use base::{Date, legal_date};

use crate::{Direction, Line, Numbers, Register, RegisterAct, Seal};

/// A line with the hashes that stand beside it, and what its document says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The line.
    pub line: Line,
    /// The hash that is said to be that of the line before.
    pub previous_hash: Option<String>,
    /// The hash that is said to be its own.
    pub hash: Option<String>,
    /// The document, or the copy of one, that the line is about, if it is there.
    pub document: Option<DocumentFacts>,
    /// Whether a recall is on record to which the agency agreed: only then may what the line says of its document be destroyed.
    pub recalled: bool,
}

/// What a line repeats of its document or copy.
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
    /// The line was there before.
    Twin,
    /// There is no such line, though there are later ones, or the register or a seal says that it was written.
    Missing,
    /// The register knows nothing of such a line.
    Beyond,
    /// It cannot be read: what the database says.
    Unreadable(String),
    /// It was written on a day before that of the line before it.
    DateOrder,
    /// It gives a number though this one was not given yet.
    NumberGap(i64),
    /// It gives a number that is no longer to be given.
    NumberTwin,
    /// It voids a number that is not given, or not any more.
    NotGiven,
    /// Its document bears an earlier date than that of the number before.
    IssueOrder,
    /// It prints another number than it is about.
    Printed,
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
    /// The register keeps another number as the last that it gave.
    LastNumber,
    /// The seal of a day does not fit: to the seal before, to what it says, or to this line.
    Seal(Date),
}

/// The ordinal of a line, and what is wrong with it.
pub type Misfit = (i64, Flaw);

/// What a register says of its own end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct End {
    /// The last line; 0 if it says nothing.
    pub line: i64,
    /// The last number that was given.
    pub number: i64,
    /// The hash of the last line.
    pub hash: Option<String>,
}

/// A register that was gone through up to some line.
#[derive(Debug)]
pub struct Verification {
    direction: Direction,
    line: i64,
    numbers: Numbers,
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
                return Err((i64::from(seal.last_line), Flaw::Seal(seal.day)));
            }
            previous.clone_from(hash);
        }
        let (hash, seals) = (register.genesis(), seals.into_iter().peekable());
        let (direction, numbers) = (register.direction, Numbers::default());
        Ok(Self { direction, line: 0, numbers, hash, day: None, sealed: None, seals })
    }

    /// The ordinal of the last line gone through; 0 before the first.
    pub fn line(&self) -> i64 {
        self.line
    }

    /// The last number that was given; 0 before the first.
    pub fn number(&self) -> i64 {
        self.numbers.last()
    }

    /// The hash of the last line gone through.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The last day that is sealed.
    pub fn sealed(&self) -> Option<Date> {
        self.sealed
    }

    /// Whether a line may have this ordinal now; asked before the rest of it is read.
    pub fn expect(&self, ordinal: i64) -> Result<(), Misfit> {
        match ordinal - self.line {
            1 => Ok(()),
            more if more > 1 => Err((self.line + 1, Flaw::Missing)),
            _ => Err((ordinal, Flaw::Twin)),
        }
    }

    /// Goes on to the next line.
    pub fn follow(&mut self, recorded: &Recorded) -> Result<(), Misfit> {
        let ordinal = i64::from(recorded.line.ordinal);
        self.expect(ordinal)?;
        self.append(recorded).map_err(|flaw| (ordinal, flaw))
    }

    fn append(&mut self, recorded: &Recorded) -> Result<(), Flaw> {
        let Recorded { line, .. } = recorded;
        let day = legal_date(line.entry.entered_at);
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
        self.numbers.follow(self.direction, &line.entry)?;
        agrees(recorded)?;
        (self.line, self.hash, self.day) = (i64::from(line.ordinal), hash, Some(day));
        self.seal(day)
    }

    /// Compares the seals that end with the present line.
    fn seal(&mut self, day: Date) -> Result<(), Flaw> {
        let line = self.line;
        while let Some(RecordedSeal { seal, .. }) =
            self.seals.next_if(|next| i64::from(next.seal.last_line) <= line)
        {
            let fits = i64::from(seal.last_line) == line && seal.line_hash == self.hash;
            if !fits || day > seal.day || self.sealed.is_some_and(|before| before > seal.day) {
                return Err(Flaw::Seal(seal.day));
            }
            self.sealed = Some(seal.day);
        }
        Ok(())
    }

    /// Ends where there are no more lines, given what the register says of its end.
    pub fn end(mut self, end: &End) -> Result<(), Misfit> {
        let sealed = self.seals.next().is_some();
        match end.line - self.line {
            0 if sealed => Err((self.line + 1, Flaw::Missing)),
            0 if end.number != self.numbers.last() => Err((self.line, Flaw::LastNumber)),
            0 if end.line == 0 || end.hash.as_ref() == Some(&self.hash) => Ok(()),
            0 => Err((self.line, Flaw::Head)),
            more if more > 0 => Err((self.line + 1, Flaw::Missing)),
            _ => Err((end.line + 1, Flaw::Beyond)),
        }
    }
}

/// Whether the document says what the line says of it, as far as the line still says anything.
fn agrees(
    Recorded { line: Line { register, entry, .. }, document, recalled, .. }: &Recorded,
) -> Result<(), Flaw> {
    if entry.act != RegisterAct::Entered {
        return Ok(());
    }
    let document = document.as_ref().ok_or(Flaw::Document("id"))?;
    let Some(facts) = entry.facts() else {
        return if *recalled { Ok(()) } else { Err(Flaw::Destroyed) };
    };
    let printed = facts.notation.starts_with(&crate::notation(entry.number, ""));
    if register.direction == Direction::Outgoing && !printed {
        return Err(Flaw::Printed);
    }
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
            Self::Twin => f.write_str("twin: the line was there before"),
            Self::Missing => f.write_str("gap: there is no such line"),
            Self::Beyond => f.write_str("beyond the end: the register never had such a line"),
            Self::Unreadable(why) => write!(f, "unreadable: {why}"),
            Self::DateOrder => f.write_str("order of dates: written on an earlier day than the line before"),
            Self::NumberGap(missing) => write!(f, "gap of numbers: number {missing} was not given before"),
            Self::NumberTwin => f.write_str("twin number: it was given before"),
            Self::NotGiven => f.write_str("void: the number is not given to anything"),
            Self::IssueOrder => f.write_str("order of issue: dated before the number before"),
            Self::Printed => f.write_str("notation: it does not begin with the number"),
            Self::Previous => f.write_str("previous hash: it is not that of the line before"),
            Self::Hash => f.write_str("hash: it is not that of what the line says"),
            Self::Destroyed => {
                f.write_str("destroyed: what it said is gone, though the agency agreed to no recall")
            }
            Self::Document(field) => write!(f, "document: its {field} is not what the line says"),
            Self::Head => f.write_str("head: the register keeps another hash of its last line"),
            Self::LastNumber => f.write_str("last number: the register keeps another one"),
            Self::Seal(day) => write!(f, "seal: the one of {day} does not fit"),
        }
    }
}
