use base::{Date, Timestamp, Uuid};
use documents_domain::{KindNature, OtherKind};
use sql::{Queries, Result, Row, Write, params};

use super::inconsistent;

sql::statements! {
    INSERT = "INSERT INTO document_kind (id, agency_id, name, abbreviation, nature, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    OF_AGENCY = "SELECT * FROM document_kind WHERE agency_id IS NULL OR agency_id = $1 ORDER BY name, id";
    NUMBERED = "SELECT id FROM document
        WHERE other_kind_id = ANY($1) AND agency_id = $2 AND issued_on >= $3 AND number IS NOT NULL LIMIT 1";
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

/// Whether an agency has numbered a document of one of these kinds on this day or later.
pub(crate) async fn is_numbered(
    db: &mut impl Queries,
    kinds: Vec<Uuid>,
    agency_id: Uuid,
    since: Date,
) -> Result<bool> {
    Ok(db.optional(&NUMBERED, params![kinds, agency_id, since]).await?.is_some())
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
