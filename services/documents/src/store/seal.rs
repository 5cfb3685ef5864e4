//! The seals of registers.

use base::Timestamp;
use documents_domain::{RecordedSeal, Register, Seal};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::ledger::register_of;

sql::statements! {
    WAITING = "SELECT min(entry.created_at) AS oldest
        FROM register JOIN register_entry AS entry ON entry.agency_id = register.agency_id
            AND entry.direction = register.direction AND entry.year = register.year
            AND entry.number = 1 + coalesce((SELECT max(seal.last_number) FROM register_seal AS seal
                WHERE seal.agency_id = register.agency_id AND seal.direction = register.direction
                    AND seal.year = register.year), 0)";
    DUE = "SELECT due.agency_id, due.direction, due.year, due.number, entry.hash AS line_hash,
            seal.hash AS previous_hash
        FROM (SELECT open.agency_id, open.direction, open.year, open.sealed,
                (SELECT max(entry.number) FROM register_entry AS entry
                    WHERE entry.agency_id = open.agency_id AND entry.direction = open.direction
                        AND entry.year = open.year AND entry.number > open.sealed AND entry.created_at < $1) AS number
            FROM (SELECT register.agency_id, register.direction, register.year, register.last_number,
                    coalesce((SELECT max(seal.last_number) FROM register_seal AS seal
                        WHERE seal.agency_id = register.agency_id AND seal.direction = register.direction
                            AND seal.year = register.year), 0) AS sealed
                FROM register) AS open
            WHERE open.last_number > open.sealed) AS due
        JOIN register_entry AS entry ON entry.agency_id = due.agency_id AND entry.direction = due.direction
            AND entry.year = due.year AND entry.number = due.number
        LEFT JOIN register_seal AS seal ON seal.agency_id = due.agency_id AND seal.direction = due.direction
            AND seal.year = due.year AND seal.last_number = due.sealed";
    OF_REGISTER = "SELECT * FROM register_seal WHERE agency_id = $1 AND direction = $2 AND year = $3
        ORDER BY last_number";
}

const COLUMNS: [Column; 9] = [
    Column::new("agency_id", Kind::Uuid),
    Column::new("direction", Kind::Text),
    Column::new("year", Kind::Int),
    Column::new("day", Kind::Date),
    Column::new("last_number", Kind::Int),
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
    pub(crate) last_number: i32,
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
            last_number: row.get("number")?,
            line_hash: row.get("line_hash")?,
            previous_hash: row.get("previous_hash")?,
        })
    });
    due.collect()
}

/// Stores seals, all with one statement. A conflict says that another process was faster.
pub(crate) async fn insert(tx: &mut Write, seals: &[RecordedSeal]) -> Result<()> {
    let rows = seals.iter().map(|RecordedSeal { seal, previous_hash, hash }| {
        let Register { agency_id, direction, year } = seal.register;
        params![
            agency_id,
            direction.code(),
            year,
            seal.day,
            seal.last_number,
            &seal.line_hash,
            previous_hash,
            hash,
            seal.sealed_at,
        ]
    });
    tx.insert("register_seal", &COLUMNS, rows.collect()).await.map(drop)
}

/// The seals of a register, in the order of the lines they end with.
pub(crate) async fn of_register(db: &mut impl Queries, register: Register) -> Result<Vec<RecordedSeal>> {
    let Register { agency_id, direction, year } = register;
    let rows = db.all(&OF_REGISTER, params![agency_id, direction.code(), year]).await?;
    rows.iter().map(|row| read(register, row)).collect()
}

fn read(register: Register, row: &Row) -> Result<RecordedSeal> {
    let seal = Seal {
        register,
        day: row.get("day")?,
        last_number: row.get("last_number")?,
        line_hash: row.get("line_hash")?,
        sealed_at: row.get("sealed_at")?,
    };
    Ok(RecordedSeal { seal, previous_hash: row.get("previous_hash")?, hash: row.get("hash")? })
}
