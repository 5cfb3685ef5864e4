//! Registers, written line by line. Numbers come only from the row of the register, which stays locked until the transaction ends:
//! a number is given for good with the commit, or not at all. Of several registers the rows are locked in their order.

use std::ops::RangeInclusive;

use base::{Date, Timestamp, Uuid};
use documents_domain::{Description, Direction, Entry, Facts, Line, Register, RegisterAct};
use sql::{Column, Kind, Queries, Result, Row, Value, Write, params};

use super::{inconsistent, ledger::register_of};

sql::statements! {
    TAKE = "INSERT INTO register (agency_id, direction, series, year, last_number, last_line, last_date, last_hash)
        VALUES ($1, $2, $3, $4, $5, 0, $6, $7)
        ON CONFLICT (agency_id, direction, series, year)
            DO UPDATE SET last_number = register.last_number + $5, last_date = $6 WHERE register.last_date <= $6
        RETURNING last_number, last_line, last_hash";
    LAST_DATE = "SELECT last_date FROM register WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4";
    SET_END = "UPDATE register SET last_line = $5, last_hash = $6
        WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4";
    ENTERED = "SELECT * FROM register_entry
        WHERE agency_id = $1 AND direction = $2 AND document_id = $3 AND act = 'ENTERED' AND copy_id IS NULL";
    ENTRIES = "SELECT * FROM register_entry
        WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4 AND line > $5 ORDER BY line LIMIT $6";
}

const COLUMNS: [Column; 22] = [
    Column::new("agency_id", Kind::Uuid),
    Column::new("direction", Kind::Text),
    Column::new("series", Kind::Text),
    Column::new("year", Kind::Int),
    Column::new("line", Kind::Int),
    Column::new("act", Kind::Text),
    Column::new("number", Kind::Int),
    Column::new("document_id", Kind::Uuid),
    Column::new("copy_id", Kind::Uuid),
    Column::new("notation", Kind::Text),
    Column::new("issued_on", Kind::Date),
    Column::new("summary", Kind::Text),
    Column::new("signer_name", Kind::Text),
    Column::new("salt", Kind::Text),
    Column::new("counterpart_name", Kind::Text),
    Column::new("reason", Kind::Text),
    Column::new("holder_name", Kind::Text),
    Column::new("reserved_until", Kind::Date),
    Column::new("officer_name", Kind::Text),
    Column::new("created_at", Kind::Time),
    Column::new("previous_hash", Kind::Text),
    Column::new("hash", Kind::Text),
];

/// A register whose row is locked, with the numbers that were taken and the line that the next ones follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    register: Register,
    first: i32,
    last: i32,
    last_line: i32,
    last_hash: String,
}

/// A line with the hashes beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) line: Line,
    pub(crate) previous_hash: String,
    pub(crate) hash: String,
    /// The recall for which what it said of its document was destroyed.
    pub(crate) recall_id: Option<Uuid>,
}

impl Taken {
    /// The numbers, in order; none if none were asked for.
    pub(crate) fn numbers(&self) -> RangeInclusive<i32> {
        self.first..=self.last
    }

    /// The number, of whoever took one.
    pub(crate) fn number(&self) -> i32 {
        self.last
    }
}

/// Takes the next `count` numbers for what bears this date, and locks the register; with a count of 0 it is only locked, for lines about
/// numbers that were given before. The date of the last line if that is later.
pub(crate) async fn take(
    tx: &mut Write,
    register: Register,
    count: u16,
    on: Date,
) -> Result<std::result::Result<Taken, Date>> {
    let mut values = key(register);
    values.extend(params![count, on, register.genesis()]);
    if let Some(row) = tx.optional(&TAKE, values).await? {
        let last: i32 = row.get("last_number")?;
        return Ok(Ok(Taken {
            register,
            first: last + 1 - i32::from(count),
            last,
            last_line: row.get("last_line")?,
            last_hash: row.get("last_hash")?,
        }));
    }
    tx.one(&LAST_DATE, key(register)).await?.get("last_date").map(Err)
}

/// Writes lines into a register that is locked, all with one statement: each follows the one before.
pub(crate) async fn enter(tx: &mut Write, taken: Taken, entries: Vec<Entry>) -> Result<()> {
    let Taken { register, mut last_line, mut last_hash, .. } = taken;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        last_line += 1;
        let line = Line { register, ordinal: last_line, entry };
        let hash = line.hash(&last_hash);
        let previous_hash = std::mem::replace(&mut last_hash, hash.clone());
        rows.push(values(line, previous_hash, hash));
    }
    tx.insert("register_entry", &COLUMNS, rows).await?;
    set_end(tx, register, last_line, last_hash).await
}

