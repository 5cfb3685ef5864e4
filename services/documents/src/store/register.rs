use base::{Date, Timestamp, Uuid};
use documents_domain::{Description, Direction, Facts, Line, Register};
use sql::{Queries, Result, Row, Write, params};

use super::inconsistent;

sql::statements! {
    TAKE = "INSERT INTO register (agency_id, direction, year, last_number, last_date, last_hash)
        VALUES ($1, $2, $3, 1, $4, $5)
        ON CONFLICT (agency_id, direction, year)
            DO UPDATE SET last_number = register.last_number + 1, last_date = $4 WHERE register.last_date <= $4
        RETURNING last_number, last_hash";
    LAST_DATE = "SELECT last_date FROM register WHERE agency_id = $1 AND direction = $2 AND year = $3";
    SET_HEAD = "UPDATE register SET last_hash = $4 WHERE agency_id = $1 AND direction = $2 AND year = $3";
    ENTERED = "SELECT number FROM register_entry WHERE agency_id = $1 AND direction = $2 AND document_id = $3";
    ENTER = "INSERT INTO register_entry (agency_id, direction, year, number, document_id, notation, issued_on, summary,
            signer_name, salt, counterpart_name, created_at, previous_hash, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    ENTRIES = "SELECT * FROM register_entry WHERE agency_id = $1 AND direction = $2 AND year = $3 AND number > $4
        ORDER BY number LIMIT $5";
}

/// A number that was taken, and the hash that its line follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) number: i32,
    previous_hash: String,
}

/// A line with the hashes beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) line: Line,
    pub(crate) previous_hash: String,
    pub(crate) hash: String,
    /// The recall for which what it said of its document was destroyed.
    pub(crate) recall_id: Option<Uuid>,
}

/// Takes the next number for a document of this date; the date of the last number if that is later. The row stays locked until
/// the transaction ends: a number is given for good with the commit, or not at all.
pub(crate) async fn take(
    tx: &mut Write,
    register: Register,
    on: Date,
) -> Result<std::result::Result<Taken, Date>> {
    let Register { agency_id, direction, year } = register;
    let genesis = register.genesis();
    let taken = tx.optional(&TAKE, params![agency_id, direction.code(), year, on, genesis]).await?;
    if let Some(row) = taken {
        let (number, previous_hash) = (row.get("last_number")?, row.get("last_hash")?);
        return Ok(Ok(Taken { number, previous_hash }));
    }
    let row = tx.one(&LAST_DATE, params![agency_id, direction.code(), year]).await?;
    row.get("last_date").map(Err)
}

/// The number under which a document stands in a register of any year.
pub(crate) async fn entered(
    db: &mut impl Queries,
    agency_id: Uuid,
    direction: Direction,
    document_id: Uuid,
) -> Result<Option<i32>> {
    let row = db.optional(&ENTERED, params![agency_id, direction.code(), document_id]).await?;
    row.map(|row| row.get("number")).transpose()
}

/// Writes the line for a number that was taken in the same transaction.
pub(crate) async fn enter(tx: &mut Write, line: &Line, taken: Taken) -> Result<()> {
    let Register { agency_id, direction, year } = line.register;
    let hash = line.hash(&taken.previous_hash);
    let facts = line.description.facts();
    let values = params![
        agency_id,
        direction.code(),
        year,
        line.number,
        line.document_id,
        facts.map(|facts| facts.notation.clone()),
        facts.map(|facts| facts.issued_on),
        facts.map(|facts| facts.summary.clone()),
        facts.map(|facts| facts.signer_name.clone()),
        facts.map(|_| line.description.salt().to_owned()),
        &line.counterpart_name,
        line.entered_at,
        taken.previous_hash,
        &hash,
    ];
    tx.execute(&ENTER, values).await?;
    set_head(tx, line.register, hash).await
}

/// Notes the hash of the last line, for the next to follow.
pub(crate) async fn set_head(tx: &mut Write, register: Register, hash: String) -> Result<()> {
    let Register { agency_id, direction, year } = register;
    tx.execute(&SET_HEAD, params![agency_id, direction.code(), year, hash]).await.map(drop)
}

/// The lines after a number.
pub(crate) async fn entries(
    db: &mut impl Queries,
    register: Register,
    after: i32,
    size: u16,
) -> Result<Vec<Entry>> {
    let Register { agency_id, direction, year } = register;
    let rows = db.all(&ENTRIES, params![agency_id, direction.code(), year, after, size]).await?;
    let entries = rows.iter().map(|row| {
        Ok(Entry {
            line: read(register, row)?,
            previous_hash: row.get("previous_hash")?,
            hash: row.get("hash")?,
            recall_id: row.get("recall_id")?,
        })
    });
    entries.collect()
}

/// The line in a row of a register.
pub(super) fn read(register: Register, row: &Row) -> Result<Line> {
    Ok(Line {
        register,
        number: row.get("number")?,
        document_id: row.get("document_id")?,
        description: description(row)?,
        counterpart_name: row.get("counterpart_name")?,
        entered_at: row.get::<Timestamp>("created_at")?,
    })
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
