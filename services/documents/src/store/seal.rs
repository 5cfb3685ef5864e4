//! The seals of registers.

use base::Timestamp;
use documents_domain::{RecordedSeal, Register, Seal};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{ledger::register_of, register::key};

sql::statements! {
    WAITING = "SELECT min(entry.created_at) AS oldest
        FROM register JOIN register_entry AS entry ON entry.agency_id = register.agency_id
            AND entry.direction = register.direction AND entry.series = register.series AND entry.year = register.year
            AND entry.line = 1 + coalesce((SELECT max(seal.last_line) FROM register_seal AS seal
                WHERE seal.agency_id = register.agency_id AND seal.direction = register.direction
                    AND seal.series = register.series AND seal.year = register.year), 0)";
    DUE = "SELECT due.agency_id, due.direction, due.series, due.year, due.line, entry.hash AS line_hash,
            seal.hash AS previous_hash
        FROM (SELECT open.agency_id, open.direction, open.series, open.year, open.sealed,
                (SELECT max(entry.line) FROM register_entry AS entry
                    WHERE entry.agency_id = open.agency_id AND entry.direction = open.direction
                        AND entry.series = open.series AND entry.year = open.year AND entry.line > open.sealed
                        AND entry.created_at < $1) AS line
            FROM (SELECT register.agency_id, register.direction, register.series, register.year, register.last_line,
                    coalesce((SELECT max(seal.last_line) FROM register_seal AS seal
                        WHERE seal.agency_id = register.agency_id AND seal.direction = register.direction
                            AND seal.series = register.series AND seal.year = register.year), 0) AS sealed
                FROM register) AS open
            WHERE open.last_line > open.sealed) AS due
        JOIN register_entry AS entry ON entry.agency_id = due.agency_id AND entry.direction = due.direction
            AND entry.series = due.series AND entry.year = due.year AND entry.line = due.line
        LEFT JOIN register_seal AS seal ON seal.agency_id = due.agency_id AND seal.direction = due.direction
            AND seal.series = due.series AND seal.year = due.year AND seal.last_line = due.sealed";
    OF_REGISTER = "SELECT * FROM register_seal WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4
        ORDER BY last_line";
}

const COLUMNS: [Column; 10] = [
    Column::new("agency_id", Kind::Uuid),
    Column::new("direction", Kind::Text),
    Column::new("series", Kind::Text),
    Column::new("year", Kind::Int),
    Column::new("day", Kind::Date),
    Column::new("last_line", Kind::Int),
    Column::new("line_hash", Kind::Text),
    Column::new("previous_hash", Kind::Text),
    Column::new("hash", Kind::Text),
    Column::new("sealed_at", Kind::Time),
];

/// A register with lines to be sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) register: Register,
    /// The last line to be sealed, and its hash.
    pub(crate) last_line: i32,
    pub(crate) line_hash: String,
    /// The hash of the last seal, if there is one.
    pub(crate) previous_hash: Option<String>,
}

/// When the oldest line was written that no seal covers; none if all are sealed.
pub(crate) async fn oldest_unsealed(db: &mut impl Queries) -> Result<Option<Timestamp>> {
    db.one(&WAITING, params![]).await?.get("oldest")
}

/// The registers with unsealed lines that were written before a moment.
pub(crate) async fn due(db: &mut impl Queries, before: Timestamp) -> Result<Vec<Due>> {
    let rows = db.all(&DUE, params![before]).await?;
    let due = rows.iter().map(|row| {
        Ok(Due {
            register: register_of(row)?,
            last_line: row.get("line")?,
            line_hash: row.get("line_hash")?,
            previous_hash: row.get("previous_hash")?,
        })
    });
    due.collect()
}

/// Stores seals, all with one statement. A conflict says that another process was faster.
pub(crate) async fn insert(tx: &mut Write, seals: &[RecordedSeal]) -> Result<()> {
    let rows = seals.iter().map(|RecordedSeal { seal, previous_hash, hash }| {
        let mut values = key(seal.register);
        values.extend(params![
            seal.day,
            seal.last_line,
            &seal.line_hash,
            previous_hash,
            hash,
            seal.sealed_at
        ]);
        values
    });
    tx.insert("register_seal", &COLUMNS, rows.collect()).await.map(drop)
}

/// The seals of a register, in the order of the lines they end with.
pub(crate) async fn of_register(db: &mut impl Queries, register: Register) -> Result<Vec<RecordedSeal>> {
    let rows = db.all(&OF_REGISTER, key(register)).await?;
    rows.iter().map(|row| read(register, row)).collect()
}

fn read(register: Register, row: &Row) -> Result<RecordedSeal> {
    let seal = Seal {
        register,
        day: row.get("day")?,
        last_line: row.get("last_line")?,
        line_hash: row.get("line_hash")?,
        sealed_at: row.get("sealed_at")?,
    };
    Ok(RecordedSeal { seal, previous_hash: row.get("previous_hash")?, hash: row.get("hash")? })
}
