use base::Uuid;
use documents_domain::{Document, Purpose, Recipient};
use sql::{Column, Kind, Queries, Result, Write, params};

use super::inconsistent;

sql::statements! {
    OF = "SELECT unit_id, name, purpose FROM document_recipient WHERE document_id = $1 ORDER BY place";
    CLEAR = "DELETE FROM document_recipient WHERE document_id = $1";
}

const COLUMNS: [Column; 5] = [
    Column::new("document_id", Kind::Uuid),
    Column::new("place", Kind::Int),
    Column::new("unit_id", Kind::Uuid),
    Column::new("name", Kind::Text),
    Column::new("purpose", Kind::Int),
];

/// The recipients in the order in which they were written down.
pub(crate) async fn of(db: &mut impl Queries, document_id: Uuid) -> Result<Vec<Recipient>> {
    let rows = db.all(&OF, params![document_id]).await?;
    let read = rows.iter().map(|row| {
        Ok(Recipient {
            unit_id: row.get("unit_id")?,
            name: row.get("name")?,
            purpose: inconsistent(Purpose::numbered(row.get("purpose")?), "purpose")?,
        })
    });
    read.collect()
}

/// Stores the recipients of the document in place of those before.
pub(crate) async fn replace(tx: &mut Write, document: &Document) -> Result<()> {
    tx.execute(&CLEAR, params![document.id]).await?;
    let rows = document.fields.recipients.iter().zip(0_i64..).map(|(recipient, place)| {
        params![document.id, place, recipient.unit_id, &recipient.name, recipient.purpose.number()]
    });
    tx.insert("document_recipient", &COLUMNS, rows.collect()).await.map(drop)
}
