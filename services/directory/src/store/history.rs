use std::collections::HashMap;

use base::{Date, Uuid};
use directory_domain::{Identifier, Period, Structure, Traits, UnitHistory, Version};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::unit::{read_identifier, read_kind};

sql::statements! {
    UNITS = "SELECT * FROM unit";
    VERSIONS = "SELECT * FROM unit_version ORDER BY unit_id, valid_from";
    IDENTIFIERS = "SELECT * FROM unit_identifier ORDER BY unit_id, valid_from";
    UNIT = "SELECT * FROM unit WHERE id = $1";
    VERSIONS_OF = "SELECT * FROM unit_version WHERE unit_id = $1 ORDER BY valid_from";
    IDENTIFIERS_OF = "SELECT * FROM unit_identifier WHERE unit_id = $1 ORDER BY valid_from, scheme";
    TOUCH = "UPDATE unit SET revision = $2, updated_at = $3 WHERE id = $1";
    CHILDREN_AFTER = "SELECT count(DISTINCT unit_id) AS units FROM unit_version WHERE parent_id = $1 AND valid_to > $2";
    DROP_VERSIONS = "DELETE FROM unit_version WHERE unit_id = ANY($1)";
    DROP_IDENTIFIERS = "DELETE FROM unit_identifier WHERE unit_id = ANY($1)";
}

const UNIT_COLUMNS: [Column; 4] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const VERSION_COLUMNS: [Column; 11] = [
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

const IDENTIFIER_COLUMNS: [Column; 6] = [
    Column::new("unit_id", Kind::Uuid),
    Column::new("scheme", Kind::Text),
    Column::new("value", Kind::Text),
    Column::new("synthetic", Kind::Bool),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
];

/// All units through time: three statements, whatever their number. For what may touch many: moves, reorganisations, imports.
pub(crate) async fn all(db: &mut impl Queries) -> Result<Structure> {
    let units = db.all(&UNITS, params![]).await?;
    let versions = db.all(&VERSIONS, params![]).await?;
    let identifiers = db.all(&IDENTIFIERS, params![]).await?;
    let mut histories = HashMap::with_capacity(units.len());
    for row in &units {
        let unit = read(row)?;
        histories.insert(unit.id, unit);
    }
    for row in &versions {
        if let Some(unit) = histories.get_mut(&row.get("unit_id")?) {
            unit.versions.push(read_version(row)?);
        }
    }
    for row in &identifiers {
        if let Some(unit) = histories.get_mut(&row.get("unit_id")?) {
            unit.identifiers.push(read_identifier(row)?);
        }
    }
    Ok(Structure::new(histories.into_values()))
}

/// One unit through time.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<UnitHistory>> {
    let Some(row) = db.optional(&UNIT, params![id]).await? else { return Ok(None) };
    let mut unit = read(&row)?;
    for row in db.all(&VERSIONS_OF, params![id]).await? {
        unit.versions.push(read_version(&row)?);
    }
    for row in db.all(&IDENTIFIERS_OF, params![id]).await? {
        unit.identifiers.push(read_identifier(&row)?);
    }
    Ok(Some(unit))
}

/// Stores new units.
pub(crate) async fn insert(tx: &mut Write, units: &[&UnitHistory]) -> Result<()> {
    save(tx, units, &[]).await
}

/// Stores changed units.
pub(crate) async fn change(tx: &mut Write, units: &[&UnitHistory]) -> Result<()> {
    save(tx, &[], units).await
}

/// Stores new and changed units together, so that changed ones may stand below new ones, and new ones may bear identifiers
/// that changed ones give up.
pub(crate) async fn save(tx: &mut Write, created: &[&UnitHistory], changed: &[&UnitHistory]) -> Result<()> {
    let rows = created.iter().map(|unit| params![unit.id, unit.revision, unit.created_at, unit.updated_at]);
    tx.insert("unit", &UNIT_COLUMNS, rows.collect()).await?;
    for unit in changed {
        tx.execute(&TOUCH, params![unit.id, unit.revision, unit.updated_at]).await?;
    }
    if !changed.is_empty() {
        let ids: Vec<Uuid> = changed.iter().map(|unit| unit.id).collect();
        tx.execute(&DROP_VERSIONS, params![ids.clone()]).await?;
        tx.execute(&DROP_IDENTIFIERS, params![ids]).await?;
    }
    write(tx, created.iter().chain(changed).copied()).await
}

/// How many units stand directly below one on some day from `on` on.
pub(crate) async fn children_after(db: &mut impl Queries, parent_id: Uuid, on: Date) -> Result<usize> {
    let count: i64 = db.one(&CHILDREN_AFTER, params![parent_id, on]).await?.get("units")?;
    Ok(usize::try_from(count).unwrap_or_default())
}

async fn write<'u>(tx: &mut Write, units: impl Iterator<Item = &'u UnitHistory> + Clone) -> Result<()> {
    let versions = units.clone().flat_map(|unit| unit.versions.iter().map(|version| (unit.id, version)));
    let rows = versions.map(|(id, Version { period, traits, agency_id })| {
        params![
            id,
            period.from,
            period.until,
            &traits.name,
            &traits.abbreviation,
            traits.kind.name(),
            traits.parent_id,
            *agency_id,
            &traits.email,
            &traits.address,
            &traits.phone,
        ]
    });
    tx.insert("unit_version", &VERSION_COLUMNS, rows.collect()).await?;
    let identifiers = units.flat_map(|unit| unit.identifiers.iter().map(|one| (unit.id, one)));
    let rows = identifiers.map(|(id, Identifier { scheme, value, synthetic, period })| {
        params![id, scheme.name(), value, *synthetic, period.from, period.until]
    });
    tx.insert("unit_identifier", &IDENTIFIER_COLUMNS, rows.collect()).await.map(drop)
}

fn read(row: &Row) -> Result<UnitHistory> {
    Ok(UnitHistory {
        id: row.get("id")?,
        revision: row.get("revision")?,
        versions: Vec::new(),
        identifiers: Vec::new(),
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn read_version(row: &Row) -> Result<Version> {
    Ok(Version {
        period: Period { from: row.get("valid_from")?, until: row.get("valid_to")? },
        traits: Traits {
            name: row.get("name")?,
            abbreviation: row.get("abbreviation")?,
            kind: read_kind(row)?,
            parent_id: row.get("parent_id")?,
            email: row.get("email")?,
            address: row.get("address")?,
            phone: row.get("phone")?,
        },
        agency_id: row.get("agency_id")?,
    })
}
