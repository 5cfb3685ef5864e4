//! Who bears an identifier: units and external agencies together.

use base::{Date, Uuid};
use directory_domain::{Identifier, Scheme};
use sql::{Error, Queries, Result, Row, params};

use super::external_agency::period;

sql::statements! {
    OF_EXTERNALS = "SELECT borne.external_agency_id AS id, agency.name, borne.scheme, borne.value, borne.valid_from, borne.valid_to
        FROM external_agency_identifier AS borne JOIN external_agency AS agency ON agency.id = borne.external_agency_id
        WHERE borne.scheme = ANY($1) AND borne.value = ANY($2)";
    OF_UNITS = "SELECT borne.unit_id AS id, borne.scheme, borne.value, borne.valid_from, borne.valid_to, (
            SELECT name FROM unit_version WHERE unit_version.unit_id = borne.unit_id AND unit_version.valid_from < borne.valid_to
            ORDER BY valid_from DESC LIMIT 1) AS name
        FROM unit_identifier AS borne WHERE borne.scheme = ANY($1) AND borne.value = ANY($2)";
}

/// Who bears an identifier, and when.
#[derive(Debug, Clone)]
pub(crate) struct Bearer {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// Whether it is a unit; otherwise it is an external agency.
    pub(crate) is_unit: bool,
    pub(crate) identifier: Identifier,
}

/// Everybody who ever bears one of these identifiers.
pub(crate) async fn bearers(
    db: &mut impl Queries,
    identifiers: impl Iterator<Item = (Scheme, String)>,
) -> Result<Vec<Bearer>> {
    let identifiers: Vec<_> = identifiers.collect();
    if identifiers.is_empty() {
        return Ok(Vec::new());
    }
    let (schemes, values) = columns(identifiers.iter().cloned());
    let units = db.all(&OF_UNITS, params![schemes, values]).await?;
    let units = units.iter().map(|row| read(row, true)).collect::<Result<Vec<_>>>()?;
    let externals = partners(db, identifiers.into_iter()).await?;
    Ok(units.into_iter().chain(externals).collect())
}

/// The external agencies that ever bear one of these identifiers.
pub(crate) async fn partners(
    db: &mut impl Queries,
    identifiers: impl Iterator<Item = (Scheme, String)>,
) -> Result<Vec<Bearer>> {
    let (schemes, values) = columns(identifiers);
    let externals = db.all(&OF_EXTERNALS, params![schemes, values]).await?;
    externals.iter().map(|row| read(row, false)).collect()
}

fn columns(identifiers: impl Iterator<Item = (Scheme, String)>) -> (Vec<String>, Vec<String>) {
    identifiers.map(|(scheme, value)| (scheme.name().to_owned(), value)).unzip()
}

/// Who bears an identifier on a day.
pub(crate) async fn bearer(
    db: &mut impl Queries,
    scheme: Scheme,
    value: &str,
    on: Date,
) -> Result<Option<Bearer>> {
    let all = bearers(db, std::iter::once((scheme, value.to_owned()))).await?;
    Ok(all.into_iter().find(|bearer| bearer.identifier.period.contains(on)))
}

fn read(row: &Row, is_unit: bool) -> Result<Bearer> {
    let name: Option<String> = row.get("name")?;
    Ok(Bearer { id: row.get("id")?, name: name.unwrap_or_default(), is_unit, identifier: identifier(row)? })
}

/// The identifier of a row.
pub(super) fn identifier(row: &Row) -> Result<Identifier> {
    let name: String = row.get("scheme")?;
    let scheme = Scheme::named(&name)
        .ok_or_else(|| Error::Inconsistent(format!("{name} is no scheme of identifiers")))?;
    Ok(Identifier { scheme, value: row.get("value")?, synthetic: false, period: period(row)? })
}
