//! Registers as ledgers: filled in where they were written before there were hashes, and gone through.

use base::{Date, Ids, Uuid};
use documents_domain::{
    Description, Direction, DocumentFacts, End, Entry, Line, Recorded, Register, SeriesCode, notation,
};
use sql::{Db, Queries, Result, Row, Write, params};

use super::{
    inconsistent,
    register::{self, key},
};

sql::statements! {
    UNCHAINED = "SELECT agency_id, direction, series, year FROM register WHERE last_hash IS NULL LIMIT $1";
    LOCK = "SELECT last_hash FROM register WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4 FOR UPDATE";
    LINES = "SELECT * FROM register_entry
        WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4 AND line > $5 ORDER BY line LIMIT $6";
    CHAIN = either(
        "UPDATE register_entry SET salt = given.salt, previous_hash = given.previous_hash, hash = given.hash
            FROM UNNEST($5::text[], $6::text[], $7::text[], $8::text[]) AS given (line, salt, previous_hash, hash)
            WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4
                AND register_entry.line = given.line::bigint",
        "UPDATE register_entry SET salt = $6 ->> given.key, previous_hash = $7 ->> given.key, hash = $8 ->> given.key
            FROM json_each($5) AS given
            WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4 AND line = CAST(given.value AS INTEGER)"
    );
    REGISTERS = "SELECT agency_id, direction, series, year FROM (
            SELECT agency_id, direction, series, year FROM register
            UNION SELECT agency_id, direction, series, year FROM register_entry
            UNION SELECT agency_id, direction, series, year FROM register_seal) AS named
        WHERE ($1::uuid IS NULL OR agency_id = $1::uuid) AND ($2::bigint IS NULL OR year = $2::bigint)
        ORDER BY agency_id, direction, series, year";
    END = "SELECT last_number, last_line, last_hash FROM register
        WHERE agency_id = $1 AND direction = $2 AND series = $3 AND year = $4";
    WRITTEN = "SELECT entry.*,
            CASE WHEN entry.copy_id IS NULL THEN document.id ELSE copy.id END AS known_id,
            CASE WHEN entry.copy_id IS NULL THEN document.number ELSE copy.number END AS known_number,
            CASE WHEN entry.copy_id IS NULL THEN document.symbol ELSE copy.symbol END AS known_symbol,
            CASE WHEN entry.copy_id IS NULL THEN document.issued_on ELSE copy.copied_on END AS known_issued_on,
            CASE WHEN entry.copy_id IS NULL THEN document.summary ELSE copy.summary END AS known_summary,
            CASE WHEN entry.copy_id IS NULL THEN document.signer_name ELSE copy.signer_name END AS known_signer_name,
            EXISTS (SELECT 1 FROM recall_party AS party JOIN recall ON recall.id = party.recall_id
                WHERE recall.id = entry.recall_id AND recall.document_id = entry.document_id AND party.state = 'AGREED') AS recalled
        FROM register_entry AS entry LEFT JOIN document ON document.id = entry.document_id
            LEFT JOIN certified_copy AS copy ON copy.id = entry.copy_id AND copy.document_id = entry.document_id
        WHERE entry.agency_id = $1 AND entry.direction = $2 AND entry.series = $3 AND entry.year = $4 AND entry.line > $5
        ORDER BY entry.line LIMIT $6";
}

/// Registers that are looked up at once to be filled in.
const REGISTERS_AT_ONCE: u16 = 500;

/// Lines that are filled in with one statement.
const LINES_AT_ONCE: u16 = 500;

/// Gives the lines their salts and hashes that were written before there were any, one register in each transaction; how many
/// registers.
pub(crate) async fn fill(db: &Db, ids: &Ids) -> Result<usize> {
    let mut filled = 0;
    loop {
        let mut read = db.read("find_unchained_registers").await?;
        let rows = read.all(&UNCHAINED, params![REGISTERS_AT_ONCE]).await?;
        drop(read);
        if rows.is_empty() {
            return Ok(filled);
        }
        for row in &rows {
            chain(db, ids, register_of(row)?).await?;
        }
        filled += rows.len();
    }
}

