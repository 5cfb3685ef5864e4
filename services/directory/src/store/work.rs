use std::collections::HashMap;

use base::{Timestamp, Uuid};
use jiff::SignedDuration;
use sql::{Column, Kind, Queries, Result, Write, params};

sql::statements! {
    REPORTED = "SELECT reported_at FROM unit_work_report WHERE one = 1";
    REPORT = "INSERT INTO unit_work_report (one, reported_at) VALUES (1, $1)
        ON CONFLICT (one) DO UPDATE SET reported_at = $1";
    OF = "SELECT * FROM unit_work WHERE unit_id = ANY($1)";
    DROP_ALL = "DELETE FROM unit_work";
}

/// How long a report counts. The documents service reports every minute, and whenever figures change.
const KNOWN_FOR: SignedDuration = SignedDuration::from_mins(5);

const COLUMNS: [Column; 4] = [
    Column::new("unit_id", Kind::Uuid),
    Column::new("undecided_deliveries", Kind::Int),
    Column::new("unissued_documents", Kind::Int),
    Column::new("registers", Kind::Int),
];

/// What waits in an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) unit_id: Uuid,
    pub(crate) undecided_deliveries: i64,
    pub(crate) unissued_documents: i64,
    pub(crate) registers: i64,
}

/// Notes what waits; elsewhere nothing does.
pub(crate) async fn note(tx: &mut Write, work: &[Work], now: Timestamp) -> Result<()> {
    tx.execute(&DROP_ALL, params![]).await?;
    let rows = work.iter().map(|work| {
        params![work.unit_id, work.undecided_deliveries, work.unissued_documents, work.registers]
    });
    tx.insert("unit_work", &COLUMNS, rows.collect()).await?;
    tx.execute(&REPORT, params![now]).await.map(drop)
}

/// What waits in these agencies; none if it is not known: nobody reported in the last minutes.
pub(crate) async fn of(
    db: &mut impl Queries,
    unit_ids: Vec<Uuid>,
    now: Timestamp,
) -> Result<Option<HashMap<Uuid, Work>>> {
    let reported = db.optional(&REPORTED, params![]).await?;
    let reported: Option<Timestamp> = reported.map(|row| row.get("reported_at")).transpose()?;
    if reported.is_none_or(|at| now.duration_since(at) > KNOWN_FOR) {
        return Ok(None);
    }
    let mut work = HashMap::new();
    for row in db.all(&OF, params![unit_ids]).await? {
        let unit_id = row.get("unit_id")?;
        let found = Work {
            unit_id,
            undecided_deliveries: row.get("undecided_deliveries")?,
            unissued_documents: row.get("unissued_documents")?,
            registers: row.get("registers")?,
        };
        work.insert(unit_id, found);
    }
    Ok(Some(work))
}
