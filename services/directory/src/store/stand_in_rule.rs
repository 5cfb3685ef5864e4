use std::collections::HashMap;

use base::{Timestamp, Uuid};
use directory_domain::StandInRule;
use sql::{Column, Kind, Queries, Result, Write, params};

sql::statements! {
    REVISION = "SELECT revision FROM stand_in_rule WHERE position_id = $1";
    SUBSTITUTES = "SELECT position_id, substitute_position_id FROM stand_in_substitute
        WHERE position_id = ANY($1) ORDER BY position_id, place";
    NOTE = "INSERT INTO stand_in_rule (position_id, revision, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (position_id) DO UPDATE SET revision = $2, updated_at = $3";
    DROP_SUBSTITUTES = "DELETE FROM stand_in_substitute WHERE position_id = $1";
}

const COLUMNS: [Column; 3] = [
    Column::new("position_id", Kind::Uuid),
    Column::new("place", Kind::Int),
    Column::new("substitute_position_id", Kind::Uuid),
];

/// The rule of a position; revision 0 and nobody if none was ever set.
pub(crate) async fn find(db: &mut impl Queries, position_id: Uuid) -> Result<StandInRule> {
    let row = db.optional(&REVISION, params![position_id]).await?;
    let revision = row.map(|row| row.get("revision")).transpose()?.unwrap_or(0);
    let substitutes = substitutes(db, vec![position_id]).await?.remove(&position_id).unwrap_or_default();
    Ok(StandInRule { position_id, revision, substitutes })
}

/// The positions that stand in for each of these, the first choice first.
pub(super) async fn substitutes(
    db: &mut impl Queries,
    position_ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for row in db.all(&SUBSTITUTES, params![position_ids]).await? {
        found.entry(row.get("position_id")?).or_default().push(row.get("substitute_position_id")?);
    }
    Ok(found)
}

/// Stores a rule in the place of the one before.
pub(crate) async fn set(tx: &mut Write, rule: &StandInRule, now: Timestamp) -> Result<()> {
    tx.execute(&NOTE, params![rule.position_id, rule.revision, now]).await?;
    tx.execute(&DROP_SUBSTITUTES, params![rule.position_id]).await?;
    let substitutes = (1_u32..).zip(&rule.substitutes);
    let rows = substitutes.map(|(place, substitute)| params![rule.position_id, place, *substitute]);
    tx.insert("stand_in_substitute", &COLUMNS, rows.collect()).await.map(drop)
}
