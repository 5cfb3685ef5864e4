use std::collections::HashMap;

use base::Uuid;
use documents_domain::{Address, Document, Purpose, Recipient};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::inconsistent;

sql::statements! {
    OF = "SELECT unit_id, name, purpose, address, rule FROM document_recipient WHERE document_id = $1 ORDER BY place";
    OF_ALL = "SELECT document_id, unit_id, name, purpose, address, rule FROM document_recipient WHERE document_id = ANY($1)
        ORDER BY document_id, place";
    CLEAR = "DELETE FROM document_recipient WHERE document_id = $1";
}

const COLUMNS: [Column; 7] = [
    Column::new("document_id", Kind::Uuid),
    Column::new("place", Kind::Int),
    Column::new("unit_id", Kind::Uuid),
    Column::new("name", Kind::Text),
    Column::new("purpose", Kind::Int),
    Column::new("address", Kind::Text),
    Column::new("rule", Kind::Bytes),
];

/// The recipients in the order in which they were written down.
pub(crate) async fn of(db: &mut impl Queries, document_id: Uuid) -> Result<Vec<Recipient>> {
    db.all(&OF, params![document_id]).await?.iter().map(read).collect()
}

/// The recipients of some documents, of each in the same order.
pub(crate) async fn of_all(
    db: &mut impl Queries,
    documents: Vec<Uuid>,
) -> Result<HashMap<Uuid, Vec<Recipient>>> {
    let mut recipients: HashMap<Uuid, Vec<Recipient>> = HashMap::new();
    for row in db.all(&OF_ALL, params![documents]).await? {
        recipients.entry(row.get("document_id")?).or_default().push(read(&row)?);
    }
    Ok(recipients)
}

/// Stores the recipients of the document in place of those before.
pub(crate) async fn replace(tx: &mut Write, document: &Document) -> Result<()> {
    tx.execute(&CLEAR, params![document.id]).await?;
    let rows = document.fields.recipients.iter().zip(0_i64..).map(|(recipient, place)| {
        let rule = match &recipient.address {
            Address::Rule(rule) => Some(rule.clone()),
            _ => None,
        };
        params![
            document.id,
            place,
            recipient.unit_id,
            &recipient.name,
            recipient.purpose.number(),
            recipient.address.code(),
            rule,
        ]
    });
    tx.insert("document_recipient", &COLUMNS, rows.collect()).await.map(drop)
}

fn read(row: &Row) -> Result<Recipient> {
    Ok(Recipient {
        unit_id: row.get("unit_id")?,
        name: row.get("name")?,
        purpose: inconsistent(Purpose::numbered(row.get("purpose")?), "purpose")?,
        address: inconsistent(
            Address::coded(
                &row.get::<String>("address")?,
                row.get::<Option<Vec<u8>>>("rule")?.unwrap_or_default(),
            ),
            "address",
        )?,
    })
}