/// Writes that the number of a document is void (Article 15): it was cancelled before release. The number stays, and nobody gets it any
/// more. Nothing if the document has no number of this agency; the date of the register's last line if that is later than `at`.
pub(crate) async fn void(
    tx: &mut Write,
    agency_id: Uuid,
    document_id: Uuid,
    reason: &str,
    (officer_name, at): (&str, Timestamp),
) -> Result<std::result::Result<Option<i32>, Date>> {
    let Some(Written { line, .. }) = entered(tx, agency_id, Direction::Outgoing, document_id).await? else {
        return Ok(Ok(None));
    };
    let number = line.entry.number;
    let taken = match take(tx, line.register, 0, base::legal_date(at)).await? {
        Ok(taken) => taken,
        Err(last) => return Ok(Err(last)),
    };
    let voided = line.entry.voided(reason.to_owned(), officer_name.to_owned(), at);
    enter(tx, taken, vec![voided]).await?;
    Ok(Ok(Some(number)))
}

/// The line under which a document stands in a register of any series and year.
pub(crate) async fn entered(
    db: &mut impl Queries,
    agency_id: Uuid,
    direction: Direction,
    document_id: Uuid,
) -> Result<Option<Written>> {
    let row = db.optional(&ENTERED, params![agency_id, direction.code(), document_id]).await?;
    row.map(|row| written(register_of(&row)?, &row)).transpose()
}

/// Notes which line is the last, and its hash, for the next to follow.
pub(crate) async fn set_end(tx: &mut Write, register: Register, line: i32, hash: String) -> Result<()> {
    let mut values = key(register);
    values.extend(params![line, hash]);
    tx.execute(&SET_END, values).await.map(drop)
}

/// The lines after one.
pub(crate) async fn entries(
    db: &mut impl Queries,
    register: Register,
    after: i32,
    size: u16,
) -> Result<Vec<Written>> {
    let mut values = key(register);
    values.extend(params![after, size]);
    db.all(&ENTRIES, values).await?.iter().map(|row| written(register, row)).collect()
}

/// The parameters that name a register.
pub(super) fn key(register: Register) -> Vec<Value> {
    let Register { agency_id, direction, series, year } = register;
    params![agency_id, direction.code(), series.as_str(), year]
}

fn values(line: Line, previous_hash: String, hash: String) -> Vec<Value> {
    let Line { register, ordinal, entry } = line;
    let (facts, salt) = match entry.description {
        Some(Description::Kept { facts, salt }) => (Some(facts), Some(salt)),
        Some(Description::Destroyed { .. }) | None => (None, None),
    };
    let issued_on = facts.as_ref().map(|facts| facts.issued_on);
    let [notation, summary, signer_name] = facts.map_or([None, None, None], |facts| {
        [Some(facts.notation), Some(facts.summary), Some(facts.signer_name)]
    });
    let mut values = key(register);
    values.extend(params![
        ordinal,
        entry.act.code(),
        entry.number,
        entry.document_id,
        entry.copy_id,
        notation,
        issued_on,
        summary,
        signer_name,
        salt,
        entry.counterpart_name,
        entry.reason,
        entry.holder_name,
        entry.reserved_until,
        entry.officer_name,
        entry.entered_at,
        previous_hash,
        hash,
    ]);
    values
}

fn written(register: Register, row: &Row) -> Result<Written> {
    Ok(Written {
        line: read(register, row)?,
        previous_hash: row.get("previous_hash")?,
        hash: row.get("hash")?,
        recall_id: row.get("recall_id")?,
    })
}

/// The line in a row of a register.
pub(super) fn read(register: Register, row: &Row) -> Result<Line> {
    let act = inconsistent(RegisterAct::coded(&row.get::<String>("act")?), "act")?;
    let entry = Entry {
        act,
        number: row.get("number")?,
        document_id: row.get("document_id")?,
        copy_id: row.get("copy_id")?,
        description: if act == RegisterAct::Entered { Some(description(row)?) } else { None },
        counterpart_name: row.get("counterpart_name")?,
        reason: row.get("reason")?,
        holder_name: row.get("holder_name")?,
        reserved_until: row.get("reserved_until")?,
        officer_name: row.get("officer_name")?,
        entered_at: row.get("created_at")?,
    };
    Ok(Line { register, ordinal: row.get("line")?, entry })
}

/// What a line says of its document; if it was destroyed, its hash. Only lines of earlier versions lack a salt, until the next start.
fn description(row: &Row) -> Result<Description> {
    let Some(notation) = row.get("notation")? else {
        let hash = inconsistent(row.get("description_hash")?, "hash of what it said")?;
        return Ok(Description::Destroyed { hash });
    };
    let facts = Facts {
        notation,
        issued_on: row.get("issued_on")?,
        summary: row.get("summary")?,
        signer_name: row.get("signer_name")?,
    };
    let salt: Option<String> = row.get("salt")?;
    Ok(Description::Kept { facts, salt: salt.unwrap_or_default() })
}
