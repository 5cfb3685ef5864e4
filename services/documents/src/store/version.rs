use base::{Timestamp, Uuid};
use documents_domain::{Change, Signatory};
use sql::{Queries, Result, Row, Write, params};

use super::{inconsistent, signatory};

sql::statements! {
    INSERT = "INSERT INTO document_version (document_id, version, revision, submitted_at, officer_id, officer_name,
            officer_position, summary, attachments, record)
        VALUES ($1, (SELECT coalesce(max(version), 0) + 1 FROM document_version WHERE document_id = $1),
            $2, $3, $4, $5, $6, $7, $8, $9)";
    OF = "SELECT document_id, version, revision, submitted_at, officer_id, officer_name, officer_position, summary, attachments
        FROM document_version WHERE document_id = $1 AND version > $2 ORDER BY version LIMIT $3";
    FIND = "SELECT * FROM document_version WHERE document_id = $1 AND version = $2";
    COUNT = "SELECT count(*) AS n FROM document_version WHERE document_id = $1";
}

/// A version without its document.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) document_id: Uuid,
    /// Its ordinal, from 1.
    pub(crate) ordinal: i32,
    /// The revision of the document.
    pub(crate) revision: i64,
    pub(crate) at: Timestamp,
    pub(crate) by: Signatory,
    pub(crate) summary: String,
    /// How many files it has.
    pub(crate) attachments: i32,
}

/// Freezes a document that has just been submitted, and is locked, as the next version. `record` is the document as it is told.
pub(crate) async fn freeze(
    tx: &mut Write,
    change: &Change,
    attachments: usize,
    record: Vec<u8>,
) -> Result<()> {
    let Change { document, by, .. } = change;
    let values = params![
        document.id,
        document.revision,
        document.updated_at,
        by.user_id,
        &by.full_name,
        &by.position,
        &document.fields.summary,
        i64::try_from(attachments).unwrap_or(i64::MAX),
        record,
    ];
    tx.execute(&INSERT, values).await.map(drop)
}

/// The versions of a document behind an ordinal, in order.
pub(crate) async fn of(
    db: &mut impl Queries,
    document_id: Uuid,
    after: i64,
    size: u16,
) -> Result<Vec<Version>> {
    db.all(&OF, params![document_id, after, size]).await?.iter().map(read).collect()
}

/// One version, with the document as it was told.
pub(crate) async fn find(
    db: &mut impl Queries,
    document_id: Uuid,
    version: i64,
) -> Result<Option<(Version, Vec<u8>)>> {
    let row = db.optional(&FIND, params![document_id, version]).await?;
    row.map(|row| Ok((read(&row)?, row.get("record")?))).transpose()
}

/// How many versions a document has.
pub(crate) async fn count(db: &mut impl Queries, document_id: Uuid) -> Result<i64> {
    db.one(&COUNT, params![document_id]).await?.get("n")
}

fn read(row: &Row) -> Result<Version> {
    Ok(Version {
        document_id: row.get("document_id")?,
        ordinal: row.get("version")?,
        revision: row.get("revision")?,
        at: row.get("submitted_at")?,
        by: inconsistent(signatory(row, "officer")?, "officer")?,
        summary: row.get("summary")?,
        attachments: row.get("attachments")?,
    })
}
