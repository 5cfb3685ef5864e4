//! Units and people from files: read, compared with the directory (which changes nothing), kept as a job, and written when the
//! job is committed.
//!
//! A file is compared with one function, both when it is staged and right before its rows are written: a row is written only
//! if the comparison still comes to what was shown, whatever has changed in between.

mod apply;
mod carried;
mod columns;
mod compare;
mod format;
mod header;
mod mistake;
mod outcome;
mod plan_people;
mod plan_units;
mod posts;
mod read_people;
mod read_units;
mod row;
mod staged;
mod table;
mod units_index;
mod wish;
mod words;
mod write;

pub(crate) use apply::{apply, overtaken};
pub(crate) use compare::compare;
pub(crate) use format::{Format, TableWriter};
pub(crate) use mistake::{Change, Mistake};
pub(crate) use outcome::{Action, Around};
pub(crate) use posts::Codes;
pub(crate) use staged::{Staged, read};
pub(crate) use table::{people_header, people_rows, unit_header, unit_rows};

/// How many units or people are written, or compared, at once.
pub(crate) const BATCH: u16 = 1000;
