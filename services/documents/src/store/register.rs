use base::{Date, Timestamp, Uuid};
use sql::{Queries, Result, Row, Write, params};

sql::statements! {
    TAKE = "INSERT INTO register (agency_id, direction, year, last_number, last_date) VALUES ($1, $2, $3, 1, $4)
        ON CONFLICT (agency_id, direction, year)
            DO UPDATE SET last_number = register.last_number + 1, last_date = $4 WHERE register.last_date <= $4
        RETURNING last_number";
    LAST_DATE = "SELECT last_date FROM register WHERE agency_id = $1 AND direction = $2 AND year = $3";
    ENTERED = "SELECT number FROM register_entry WHERE agency_id = $1 AND direction = $2 AND document_id = $3";
    ENTER = "INSERT INTO register_entry (agency_id, direction, year, number, document_id, counterpart_name, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    ENTRIES = "SELECT entry.year, entry.number, entry.document_id, entry.counterpart_name, entry.created_at,
            document.summary, document.number AS issued_number, document.symbol, document.issued_on, document.signer_name
        FROM register_entry AS entry JOIN document ON document.id = entry.document_id
        WHERE entry.agency_id = $1 AND entry.direction = $2 AND entry.year = $3 AND entry.number > $4
        ORDER BY entry.number LIMIT $5";
}

/// Which register of an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Documents the agency issues.
    Outgoing,
    /// Documents the agency accepted.
    Incoming,
}

/// A register: one common series per agency, direction and year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Register {
    pub(crate) agency_id: Uuid,
    pub(crate) direction: Direction,
    pub(crate) year: i16,
}

/// A line of a register.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) number: i32,
    pub(crate) document_id: Uuid,
    pub(crate) counterpart_name: String,
    pub(crate) created_at: Timestamp,
    pub(crate) notation: String,
    pub(crate) issued_on: Date,
    pub(crate) summary: String,
    pub(crate) signer_name: String,
}

impl Direction {
    /// The register with this number in the contracts.
    pub(crate) fn numbered(number: i32) -> Option<Self> {
        match number {
            1 => Some(Self::Outgoing),
            2 => Some(Self::Incoming),
            _ => None,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Outgoing => "OUTGOING",
            Self::Incoming => "INCOMING",
        }
    }
}

/// Takes the next number for a document of this date; the date of the last number if that is later. The row stays locked until
/// the transaction ends: a number is given for good with the commit, or not at all.
pub(crate) async fn take(
    tx: &mut Write,
    register: Register,
    on: Date,
) -> Result<std::result::Result<i32, Date>> {
    let Register { agency_id, direction, year } = register;
    let taken = tx.optional(&TAKE, params![agency_id, direction.code(), year, on]).await?;
    if let Some(row) = taken {
        return row.get("last_number").map(Ok);
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

/// Writes a line.
pub(crate) async fn enter(
    tx: &mut Write,
    register: Register,
    number: i32,
    (document_id, counterpart_name): (Uuid, &str),
    at: Timestamp,
) -> Result<()> {
    let Register { agency_id, direction, year } = register;
    let values = params![agency_id, direction.code(), year, number, document_id, counterpart_name, at];
    tx.execute(&ENTER, values).await.map(drop)
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
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Entry> {
    let notation = documents_domain::notation(row.get("issued_number")?, &row.get::<String>("symbol")?);
    Ok(Entry {
        number: row.get("number")?,
        document_id: row.get("document_id")?,
        counterpart_name: row.get("counterpart_name")?,
        created_at: row.get("created_at")?,
        notation,
        issued_on: row.get("issued_on")?,
        summary: row.get("summary")?,
        signer_name: row.get("signer_name")?,
    })
}
