use std::collections::HashMap;

use base::{Timestamp, Uuid};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    INSERT = "INSERT INTO attachment (id, document_id, role, file_name, media_type, size_bytes, sha256, created_at, place)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FIND = "SELECT * FROM attachment WHERE id = $1";
    OF = "SELECT * FROM attachment WHERE document_id = $1 AND removed_at IS NULL ORDER BY role, place, id";
    OF_ALL = "SELECT * FROM attachment WHERE document_id = ANY($1) AND removed_at IS NULL
        ORDER BY document_id, role, place, id";
    REMOVE = "UPDATE attachment SET removed_at = $2 WHERE id = $1";
}

const PLACES: [Column; 2] = [Column::new("id", Kind::Uuid), Column::new("place", Kind::Int)];

/// A file of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attachment {
    pub(crate) id: Uuid,
    pub(crate) document_id: Uuid,
    /// Number of its role in the contracts.
    pub(crate) role: i32,
    pub(crate) file_name: String,
    pub(crate) media_type: String,
    pub(crate) size: i64,
    pub(crate) sha256: String,
    pub(crate) created_at: Timestamp,
    /// Its place among the appendices.
    pub(crate) place: i64,
    /// When it was taken off; none while it belongs to the document.
    pub(crate) removed_at: Option<Timestamp>,
}

pub(crate) async fn insert(tx: &mut Write, attachment: &Attachment) -> Result<()> {
    let values = params![
        attachment.id,
        attachment.document_id,
        attachment.role,
        &attachment.file_name,
        &attachment.media_type,
        attachment.size,
        &attachment.sha256,
        attachment.created_at,
        attachment.place,
    ];
    tx.execute(&INSERT, values).await.map(drop)
}

pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Attachment>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// The files that belong to a document now, the main one first.
pub(crate) async fn of(db: &mut impl Queries, document_id: Uuid) -> Result<Vec<Attachment>> {
    db.all(&OF, params![document_id]).await?.iter().map(read).collect()
}

/// The files of some documents, of each in the same order.
pub(crate) async fn of_all(
    db: &mut impl Queries,
    documents: Vec<Uuid>,
) -> Result<HashMap<Uuid, Vec<Attachment>>> {
    let mut files: HashMap<Uuid, Vec<Attachment>> = HashMap::new();
    for row in db.all(&OF_ALL, params![documents]).await? {
        let attachment = read(&row)?;
        files.entry(attachment.document_id).or_default().push(attachment);
    }
    Ok(files)
}

/// Takes a file off its document; the row stays, and so do the bytes.
pub(crate) async fn remove(tx: &mut Write, id: Uuid, at: Timestamp) -> Result<()> {
    tx.execute(&REMOVE, params![id, at]).await.map(drop)
}

/// Puts appendices into this order.
pub(crate) async fn arrange(tx: &mut Write, ids: &[Uuid]) -> Result<()> {
    let rows = ids.iter().zip(1_i64..).map(|(id, place)| params![*id, place]);
    tx.update("attachment", &PLACES, rows.collect()).await.map(drop)
}

fn read(row: &Row) -> Result<Attachment> {
    Ok(Attachment {
        id: row.get("id")?,
        document_id: row.get("document_id")?,
        role: row.get("role")?,
        file_name: row.get("file_name")?,
        media_type: row.get("media_type")?,
        size: row.get("size_bytes")?,
        sha256: row.get("sha256")?,
        created_at: row.get("created_at")?,
        place: row.get("place")?,
        removed_at: row.get("removed_at")?,
    })
}
