//! What decides on a day who may sign for an agency.

use std::collections::HashMap;

use base::{Date, Uuid};
use directory_domain::{Capacity, Chart, Holder, Office, Period, Post, Regime, Roles, UnitKind};
use sql::{Error, Queries, Result, Row, params};

use super::signing;

sql::statements! {
    AGENCY = "SELECT name, kind FROM unit_version
        WHERE unit_id = $1 AND agency_id = $1 AND valid_from <= $2 AND $2 < valid_to";
    OFFICES = "SELECT position.id, position.unit_id, position.title, position.roles, place.agency_id, agency.name AS agency_name
        FROM position
        JOIN unit_version AS place ON place.unit_id = position.unit_id AND place.valid_from <= $2 AND $2 < place.valid_to
        JOIN unit_version AS agency ON agency.unit_id = place.agency_id
            AND agency.valid_from <= $2 AND $2 < agency.valid_to
        WHERE position.valid_from <= $2 AND $2 < position.valid_to AND position.unit_id IN (
            SELECT unit_id FROM unit_version WHERE agency_id = $1 AND valid_from <= $2 AND $2 < valid_to
            UNION SELECT grantee.unit_id FROM signing_authority
                JOIN position AS grantee ON grantee.id = signing_authority.grantee_position_id
                WHERE signing_authority.agency_id = $1)
        ORDER BY position.id";
    HOLDERS = "SELECT appointment.position_id, appointment.person_id, appointment.capacity, person.full_name
        FROM appointment JOIN person ON person.id = appointment.person_id
        WHERE appointment.position_id = ANY($1) AND appointment.valid_from <= $2 AND $2 < appointment.valid_to
            AND (person.is_active OR $3::boolean)
        ORDER BY appointment.valid_from, appointment.id";
    POSTS = "SELECT position.id, position.unit_id, position.roles, position.valid_from, position.valid_to, place.agency_id,
            agency.kind AS agency_kind, above.agency_id AS agency_above,
            (SELECT min(one.valid_from) FROM unit_version AS one WHERE one.unit_id = position.unit_id) AS unit_from,
            (SELECT max(one.valid_to) FROM unit_version AS one WHERE one.unit_id = position.unit_id) AS unit_to
        FROM position
        JOIN unit_version AS place ON place.unit_id = position.unit_id AND place.valid_from <= $2 AND $2 < place.valid_to
        JOIN unit_version AS agency ON agency.unit_id = place.agency_id
            AND agency.valid_from <= $2 AND $2 < agency.valid_to
        LEFT JOIN unit_version AS above ON above.unit_id = agency.parent_id
            AND above.valid_from <= $2 AND $2 < above.valid_to
        WHERE position.id = ANY($1)";
    HELD = "SELECT position_id, valid_from, valid_to FROM appointment
        WHERE position_id = ANY($1) AND capacity <> 'IN_CHARGE' ORDER BY valid_from, id";
}

/// The chart of an agency on a day; none if it is no agency then. Who may not sign in any more is left out from today on: what
/// such a person signed before stays true of the days before.
pub(crate) async fn chart(
    db: &mut impl Queries,
    agency_id: Uuid,
    date: Date,
    today: Date,
) -> Result<Option<Chart>> {
    let Some((regime, name)) = regime(db, agency_id, date).await? else { return Ok(None) };
    let mut offices = db
        .all(&OFFICES, params![agency_id, date])
        .await?
        .iter()
        .map(read_office)
        .collect::<Result<Vec<_>>>()?;
    let ids: Vec<Uuid> = offices.iter().map(|office| office.position_id).collect();
    let mut holders: HashMap<Uuid, Vec<Holder>> = HashMap::new();
    for row in db.all(&HOLDERS, params![ids, date, date < today]).await? {
        holders.entry(row.get("position_id")?).or_default().push(read_holder(&row)?);
    }
    for office in &mut offices {
        office.holders = holders.remove(&office.position_id).unwrap_or_default();
    }
    let authorities = signing::of_agency(db, agency_id).await?;
    let collective = regime.collective(&name).to_owned();
    Ok(Some(Chart { agency_id, date, regime, collective, offices, authorities }))
}

/// Who decides in an agency on a day, and its name; none if it is no agency then.
pub(crate) async fn regime(
    db: &mut impl Queries,
    agency_id: Uuid,
    date: Date,
) -> Result<Option<(Regime, String)>> {
    let row = db.optional(&AGENCY, params![agency_id, date]).await?;
    row.map(|row| Ok((Regime::of(read_kind(&row, "kind")?), row.get("name")?))).transpose()
}

/// What must be known of these positions to hand a right to sign on from a day on; those that are not there then are left out.
pub(crate) async fn posts(
    db: &mut impl Queries,
    position_ids: Vec<Uuid>,
    date: Date,
) -> Result<HashMap<Uuid, Post>> {
    let mut held: HashMap<Uuid, Vec<Period>> = HashMap::new();
    for row in db.all(&HELD, params![position_ids.clone()]).await? {
        held.entry(row.get("position_id")?).or_default().push(read_period(&row)?);
    }
    let mut posts = HashMap::with_capacity(position_ids.len());
    for row in db.all(&POSTS, params![position_ids, date]).await? {
        let position_id = row.get("id")?;
        let unit = Period { from: row.get("unit_from")?, until: row.get("unit_to")? };
        let post = Post {
            position_id,
            unit_id: row.get("unit_id")?,
            agency_id: row.get("agency_id")?,
            agency_kind: read_kind(&row, "agency_kind")?,
            agency_above: row.get("agency_above")?,
            roles: Roles::from_bits(row.get("roles")?),
            exists: read_period(&row)?.within(unit),
            held: held.remove(&position_id).unwrap_or_default(),
        };
        posts.insert(position_id, post);
    }
    Ok(posts)
}

fn read_office(row: &Row) -> Result<Office> {
    Ok(Office {
        position_id: row.get("id")?,
        unit_id: row.get("unit_id")?,
        agency_id: row.get("agency_id")?,
        agency_name: row.get("agency_name")?,
        title: row.get("title")?,
        roles: Roles::from_bits(row.get("roles")?),
        holders: Vec::new(),
    })
}

fn read_holder(row: &Row) -> Result<Holder> {
    let capacity: String = row.get("capacity")?;
    Ok(Holder {
        person_id: row.get("person_id")?,
        full_name: row.get("full_name")?,
        capacity: Capacity::named(&capacity)
            .ok_or_else(|| Error::Inconsistent(format!("{capacity} is no capacity")))?,
    })
}

fn read_period(row: &Row) -> Result<Period> {
    Ok(Period { from: row.get("valid_from")?, until: row.get("valid_to")? })
}

fn read_kind(row: &Row, column: &str) -> Result<UnitKind> {
    let kind: String = row.get(column)?;
    UnitKind::named(&kind).ok_or_else(|| Error::Inconsistent(format!("{kind} is no kind of unit")))
}
