//! What ends with units: positions, appointments, and the people who held nothing else.

use std::collections::HashMap;

use base::{Date, Timestamp, Uuid};
use directory_domain::{Position, Tenure};
use sql::{Queries, Result, Write, params};

use super::{
    audit::Entry,
    position::{read, read_tenure},
};
use crate::states;

sql::statements! {
    COUNTS = "SELECT position.unit_id, count(DISTINCT position.id) AS positions, count(appointment.id) AS appointments
        FROM position
        LEFT JOIN appointment ON appointment.position_id = position.id AND appointment.valid_to > $2
        WHERE position.unit_id = ANY($1) AND position.valid_to > $2 GROUP BY position.unit_id";
    UNPLACED = "SELECT person.id, person.full_name, position.title FROM appointment
        JOIN position ON position.id = appointment.position_id
        JOIN person ON person.id = appointment.person_id
        WHERE position.unit_id = ANY($1) AND appointment.valid_from < $2 AND appointment.valid_to > $2
            AND NOT EXISTS (SELECT 1 FROM appointment AS other
                JOIN position AS elsewhere ON elsewhere.id = other.position_id
                WHERE other.person_id = person.id AND other.valid_from <= $2 AND other.valid_to > $2
                    AND NOT (elsewhere.unit_id = ANY($1)))
        ORDER BY person.full_name, person.id, position.title";
    PEOPLE = "SELECT DISTINCT appointment.person_id FROM appointment
        JOIN position ON position.id = appointment.position_id
        WHERE position.unit_id = ANY($1) AND appointment.valid_to > $2";
    POSITIONS = "SELECT * FROM position WHERE unit_id = ANY($1) AND valid_to > $2 ORDER BY id";
    TENURES = "SELECT appointment.*, position.title FROM appointment
        JOIN position ON position.id = appointment.position_id
        WHERE position.unit_id = ANY($1) AND appointment.valid_to > $2 ORDER BY appointment.id";
    WITHDRAW = "DELETE FROM appointment WHERE valid_from >= $2
        AND position_id IN (SELECT id FROM position WHERE unit_id = ANY($1))";
    END = "UPDATE appointment SET valid_to = $2 WHERE valid_to > $2
        AND position_id IN (SELECT id FROM position WHERE unit_id = ANY($1))";
    CLOSE = "UPDATE position SET valid_to = CASE WHEN valid_from < $2 THEN $2 ELSE valid_from END,
        revision = revision + 1, updated_at = $3
        WHERE unit_id = ANY($1) AND valid_to > $2";
    TOUCH = "UPDATE person SET revision = revision + 1, updated_at = $2 WHERE id = ANY($1)";
    REVISIONS = "SELECT id, revision FROM person WHERE id = ANY($1) ORDER BY id";
}

/// What ends with a unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) positions: i64,
    pub(crate) appointments: i64,
}

/// A person who would hold no position any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unplaced {
    pub(crate) person_id: Uuid,
    pub(crate) full_name: String,
    pub(crate) title: String,
}

/// What ended with units, as it was before.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ended {
    /// Positions, by id.
    pub(crate) positions: Vec<Position>,
    /// Appointments with the titles of their positions.
    pub(crate) tenures: Vec<(Tenure, String)>,
    /// The people whom it touched, with their new revisions.
    pub(crate) people: Vec<(Uuid, i64)>,
}

/// What would end with these units on a day.
pub(crate) async fn counts(
    db: &mut impl Queries,
    unit_ids: Vec<Uuid>,
    on: Date,
) -> Result<HashMap<Uuid, Ending>> {
    let rows = db.all(&COUNTS, params![unit_ids, on]).await?;
    let count = |row: &sql::Row| {
        let ending = Ending { positions: row.get("positions")?, appointments: row.get("appointments")? };
        Ok((row.get("unit_id")?, ending))
    };
    rows.iter().map(count).collect()
}

/// The people who would hold nothing any more, by name.
pub(crate) async fn unplaced(db: &mut impl Queries, unit_ids: Vec<Uuid>, on: Date) -> Result<Vec<Unplaced>> {
    let rows = db.all(&UNPLACED, params![unit_ids, on]).await?;
    let one = |row: &sql::Row| {
        Ok(Unplaced { person_id: row.get("id")?, full_name: row.get("full_name")?, title: row.get("title")? })
    };
    rows.iter().map(one).collect()
}

/// Ends the positions of these units and the appointments to them; one that would not have begun yet is taken back.
pub(crate) async fn end(tx: &mut Write, unit_ids: Vec<Uuid>, on: Date, now: Timestamp) -> Result<Ended> {
    let positions = tx.all(&POSITIONS, params![unit_ids.clone(), on]).await?;
    let positions = positions.iter().map(read).collect::<Result<Vec<Position>>>()?;
    let tenures = tx.all(&TENURES, params![unit_ids.clone(), on]).await?;
    let titled = |row: &sql::Row| Ok((read_tenure(row)?, row.get("title")?));
    let tenures = tenures.iter().map(titled).collect::<Result<Vec<(Tenure, String)>>>()?;
    let people = tx.all(&PEOPLE, params![unit_ids.clone(), on]).await?;
    let people = people.iter().map(|row| row.get("person_id")).collect::<Result<Vec<Uuid>>>()?;
    tx.execute(&WITHDRAW, params![unit_ids.clone(), on]).await?;
    tx.execute(&END, params![unit_ids.clone(), on]).await?;
    tx.execute(&CLOSE, params![unit_ids, on, now]).await?;
    tx.execute(&TOUCH, params![people.clone(), now]).await?;
    let rows = tx.all(&REVISIONS, params![people]).await?;
    let people = rows.iter().map(|row| Ok((row.get("id")?, row.get("revision")?))).collect::<Result<_>>()?;
    Ok(Ended { positions, tenures, people })
}

impl Ended {
    /// What the audit says of it.
    pub(crate) fn entries(&self, on: Date, now: Timestamp, reason: &str) -> Vec<Entry> {
        let positions = self.positions.iter().map(|before| {
            let mut after = Position { period: before.period.ending(on), ..before.clone() };
            after.touch(now);
            Entry {
                action: "position.close",
                subject_kind: "position",
                subject_id: before.id,
                reason: reason.to_owned(),
                before: Some(states::position(before)),
                after: Some(states::position(&after)),
            }
        });
        let tenures = self.tenures.iter().map(|(before, title)| {
            let after = Tenure { period: before.period.ending(on), ..before.clone() };
            let kept = !after.period.is_empty();
            Entry {
                action: if kept { "user.change_appointment" } else { "user.withdraw_appointment" },
                subject_kind: "user",
                subject_id: before.person_id,
                reason: reason.to_owned(),
                before: Some(states::tenure(before, title)),
                after: kept.then(|| states::tenure(&after, title)),
            }
        });
        positions.chain(tenures).collect()
    }
}
