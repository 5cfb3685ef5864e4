//! One head at a time: of an agency, whichever of its units the position is in, and of an inner unit.

use base::Uuid;
use directory_domain::{Belonging, Period, Position, Roles};
use sql::{Queries, Result, Row, params};

use super::position::read;

sql::statements! {
    BELONGINGS = "SELECT unit_id, agency_id, valid_from, valid_to FROM unit_version
        WHERE agency_id IN (SELECT agency_id FROM unit_version WHERE unit_id = ANY($1))";
    HEADS = "SELECT * FROM position WHERE unit_id = ANY($1) AND (roles & $2::bigint) <> 0";
    // Two periods overlap if each begins before the other ends, and so do three if every two of them do.
    RIVAL = "SELECT own.person_id, own.position_id, headed.title, person.full_name, rival.valid_from, rival.valid_to
        FROM appointment AS own
        JOIN position AS headed ON headed.id = own.position_id AND (headed.roles & $2::bigint) <> 0
        JOIN unit_version AS place ON place.unit_id = headed.unit_id
            AND place.valid_from < own.valid_to AND own.valid_from < place.valid_to
        JOIN unit_version AS beside ON beside.agency_id = place.agency_id
            AND beside.valid_from < place.valid_to AND place.valid_from < beside.valid_to
            AND beside.valid_from < own.valid_to AND own.valid_from < beside.valid_to
        JOIN position AS other ON other.unit_id = beside.unit_id AND other.id <> headed.id
            AND ((other.roles & headed.roles & $3::bigint) <> 0
                OR (other.unit_id = headed.unit_id AND (other.roles & headed.roles & $4::bigint) <> 0))
        JOIN appointment AS rival ON rival.position_id = other.id AND rival.person_id <> own.person_id
            AND rival.valid_from < own.valid_to AND own.valid_from < rival.valid_to
            AND rival.valid_from < place.valid_to AND place.valid_from < rival.valid_to
            AND rival.valid_from < beside.valid_to AND beside.valid_from < rival.valid_to
        JOIN person ON person.id = rival.person_id
        WHERE own.id = ANY($1)
        ORDER BY own.id, rival.valid_from, rival.id LIMIT 1";
}

/// Every unit of the agencies that these units belong to on some day, with the days.
pub(crate) async fn belongings(db: &mut impl Queries, unit_ids: Vec<Uuid>) -> Result<Vec<Belonging>> {
    let belonging = |row: &Row| {
        Ok(Belonging {
            unit_id: row.get("unit_id")?,
            agency_id: row.get("agency_id")?,
            period: Period { from: row.get("valid_from")?, until: row.get("valid_to")? },
        })
    };
    db.all(&BELONGINGS, params![unit_ids]).await?.iter().map(belonging).collect()
}

/// The positions of heads of agencies in these units.
pub(crate) async fn heads(db: &mut impl Queries, unit_ids: Vec<Uuid>) -> Result<Vec<Position>> {
    let values = params![unit_ids, Roles::AGENCY_HEAD.bits()];
    db.all(&HEADS, values).await?.iter().map(read).collect()
}

/// Two who would head the same at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rival {
    /// Who was appointed.
    pub(crate) person_id: Uuid,
    /// To which position.
    pub(crate) position_id: Uuid,
    /// Its title.
    pub(crate) title: String,
    /// Who is in office on some of these days.
    pub(crate) incumbent: String,
    /// When that one is.
    pub(crate) period: Period,
}

/// Somebody who is head already of what one of these appointments makes somebody else head of.
pub(crate) async fn rival(db: &mut impl Queries, tenure_ids: Vec<Uuid>) -> Result<Option<Rival>> {
    let (agency, unit) = (Roles::AGENCY_HEAD, Roles::UNIT_HEAD);
    let values = params![tenure_ids, agency.and(unit).bits(), agency.bits(), unit.bits()];
    let Some(row) = db.optional(&RIVAL, values).await? else { return Ok(None) };
    Ok(Some(Rival {
        person_id: row.get("person_id")?,
        position_id: row.get("position_id")?,
        title: row.get("title")?,
        incumbent: row.get("full_name")?,
        period: Period { from: row.get("valid_from")?, until: row.get("valid_to")? },
    }))
}
