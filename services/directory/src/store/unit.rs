use std::collections::HashMap;

use base::{Date, Uuid};
use directory_domain::{Identifier, Period, Scheme, Unit, UnitKind};
use sql::{Error, Queries, Result, Row, params};

// A list of all units goes along the codes; in any other it would pass by most of them. There the few that belong to it come
// first and their codes after: an engine without statistics must not choose.
sql::statements! {
    FIND = "SELECT * FROM unit_state WHERE id = $2
        AND valid_from <= $1 AND $1 < valid_to AND code_from <= $1 AND $1 < code_to";
    AMONG = "SELECT * FROM unit_state WHERE id = ANY($2)
        AND valid_from <= $1 AND $1 < valid_to AND code_from <= $1 AND $1 < code_to";
    EXISTS = "SELECT EXISTS (SELECT 1 FROM unit WHERE id = $1) AS found";
    LIST = "SELECT * FROM unit_state WHERE code > $2
        AND valid_from <= $1 AND $1 < valid_to AND code_from <= $1 AND $1 < code_to
        ORDER BY code LIMIT $3";
    OF_KINDS = "SELECT id FROM (
            SELECT version.unit_id AS id, (SELECT code.value FROM unit_identifier AS code
                    WHERE code.unit_id = version.unit_id AND code.scheme = 'DECISION_20'
                        AND code.valid_from <= $1 AND $1 < code.valid_to) AS code
            FROM unit_version AS version
            WHERE version.kind = ANY($3) AND version.valid_from <= $1 AND $1 < version.valid_to) AS listed
        WHERE code > $2 ORDER BY code LIMIT $4";
    BELOW = "SELECT id FROM (
            SELECT version.unit_id AS id, (SELECT code.value FROM unit_identifier AS code
                    WHERE code.unit_id = version.unit_id AND code.scheme = 'DECISION_20'
                        AND code.valid_from <= $1 AND $1 < code.valid_to) AS code
            FROM unit_version AS version
            WHERE version.parent_id = $5 AND version.kind = ANY($3)
                AND version.valid_from <= $1 AND $1 < version.valid_to) AS listed
        WHERE code > $2 ORDER BY code LIMIT $4";
    IDENTIFIERS = "SELECT * FROM unit_identifier WHERE unit_id = ANY($2) AND scheme <> 'DECISION_20'
        AND valid_from <= $1 AND $1 < valid_to ORDER BY scheme, value";
    TAKEN = "SELECT unit_id FROM unit_identifier
        WHERE scheme = $1 AND value = $2 AND unit_id <> $3 AND valid_from < $5 AND $4 < valid_to LIMIT 1";
}

/// One unit as it is on a day.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid, on: Date) -> Result<Option<Unit>> {
    db.optional(&FIND, params![on, id]).await?.as_ref().map(read).transpose()
}

/// Whether the unit exists on any day.
pub(crate) async fn exists(db: &mut impl Queries, id: Uuid) -> Result<bool> {
    db.one(&EXISTS, params![id]).await?.get("found")
}

/// Those of the units that there are on a day, in no order.
pub(crate) async fn among(db: &mut impl Queries, ids: Vec<Uuid>, on: Date) -> Result<Vec<Unit>> {
    db.all(&AMONG, params![on, ids]).await?.iter().map(read).collect()
}

/// Whether another unit bears the identifier on some day of the period.
pub(crate) async fn is_taken(
    db: &mut impl Queries,
    scheme: Scheme,
    value: &str,
    by_other_than: Uuid,
    period: Period,
) -> Result<bool> {
    let values = params![scheme.name(), value, by_other_than, period.from, period.until];
    db.optional(&TAKEN, values).await.map(|row| row.is_some())
}

/// Units of these kinds, of all if none is named, after a code on a day, by code; only those directly below `parent_id` if it
/// is given.
pub(crate) async fn list(
    db: &mut impl Queries,
    parent_id: Option<Uuid>,
    kinds: &[UnitKind],
    (after, size): (&str, u16),
    on: Date,
) -> Result<Vec<Unit>> {
    if parent_id.is_none() && kinds.is_empty() {
        return db.all(&LIST, params![on, after, size]).await?.iter().map(read).collect();
    }
    let kinds = if kinds.is_empty() { &UnitKind::ALL } else { kinds };
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.name().to_owned()).collect();
    let rows = match parent_id {
        Some(parent_id) => db.all(&BELOW, params![on, after, kinds, size, parent_id]).await?,
        None => db.all(&OF_KINDS, params![on, after, kinds, size]).await?,
    };
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<Uuid>>>()?;
    let places: HashMap<_, _> = ids.iter().copied().zip(0_usize..).collect();
    let mut units = among(db, ids, on).await?;
    units.sort_by_key(|unit| places.get(&unit.id).copied());
    Ok(units)
}

/// The identifiers besides the code that these units bear on a day.
pub(crate) async fn identifiers(
    db: &mut impl Queries,
    ids: Vec<Uuid>,
    on: Date,
) -> Result<HashMap<Uuid, Vec<Identifier>>> {
    let mut found: HashMap<Uuid, Vec<Identifier>> = HashMap::new();
    for row in db.all(&IDENTIFIERS, params![on, ids]).await? {
        found.entry(row.get("unit_id")?).or_default().push(read_identifier(&row)?);
    }
    Ok(found)
}

pub(super) fn read_identifier(row: &Row) -> Result<Identifier> {
    let scheme: String = row.get("scheme")?;
    Ok(Identifier {
        scheme: Scheme::named(&scheme)
            .ok_or_else(|| Error::Inconsistent(format!("{scheme} is no scheme of identifiers")))?,
        value: row.get("value")?,
        synthetic: row.get("synthetic")?,
        period: Period { from: row.get("valid_from")?, until: row.get("valid_to")? },
    })
}

pub(super) fn read_kind(row: &Row) -> Result<UnitKind> {
    let kind: String = row.get("kind")?;
    UnitKind::named(&kind).ok_or_else(|| Error::Inconsistent(format!("{kind} is no kind of unit")))
}

/// A row of `unit_state`.
pub(crate) fn read(row: &Row) -> Result<Unit> {
    Ok(Unit {
        id: row.get("id")?,
        revision: row.get("revision")?,
        code: row.get("code")?,
        synthetic_code: row.get("synthetic_code")?,
        name: row.get("name")?,
        abbreviation: row.get("abbreviation")?,
        kind: read_kind(row)?,
        parent_id: row.get("parent_id")?,
        agency_id: row.get("agency_id")?,
        email: row.get("email")?,
        address: row.get("address")?,
        phone: row.get("phone")?,
        period: Period { from: row.get("begins_on")?, until: row.get("ends_on")? },
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
