use sql::{Column, Kind, Value, params};

use super::Filling;
use crate::directory::nation::Unit;

const UNIT: [Column; 4] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const VERSION: [Column; 11] = [
    Column::new("unit_id", Kind::Uuid),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
    Column::new("name", Kind::Text),
    Column::new("abbreviation", Kind::Text),
    Column::new("kind", Kind::Text),
    Column::new("parent_id", Kind::Uuid),
    Column::new("agency_id", Kind::Uuid),
    Column::new("email", Kind::Text),
    Column::new("address", Kind::Text),
    Column::new("phone", Kind::Text),
];

const IDENTIFIER: [Column; 6] = [
    Column::new("unit_id", Kind::Uuid),
    Column::new("scheme", Kind::Text),
    Column::new("value", Kind::Text),
    Column::new("synthetic", Kind::Bool),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
];

/// Stores the units, each with one version and one code.
pub(super) async fn fill(filling: &Filling<'_>, units: &[Unit]) -> anyhow::Result<()> {
    let Filling { db, now, period, .. } = filling;
    let mut tx = db.write("fill_units").await?;
    let rows = units.iter().map(|unit| params![unit.id, 1_i64, *now, *now]);
    tx.insert("unit", &UNIT, rows.collect()).await?;
    let rows = units.iter().map(|unit| version(filling, unit));
    tx.insert("unit_version", &VERSION, rows.collect()).await?;
    let rows =
        units.iter().map(|unit| params![unit.id, "DECISION_20", &unit.code, true, period.from, period.until]);
    tx.insert("unit_identifier", &IDENTIFIER, rows.collect()).await?;
    Ok(tx.commit().await?)
}

fn version(filling: &Filling<'_>, unit: &Unit) -> Vec<Value> {
    params![
        unit.id,
        filling.period.from,
        filling.period.until,
        &unit.name,
        &unit.abbreviation,
        unit.kind.name(),
        unit.parent_id,
        unit.agency_id,
        format!("{}@congvan.example", unit.abbreviation.to_lowercase()),
        "Số 1 đường Tô Hiệu",
        "0212 3852 000",
    ]
}
