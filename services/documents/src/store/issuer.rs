//! What the drafter wrote of a kind of the catalogue and of an advisory body, in the columns of the document.

use documents_domain::{Fields, IssuingBody, KindNature, OtherKind};
use sql::{Result, Row, Value, params};

use super::inconsistent;

/// The values of the columns, in their order.
pub(super) fn values(fields: &Fields) -> Vec<Value> {
    let (other, body) = (fields.other_kind.as_ref(), fields.issuing_body.as_ref());
    params![
        other.map(|kind| kind.id),
        other.and_then(|kind| kind.agency_id),
        other.map(|kind| kind.name.clone()),
        other.map(|kind| kind.abbreviation.clone()),
        other.map(|kind| kind.nature.number()),
        body.map(|body| body.unit_id),
        body.map(|body| body.name.clone()),
    ]
}

/// The kind of the catalogue; none for one of the 29.
pub(super) fn other_kind(row: &Row) -> Result<Option<OtherKind>> {
    let Some(id) = row.get("other_kind_id")? else { return Ok(None) };
    Ok(Some(OtherKind {
        id,
        agency_id: row.get("other_kind_agency_id")?,
        name: row.get("other_kind_name")?,
        abbreviation: row.get("other_kind_abbreviation")?,
        nature: inconsistent(KindNature::numbered(row.get("other_kind_nature")?), "nature of a kind")?,
    }))
}

/// The advisory body; none where the agency issues itself.
pub(super) fn body(row: &Row) -> Result<Option<IssuingBody>> {
    let Some(unit_id) = row.get("issuing_body_id")? else { return Ok(None) };
    Ok(Some(IssuingBody { unit_id, name: row.get("issuing_body_name")? }))
}
