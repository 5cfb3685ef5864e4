//! Who stands in for whom on a day. Most people never do and most agencies have nobody away, so each question is first whether
//! there is anything to look at, and only then reads whole agencies.

use std::collections::HashSet;

use base::{Date, Uuid};
use directory_domain::{Acting, Held, Roles, Situation, acting};
use sql::{Queries, Result, Row, params};

use super::{absence, stand_in, stand_in_rule};

sql::statements! {
    FOR_PEOPLE = "SELECT place.agency_id FROM stand_in
            JOIN position ON position.id = stand_in.position_id
            JOIN unit_version AS place ON place.unit_id = position.unit_id AND place.valid_from <= $2 AND $2 < place.valid_to
            WHERE stand_in.person_id = ANY($1) AND stand_in.valid_from <= $2 AND $2 < stand_in.valid_to
        UNION SELECT place.agency_id FROM appointment AS own
            JOIN stand_in_substitute ON stand_in_substitute.substitute_position_id = own.position_id
            JOIN appointment AS away ON away.position_id = stand_in_substitute.position_id
                AND away.valid_from <= $2 AND $2 < away.valid_to
            JOIN position ON position.id = away.position_id
            JOIN unit_version AS place ON place.unit_id = position.unit_id AND place.valid_from <= $2 AND $2 < place.valid_to
            WHERE own.person_id = ANY($1) AND own.valid_from <= $2 AND $2 < own.valid_to
                AND (EXISTS (SELECT 1 FROM absence WHERE absence.person_id = away.person_id
                        AND absence.valid_from <= $2 AND $2 < absence.valid_to)
                    OR EXISTS (SELECT 1 FROM stand_in WHERE stand_in.position_id = away.position_id
                        AND stand_in.valid_from <= $2 AND $2 < stand_in.valid_to))";
    IN_AGENCIES = "SELECT place.agency_id FROM stand_in
            JOIN position ON position.id = stand_in.position_id
            JOIN unit_version AS place ON place.unit_id = position.unit_id AND place.valid_from <= $2 AND $2 < place.valid_to
            WHERE stand_in.valid_from <= $2 AND $2 < stand_in.valid_to AND place.agency_id = ANY($1)
        UNION SELECT place.agency_id FROM absence
            JOIN appointment ON appointment.person_id = absence.person_id
                AND appointment.valid_from <= $2 AND $2 < appointment.valid_to
            JOIN stand_in_rule ON stand_in_rule.position_id = appointment.position_id
            JOIN position ON position.id = appointment.position_id
            JOIN unit_version AS place ON place.unit_id = position.unit_id AND place.valid_from <= $2 AND $2 < place.valid_to
            WHERE absence.valid_from <= $2 AND $2 < absence.valid_to AND place.agency_id = ANY($1)";
    HELD = "SELECT position.id AS position_id, position.unit_id, position.title, position.roles, place.agency_id,
            appointment.person_id, appointment.valid_from, person.full_name
        FROM appointment
        JOIN person ON person.id = appointment.person_id
        JOIN position ON position.id = appointment.position_id
        JOIN unit_version AS place ON place.unit_id = position.unit_id AND place.valid_from <= $2 AND $2 < place.valid_to
        WHERE person.is_active AND appointment.valid_from <= $2 AND $2 < appointment.valid_to
            AND appointment.person_id IN (
                SELECT member.person_id FROM unit_version
                JOIN position AS post ON post.unit_id = unit_version.unit_id
                JOIN appointment AS member ON member.position_id = post.id
                WHERE unit_version.agency_id = ANY($1) AND unit_version.valid_from <= $2 AND $2 < unit_version.valid_to
                    AND member.valid_from <= $2 AND $2 < member.valid_to)
        ORDER BY position.id, appointment.valid_from, appointment.id";
    STAND_INS = "SELECT * FROM stand_in
        WHERE valid_from <= $2 AND $2 < valid_to AND absent_person_id = ANY($1) ORDER BY id";
    ABSENCES = "SELECT * FROM absence WHERE valid_from <= $2 AND $2 < valid_to AND person_id = ANY($1) ORDER BY id";
}

/// For whom these people stand in on a day.
pub(crate) async fn of_people(
    db: &mut impl Queries,
    person_ids: Vec<Uuid>,
    date: Date,
) -> Result<Vec<Acting>> {
    let rows = db.all(&FOR_PEOPLE, params![person_ids.clone(), date]).await?;
    let mut found = load(db, &agencies(&rows)?, date).await?;
    found.retain(|acting| person_ids.contains(&acting.person_id));
    Ok(found)
}

/// Who stands in for whom in these agencies on a day, by position.
pub(crate) async fn of_agencies(
    db: &mut impl Queries,
    agency_ids: Vec<Uuid>,
    date: Date,
) -> Result<Vec<Acting>> {
    let rows = db.all(&IN_AGENCIES, params![agency_ids, date]).await?;
    load(db, &agencies(&rows)?, date).await
}

fn agencies(rows: &[Row]) -> Result<HashSet<Uuid>> {
    rows.iter().map(|row| row.get("agency_id")).collect()
}

/// Who stands in in these agencies, from all that is known of their people.
async fn load(db: &mut impl Queries, agencies: &HashSet<Uuid>, date: Date) -> Result<Vec<Acting>> {
    if agencies.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = agencies.iter().copied().collect();
    let held = db.all(&HELD, params![ids, date]).await?.iter().map(read_held).collect::<Result<Vec<_>>>()?;
    let people: HashSet<Uuid> = held.iter().map(|held| held.person_id).collect();
    let people: Vec<Uuid> = people.into_iter().collect();
    let stand_ins = db.all(&STAND_INS, params![people.clone(), date]).await?;
    let absences = db.all(&ABSENCES, params![people, date]).await?;
    let positions: HashSet<Uuid> = held.iter().map(|held| held.position_id).collect();
    let substitutes = stand_in_rule::substitutes(db, positions.into_iter().collect()).await?;
    let situation = Situation {
        date,
        held,
        stand_ins: stand_ins.iter().map(stand_in::read).collect::<Result<_>>()?,
        absences: absences.iter().map(absence::read).collect::<Result<_>>()?,
        substitutes,
    };
    let mut found = acting(&situation);
    // Posts in other agencies were read for the duties that go with them; who stands in there was not asked.
    found.retain(|acting| agencies.contains(&acting.of.agency_id));
    Ok(found)
}

fn read_held(row: &Row) -> Result<Held> {
    Ok(Held {
        position_id: row.get("position_id")?,
        unit_id: row.get("unit_id")?,
        agency_id: row.get("agency_id")?,
        title: row.get("title")?,
        roles: Roles::from_bits(row.get("roles")?),
        person_id: row.get("person_id")?,
        full_name: row.get("full_name")?,
        since: row.get("valid_from")?,
    })
}
