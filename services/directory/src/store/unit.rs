use base::Uuid;
use directory_domain::{Unit, UnitKind};
use sql::{Column, Error, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    ALL = "SELECT * FROM unit";
    FIND = "SELECT * FROM unit WHERE id = $1";
    AMONG = "SELECT * FROM unit WHERE id = ANY($1)";
    TAKEN = "SELECT id FROM unit WHERE code = $1";
    LIST = "SELECT * FROM unit WHERE code > $1 AND kind = ANY($2) ORDER BY code LIMIT $3";
    LIST_BELOW = "SELECT * FROM unit WHERE parent_id = $1 AND code > $2 AND kind = ANY($3) ORDER BY code LIMIT $4";
    CHANGE = "UPDATE unit SET revision = $2, synthetic_code = $3, name = $4, abbreviation = $5, kind = $6,
        parent_id = $7, agency_id = $8, email = $9, updated_at = $10 WHERE id = $1";
}

const COLUMNS: [Column; 12] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("code", Kind::Text),
    Column::new("synthetic_code", Kind::Bool),
    Column::new("name", Kind::Text),
    Column::new("abbreviation", Kind::Text),
    Column::new("kind", Kind::Text),
    Column::new("parent_id", Kind::Uuid),
    Column::new("agency_id", Kind::Uuid),
    Column::new("email", Kind::Text),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

/// Stores new units.
pub(crate) async fn insert(tx: &mut Write, units: &[Unit]) -> Result<()> {
    let rows = units.iter().map(|unit| {
        params![
            unit.id,
            unit.revision,
            &unit.code,
            unit.synthetic_code,
            &unit.name,
            &unit.abbreviation,
            unit.kind.name(),
            unit.parent_id,
            unit.agency_id,
            &unit.email,
            unit.created_at,
            unit.updated_at,
        ]
    });
    tx.insert("unit", &COLUMNS, rows.collect()).await.map(drop)
}

/// Stores a changed unit; the code never changes.
pub(crate) async fn change(tx: &mut Write, unit: &Unit) -> Result<()> {
    let values = params![
        unit.id,
        unit.revision,
        unit.synthetic_code,
        &unit.name,
        &unit.abbreviation,
        unit.kind.name(),
        unit.parent_id,
        unit.agency_id,
        &unit.email,
        unit.updated_at,
    ];
    tx.execute(&CHANGE, values).await.map(drop)
}

/// The whole tree.
pub(crate) async fn all(db: &mut impl Queries) -> Result<Vec<Unit>> {
    db.all(&ALL, params![]).await?.iter().map(read).collect()
}

/// One unit.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Unit>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// Those of the units that there are, in no order.
pub(crate) async fn among(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<Vec<Unit>> {
    db.all(&AMONG, params![ids]).await?.iter().map(read).collect()
}

/// Whether a unit bears the code.
pub(crate) async fn is_taken(db: &mut impl Queries, code: &str) -> Result<bool> {
    db.optional(&TAKEN, params![code]).await.map(|row| row.is_some())
}

/// Units of these kinds after a code, by code; only those directly below `parent_id` if it is given.
pub(crate) async fn list(
    db: &mut impl Queries,
    parent_id: Option<Uuid>,
    kinds: &[UnitKind],
    after: &str,
    size: u16,
) -> Result<Vec<Unit>> {
    let kinds: Vec<_> = kinds.iter().map(|kind| kind.name().to_owned()).collect();
    let rows = match parent_id {
        Some(parent_id) => db.all(&LIST_BELOW, params![parent_id, after, kinds, size]).await?,
        None => db.all(&LIST, params![after, kinds, size]).await?,
    };
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Unit> {
    let kind: String = row.get("kind")?;
    Ok(Unit {
        id: row.get("id")?,
        revision: row.get("revision")?,
        code: row.get("code")?,
        synthetic_code: row.get("synthetic_code")?,
        name: row.get("name")?,
        abbreviation: row.get("abbreviation")?,
        kind: UnitKind::named(&kind)
            .ok_or_else(|| Error::Inconsistent(format!("{kind} is no kind of unit")))?,
        parent_id: row.get("parent_id")?,
        agency_id: row.get("agency_id")?,
        email: row.get("email")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
