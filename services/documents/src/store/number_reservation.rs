//! Numbers that are kept for documents. Whoever changes one has locked its register before.

use std::collections::HashMap;

use base::{Date, Uuid};
use documents_domain::{Act, Direction, Register, SeriesCode};
use sql::{Queries, Result, Row, Write, params};

use super::{act, inconsistent};

sql::statements! {
    INSERT = "INSERT INTO number_reservation (agency_id, series, year, number, document_id, holder_id, holder_name,
            holder_position, reserved_at, until, reason, open)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, TRUE)";
    OPEN = "SELECT * FROM number_reservation WHERE document_id = $1 AND open";
    USE = "UPDATE number_reservation SET open = FALSE
        WHERE agency_id = $1 AND series = $2 AND year = $3 AND document_id = ANY($4) AND open AND until >= $5
        RETURNING document_id, number";
    CANCEL = "UPDATE number_reservation SET open = FALSE WHERE document_id = $1 AND open RETURNING number";
    DUE = "SELECT DISTINCT agency_id, series, year FROM number_reservation WHERE open AND until < $1";
    EXPIRE = "UPDATE number_reservation SET open = FALSE
        WHERE agency_id = $1 AND series = $2 AND year = $3 AND open AND until < $4 RETURNING document_id, number";
}

/// A number that is kept for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reservation {
    pub(crate) register: Register,
    pub(crate) number: i32,
    pub(crate) document_id: Uuid,
    /// Who had it reserved, and when.
    pub(crate) act: Act,
    /// The last day.
    pub(crate) until: Date,
    pub(crate) reason: String,
}

/// Stores a reservation of a number that was taken in the same transaction.
pub(crate) async fn insert(tx: &mut Write, reservation: &Reservation) -> Result<()> {
    let Reservation { register, number, document_id, act, until, reason } = reservation;
    let values = params![
        register.agency_id,
        register.series.as_str(),
        register.year,
        *number,
        *document_id,
        act.by.user_id,
        &act.by.full_name,
        &act.by.position,
        act.at,
        *until,
        reason,
    ];
    tx.execute(&INSERT, values).await.map(drop)
}

/// The reservation of a document that lasts.
pub(crate) async fn open(db: &mut impl Queries, document_id: Uuid) -> Result<Option<Reservation>> {
    let row = db.optional(&OPEN, params![document_id]).await?;
    row.map(|row| {
        Ok(Reservation {
            register: register_of(&row)?,
            number: row.get("number")?,
            document_id,
            act: inconsistent(act(&row, "holder", "reserved_at")?, "holder")?,
            until: row.get("until")?,
            reason: row.get("reason")?,
        })
    })
    .transpose()
}

/// Gives documents the numbers of a register that are kept for them on this day.
pub(crate) async fn use_all(
    tx: &mut Write,
    register: Register,
    documents: Vec<Uuid>,
    on: Date,
) -> Result<HashMap<Uuid, i32>> {
    let Register { agency_id, series, year, .. } = register;
    let rows = tx.all(&USE, params![agency_id, series.as_str(), year, documents, on]).await?;
    rows.iter().map(numbered).collect()
}

/// Ends the reservation of a document; its number, none if it ended before.
pub(crate) async fn cancel(tx: &mut Write, document_id: Uuid) -> Result<Option<i32>> {
    let row = tx.optional(&CANCEL, params![document_id]).await?;
    row.map(|row| row.get("number")).transpose()
}

/// The registers in which reservations ended before a day and still stand, in the order in which they are locked.
pub(crate) async fn due(db: &mut impl Queries, day: Date) -> Result<Vec<Register>> {
    let rows = db.all(&DUE, params![day]).await?;
    let mut registers = rows.iter().map(register_of).collect::<Result<Vec<_>>>()?;
    registers.sort_unstable();
    Ok(registers)
}

/// Ends the reservations of a register whose last day is before this one: the documents and their numbers.
pub(crate) async fn expire(tx: &mut Write, register: Register, day: Date) -> Result<Vec<(Uuid, i32)>> {
    let Register { agency_id, series, year, .. } = register;
    let rows = tx.all(&EXPIRE, params![agency_id, series.as_str(), year, day]).await?;
    let mut expired = rows.iter().map(numbered).collect::<Result<Vec<_>>>()?;
    expired.sort_unstable_by_key(|(_, number)| *number);
    Ok(expired)
}

fn numbered(row: &Row) -> Result<(Uuid, i32)> {
    Ok((row.get("document_id")?, row.get("number")?))
}

fn register_of(row: &Row) -> Result<Register> {
    let year: i32 = row.get("year")?;
    Ok(Register {
        agency_id: row.get("agency_id")?,
        direction: Direction::Outgoing,
        series: inconsistent(SeriesCode::parse(&row.get::<String>("series")?), "series")?,
        year: inconsistent(i16::try_from(year).ok(), "year of a register")?,
    })
}
