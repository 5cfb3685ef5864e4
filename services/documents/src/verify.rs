//! Goes through the registers of a database to find what does not fit, page by page, while the system runs.

use std::fmt;

use base::{Date, Uuid};
use documents_domain::{Flaw, Misfit, Recorded, Register, Verification};
use sql::{Queries, Result};

use crate::store;

/// Lines that are read at once.
const PAGE: u16 = 1000;

/// Which registers to go through.
#[derive(Debug, Clone, Copy, Default)]
pub struct Selection {
    /// Those of this agency; of all when none is given.
    pub agency_id: Option<Uuid>,
    /// Those of this year; of all when none is given.
    pub year: Option<i16>,
}

/// What became of going through a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The register.
    pub register: Register,
    /// How many lines fit, from the first one on.
    pub lines: i64,
    /// The last number that they give.
    pub number: i64,
    /// The last day that a seal covers, as far as was gone.
    pub sealed: Option<Date>,
    /// The first line that does not fit, and why.
    pub misfit: Option<Misfit>,
}

/// Goes through registers one after the other and tells of each; whether all fit.
pub async fn verify(
    db: &mut impl Queries,
    selection: Selection,
    mut tell: impl FnMut(&Verdict) + Send,
) -> Result<bool> {
    let mut fits = true;
    for register in store::ledger::registers(db, selection.agency_id, selection.year).await? {
        let verdict = go_through(db, register).await?;
        fits &= verdict.misfit.is_none();
        tell(&verdict);
    }
    Ok(fits)
}

/// One register. The seals are read before the lines that they cover and the register's end before the lines up to it: what is added
/// meanwhile can only be more than they tell of.
async fn go_through(db: &mut impl Queries, register: Register) -> Result<Verdict> {
    let seals = store::seal::of_register(db, register).await?;
    let mut verification = match Verification::begin(register, seals) {
        Ok(verification) => verification,
        Err(misfit) => {
            return Ok(Verdict { register, lines: 0, number: 0, sealed: None, misfit: Some(misfit) });
        }
    };
    loop {
        let end = store::ledger::end(db, register).await?;
        let page = store::ledger::written(db, register, verification.line(), PAGE).await?;
        let full = page.len() == usize::from(PAGE);
        let misfit = follow(&mut verification, page).err();
        let (lines, number, sealed) = (verification.line(), verification.number(), verification.sealed());
        let behind = end.line > 0 && end.line < lines;
        if misfit.is_none() && (full || behind && grown(db, register, lines).await?) {
            continue;
        }
        let misfit = misfit.or_else(|| verification.end(&end).err());
        return Ok(Verdict { register, lines, number, sealed, misfit });
    }
}

/// Whether the register has come as far as the lines meanwhile.
async fn grown(db: &mut impl Queries, register: Register, lines: i64) -> Result<bool> {
    Ok(store::ledger::end(db, register).await?.line >= lines)
}

fn follow(
    verification: &mut Verification,
    page: Vec<(i64, Result<Recorded>)>,
) -> std::result::Result<(), Misfit> {
    for (ordinal, recorded) in page {
        verification.expect(ordinal)?;
        match recorded {
            Ok(recorded) => verification.follow(&recorded)?,
            Err(error) => return Err((ordinal, Flaw::Unreadable(error.to_string()))),
        }
    }
    Ok(())
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { register, lines, number, sealed, misfit } = self;
        let sealed = sealed.map_or_else(|| "not sealed yet".to_owned(), |day| format!("sealed until {day}"));
        write!(f, "{} {} ", register.agency_id, register.direction.code())?;
        if !register.series.is_common() {
            write!(f, "{} ", register.series)?;
        }
        write!(f, "{}: ", register.year)?;
        match misfit {
            None => write!(f, "{lines} lines, last number {number}, no gaps, {sealed}"),
            Some((line, flaw)) => {
                write!(f, "LINE {line} DOES NOT FIT: {flaw}; {lines} lines before it do, {sealed}")
            }
        }
    }
}
