use base::{Timestamp, Uuid};
use documents_domain::{KindNature, OtherKind};
use sql::{Queries, Result, Row, Write, params};

use super::inconsistent;

sql::statements! {
    INSERT = "INSERT INTO document_kind (id, agency_id, name, abbreviation, nature, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    OF_AGENCY = "SELECT * FROM document_kind WHERE agency_id IS NULL OR agency_id = $1 ORDER BY name, id";
    ALL = "SELECT * FROM document_kind ORDER BY name, id";
}

/// A kind of the catalogue, and when it was put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Catalogued {
    pub(crate) kind: OtherKind,
    pub(crate) created_at: Timestamp,
}

/// Stores a kind. A conflict says that somebody was faster with the same abbreviation.
pub(crate) async fn insert(tx: &mut Write, catalogued: &Catalogued) -> Result<()> {
    let Catalogued { kind, created_at } = catalogued;
    let values =
        params![kind.id, kind.agency_id, &kind.name, &kind.abbreviation, kind.nature.number(), *created_at];
    tx.execute(&INSERT, values).await.map(drop)
}

/// The kinds of all agencies and of one, by name.
pub(crate) async fn of_agency(db: &mut impl Queries, agency_id: Option<Uuid>) -> Result<Vec<Catalogued>> {
    db.all(&OF_AGENCY, params![agency_id]).await?.iter().map(read).collect()
}

/// The kinds of all agencies and of each.
pub(crate) async fn all(db: &mut impl Queries) -> Result<Vec<Catalogued>> {
    db.all(&ALL, params![]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Catalogued> {
    let kind = OtherKind {
        id: row.get("id")?,
        agency_id: row.get("agency_id")?,
        name: row.get("name")?,
        abbreviation: row.get("abbreviation")?,
        nature: inconsistent(KindNature::numbered(row.get("nature")?), "nature")?,
    };
    Ok(Catalogued { kind, created_at: row.get("created_at")? })
}
