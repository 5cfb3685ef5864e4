use std::collections::BTreeMap;

use base::Uuid;
use sql::{Queries, Result, Row, params};

sql::statements! {
    UNDECIDED = "SELECT recipient_id AS agency_id, count(*) AS items FROM delivery
        WHERE status = 'ARRIVED' AND purpose <> 6 AND recipient_kind <> 'PERSON' AND coalesce(recall_state, '') <> 'AGREED'
        GROUP BY recipient_id";
    UNISSUED = "SELECT agency_id, count(*) AS items FROM document
        WHERE stage <> 'ISSUED' AND stage <> 'VOIDED' GROUP BY agency_id";
    REGISTERS = "SELECT agency_id, count(*) AS items FROM register WHERE year = $1 AND last_line > 0 GROUP BY agency_id";
}

/// What waits in an agency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// Documents that arrived and were neither accepted nor refused.
    pub(crate) undecided: i64,
    /// Documents in the making.
    pub(crate) unissued: i64,
    /// Registers of the year.
    pub(crate) registers: i64,
}

/// What waits in every agency in which anything does.
pub(crate) async fn all(db: &mut impl Queries, year: i16) -> Result<BTreeMap<Uuid, Work>> {
    let mut work: BTreeMap<Uuid, Work> = BTreeMap::new();
    for row in db.all(&UNDECIDED, params![]).await? {
        work.entry(row.get("agency_id")?).or_default().undecided = items(&row)?;
    }
    for row in db.all(&UNISSUED, params![]).await? {
        work.entry(row.get("agency_id")?).or_default().unissued = items(&row)?;
    }
    for row in db.all(&REGISTERS, params![year]).await? {
        work.entry(row.get("agency_id")?).or_default().registers = items(&row)?;
    }
    Ok(work)
}

fn items(row: &Row) -> Result<i64> {
    row.get("items")
}
