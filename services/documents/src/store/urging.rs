use base::Uuid;
use documents_domain::Act;
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{act, inconsistent};

sql::statements! {
    INSERT = "INSERT INTO urging (id, document_id, urged_at, officer_id, officer_name, officer_position, words)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OF = "SELECT urging.* FROM urging_delivery JOIN urging ON urging.id = urging_delivery.urging_id
        WHERE urging_delivery.delivery_id = $1 ORDER BY urging.id";
}

const COLUMNS: [Column; 2] = [Column::new("delivery_id", Kind::Uuid), Column::new("urging_id", Kind::Uuid)];

/// That recipients were urged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Urging {
    pub(crate) id: Uuid,
    pub(crate) act: Act,
    pub(crate) words: String,
}

/// Notes that these deliveries of a document were urged: two statements, whatever their number.
pub(crate) async fn insert(
    tx: &mut Write,
    document_id: Uuid,
    urging: &Urging,
    deliveries: impl Iterator<Item = Uuid>,
) -> Result<()> {
    let Act { by, at } = &urging.act;
    let values = params![urging.id, document_id, *at, by.user_id, &by.full_name, &by.position, &urging.words];
    tx.execute(&INSERT, values).await?;
    let rows = deliveries.map(|id| params![id, urging.id]).collect();
    tx.insert("urging_delivery", &COLUMNS, rows).await.map(drop)
}

/// Every time that a delivery was urged, oldest first.
pub(crate) async fn of(db: &mut impl Queries, delivery_id: Uuid) -> Result<Vec<Urging>> {
    db.all(&OF, params![delivery_id]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Urging> {
    let act = inconsistent(act(row, "officer", "urged_at")?, "officer")?;
    Ok(Urging { id: row.get("id")?, act, words: row.get("words")? })
}