async fn chain(db: &Db, ids: &Ids, register: Register) -> Result<()> {
    let mut tx = db.write("chain_register").await?;
    let row = tx.one(&LOCK, key(register)).await?;
    if row.get::<Option<String>>("last_hash")?.is_some() {
        return Ok(()); // another process was faster
    }
    let (mut after, mut hash) = (0, register.genesis());
    loop {
        let mut values = key(register);
        values.extend(params![after, LINES_AT_ONCE]);
        let rows = tx.all(&LINES, values).await?;
        let lines = rows.iter().map(|row| Ok(salted(register::read(register, row)?, ids)));
        let lines = lines.collect::<Result<Vec<_>>>()?;
        let Some(last) = lines.last() else { break };
        after = last.ordinal;
        hash = chain_lines(&mut tx, register, &lines, hash).await?;
    }
    register::set_end(&mut tx, register, after, hash).await?;
    tx.commit().await
}

/// The line with a salt of its own.
fn salted(line: Line, ids: &Ids) -> Line {
    let description = match line.entry.description {
        Some(Description::Kept { facts, .. }) => Some(Description::Kept { facts, salt: ids.secret() }),
        other => other,
    };
    Line { entry: Entry { description, ..line.entry }, ..line }
}

/// Stores the salts and hashes of lines that follow the one with the hash `head`; the hash of the last.
async fn chain_lines(tx: &mut Write, register: Register, lines: &[Line], head: String) -> Result<String> {
    let mut hashes = vec![head];
    for line in lines {
        hashes.push(line.hash(&hashes[hashes.len() - 1]));
    }
    let ordinals = lines.iter().map(|line| line.ordinal.to_string()).collect::<Vec<_>>();
    let salt = |line: &Line| line.entry.description.as_ref().map_or("", Description::salt).to_owned();
    let salts = lines.iter().map(salt).collect::<Vec<_>>();
    let (previous, own) = (hashes[..lines.len()].to_vec(), hashes[1..].to_vec());
    let mut values = key(register);
    values.extend(params![ordinals, salts, previous, own]);
    tx.execute(&CHAIN, values).await?;
    Ok(hashes.swap_remove(lines.len()))
}

/// Every register that anything is known of, of an agency and a year or of all.
pub(crate) async fn registers(
    db: &mut impl Queries,
    agency_id: Option<Uuid>,
    year: Option<i16>,
) -> Result<Vec<Register>> {
    db.all(&REGISTERS, params![agency_id, year]).await?.iter().map(register_of).collect()
}

/// What a register says of its own end.
pub(crate) async fn end(db: &mut impl Queries, register: Register) -> Result<End> {
    let Some(row) = db.optional(&END, key(register)).await? else { return Ok(End::default()) };
    Ok(End { line: row.get("last_line")?, number: row.get("last_number")?, hash: row.get("last_hash")? })
}

/// The lines after one as they stand there: the ordinal of each, and the rest if it can be read.
pub(crate) async fn written(
    db: &mut impl Queries,
    register: Register,
    after: i64,
    size: u16,
) -> Result<Vec<(i64, Result<Recorded>)>> {
    let mut values = key(register);
    values.extend(params![after, size]);
    let rows = db.all(&WRITTEN, values).await?;
    rows.iter().map(|row| Ok((row.get("line")?, recorded(register, row)))).collect()
}

fn recorded(register: Register, row: &Row) -> Result<Recorded> {
    let line = register::read(register, row)?;
    let known = row.get::<Option<Uuid>>("known_id")?.map(|_| facts(row)).transpose()?;
    let (previous_hash, hash) = (row.get("previous_hash")?, row.get("hash")?);
    Ok(Recorded { line, previous_hash, hash, document: known, recalled: row.get("recalled")? })
}

fn facts(row: &Row) -> Result<DocumentFacts> {
    let number: Option<i64> = row.get("known_number")?;
    let symbol: Option<String> = row.get("known_symbol")?;
    let number = number.and_then(|number| i32::try_from(number).ok());
    Ok(DocumentFacts {
        notation: number.zip(symbol).map(|(number, symbol)| notation(number, &symbol)),
        issued_on: row.get::<Option<Date>>("known_issued_on")?,
        summary: row.get("known_summary")?,
        signer_name: row.get("known_signer_name")?,
    })
}

/// The register that a row names.
pub(super) fn register_of(row: &Row) -> Result<Register> {
    let year: i32 = row.get("year")?;
    Ok(Register {
        agency_id: row.get("agency_id")?,
        direction: inconsistent(Direction::coded(&row.get::<String>("direction")?), "direction")?,
        series: inconsistent(SeriesCode::parse(&row.get::<String>("series")?), "series")?,
        year: inconsistent(i16::try_from(year).ok(), "year of a register")?,
    })
}
