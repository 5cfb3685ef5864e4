use base::Uuid;
use sql::{Queries, Result, Row, params};

use crate::provision::Codes;
use directory_domain::Period;

sql::statements! {
    CODED = "SELECT unit_id, value, valid_from, valid_to FROM unit_identifier
        WHERE scheme = 'DECISION_20' AND value = ANY($1) ORDER BY value, valid_from";
    OF_UNITS = "SELECT unit_id, value, valid_from, valid_to FROM unit_identifier
        WHERE scheme = 'DECISION_20' AND unit_id = ANY($1) ORDER BY unit_id, valid_from";
}

/// The units that ever bore one of these codes.
pub(crate) async fn coded(db: &mut impl Queries, codes: Vec<String>) -> Result<Codes> {
    let mut found = Codes::default();
    add(&mut found, &db.all(&CODED, params![codes]).await?)?;
    Ok(found)
}

/// Adds the codes that these units bore.
pub(crate) async fn complete(db: &mut impl Queries, codes: &mut Codes, unit_ids: Vec<Uuid>) -> Result<()> {
    if unit_ids.is_empty() {
        return Ok(());
    }
    add(codes, &db.all(&OF_UNITS, params![unit_ids]).await?)
}

fn add(codes: &mut Codes, rows: &[Row]) -> Result<()> {
    for row in rows {
        let period = Period { from: row.get("valid_from")?, until: row.get("valid_to")? };
        codes.add(row.get("value")?, row.get("unit_id")?, period);
    }
    Ok(())
}
