use base::{Date, Uuid};
use directory_domain::{Capacity, Duties, Period, Position, Roles, Tenure};
use sql::{Column, Error, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    FIND = "SELECT * FROM position WHERE id = $1";
    OF_UNITS = "SELECT * FROM position WHERE unit_id = ANY($1)";
    LIST_IN_UNIT = "SELECT * FROM position WHERE unit_id = $2 AND id > $3 AND valid_from <= $1 AND $1 < valid_to
        AND (NOT $4 OR NOT EXISTS (SELECT 1 FROM appointment WHERE appointment.position_id = position.id
            AND appointment.valid_from <= $1 AND $1 < appointment.valid_to))
        ORDER BY id LIMIT $5";
    LIST_IN_AGENCY = "SELECT position.* FROM position
        JOIN unit_version ON unit_version.unit_id = position.unit_id
            AND unit_version.valid_from <= $1 AND $1 < unit_version.valid_to
        WHERE unit_version.agency_id = $2 AND id > $3 AND position.valid_from <= $1 AND $1 < position.valid_to
        AND (NOT $4 OR NOT EXISTS (SELECT 1 FROM appointment WHERE appointment.position_id = position.id
            AND appointment.valid_from <= $1 AND $1 < appointment.valid_to))
        ORDER BY id LIMIT $5";
    CHANGE = "UPDATE position SET revision = $2, title = $3, roles = $4, seats = $5, valid_to = $6, updated_at = $7
        WHERE id = $1";
    TENURES_IN_UNIT_AFTER = "SELECT count(*) AS tenures FROM appointment JOIN position ON position.id = appointment.position_id
        WHERE position.unit_id = $1 AND appointment.valid_to > $2";
    TENURE = "SELECT * FROM appointment WHERE id = $1";
    TENURES_OF_POSITIONS = "SELECT * FROM appointment WHERE position_id = ANY($1)";
    TENURES_OF_PEOPLE = "SELECT * FROM appointment WHERE person_id = ANY($1)";
    POSITIONS_OF_PEOPLE = "SELECT * FROM position WHERE id IN (
        SELECT position_id FROM appointment WHERE person_id = ANY($1))";
    HOLDERS = "SELECT appointment.*, person.full_name FROM appointment JOIN person ON person.id = appointment.person_id
        WHERE position_id = ANY($2) AND valid_from <= $1 AND $1 < valid_to
        ORDER BY position_id, appointment.created_at, appointment.id";
    END = "UPDATE appointment SET valid_to = $2 WHERE id = $1";
    PROMOTE = "UPDATE appointment SET is_primary = (id = $2) WHERE person_id = $1";
    WITHDRAW = "DELETE FROM appointment WHERE id = ANY($1)";
}

const COLUMNS: [Column; 10] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("unit_id", Kind::Uuid),
    Column::new("title", Kind::Text),
    Column::new("roles", Kind::Int),
    Column::new("seats", Kind::Int),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const TENURE_COLUMNS: [Column; 10] = [
    Column::new("id", Kind::Uuid),
    Column::new("person_id", Kind::Uuid),
    Column::new("position_id", Kind::Uuid),
    Column::new("place", Kind::Int),
    Column::new("capacity", Kind::Text),
    Column::new("is_primary", Kind::Bool),
    Column::new("basis", Kind::Text),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
    Column::new("created_at", Kind::Time),
];

/// Which positions a list holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Where {
    /// Those of this unit itself.
    Unit(Uuid),
    /// Those of this agency and of its inner units.
    Agency(Uuid),
}

/// A person who holds a position.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub(crate) tenure: Tenure,
    pub(crate) full_name: String,
}

/// Stores new positions.
pub(crate) async fn insert(tx: &mut Write, positions: &[Position]) -> Result<()> {
    let rows = positions.iter().map(|position| {
        params![
            position.id,
            position.revision,
            position.unit_id,
            &position.duties.title,
            position.duties.roles.bits(),
            position.duties.seats,
            position.period.from,
            position.period.until,
            position.created_at,
            position.updated_at,
        ]
    });
    tx.insert("position", &COLUMNS, rows.collect()).await.map(drop)
}

/// Stores a changed position; unit and first day never change.
pub(crate) async fn change(tx: &mut Write, position: &Position) -> Result<()> {
    let Duties { title, roles, seats } = &position.duties;
    let until = position.period.until;
    let values =
        params![position.id, position.revision, title, roles.bits(), *seats, until, position.updated_at];
    tx.execute(&CHANGE, values).await.map(drop)
}

/// How many appointments to positions of a unit hold on some day from `on` on.
pub(crate) async fn tenures_in_unit_after(db: &mut impl Queries, unit_id: Uuid, on: Date) -> Result<usize> {
    let count: i64 = db.one(&TENURES_IN_UNIT_AFTER, params![unit_id, on]).await?.get("tenures")?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// One position.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Position>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// All positions of these units, whenever they exist.
pub(crate) async fn of_units(db: &mut impl Queries, unit_ids: Vec<Uuid>) -> Result<Vec<Position>> {
    db.all(&OF_UNITS, params![unit_ids]).await?.iter().map(read).collect()
}

/// The positions that these people ever held.
pub(crate) async fn of_people(db: &mut impl Queries, person_ids: Vec<Uuid>) -> Result<Vec<Position>> {
    db.all(&POSITIONS_OF_PEOPLE, params![person_ids]).await?.iter().map(read).collect()
}

/// Positions after an id that exist on a day, by id.
pub(crate) async fn list(
    db: &mut impl Queries,
    place: Where,
    vacant: bool,
    (after, size): (Uuid, u16),
    on: Date,
) -> Result<Vec<Position>> {
    let rows = match place {
        Where::Unit(id) => db.all(&LIST_IN_UNIT, params![on, id, after, vacant, size]).await?,
        Where::Agency(id) => db.all(&LIST_IN_AGENCY, params![on, id, after, vacant, size]).await?,
    };
    rows.iter().map(read).collect()
}

/// Stores new appointments.
pub(crate) async fn appoint(tx: &mut Write, tenures: &[Tenure]) -> Result<()> {
    let rows = tenures.iter().map(|tenure| {
        params![
            tenure.id,
            tenure.person_id,
            tenure.position_id,
            tenure.place,
            tenure.capacity.name(),
            tenure.is_primary,
            &tenure.basis,
            tenure.period.from,
            tenure.period.until,
            tenure.created_at,
        ]
    });
    tx.insert("appointment", &TENURE_COLUMNS, rows.collect()).await.map(drop)
}

/// Stores the new last days of appointments.
pub(crate) async fn end(tx: &mut Write, tenures: &[&Tenure]) -> Result<()> {
    for tenure in tenures {
        tx.execute(&END, params![tenure.id, tenure.period.until]).await?;
    }
    Ok(())
}

/// Takes appointments back as if they had never been.
pub(crate) async fn withdraw(tx: &mut Write, ids: Vec<Uuid>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    tx.execute(&WITHDRAW, params![ids]).await.map(drop)
}

/// Makes an appointment the main post of a person.
pub(crate) async fn promote(tx: &mut Write, person_id: Uuid, tenure_id: Uuid) -> Result<()> {
    tx.execute(&PROMOTE, params![person_id, tenure_id]).await.map(drop)
}

/// One appointment.
pub(crate) async fn tenure(db: &mut impl Queries, id: Uuid) -> Result<Option<Tenure>> {
    db.optional(&TENURE, params![id]).await?.as_ref().map(read_tenure).transpose()
}

/// All appointments to these positions, whenever they hold.
pub(crate) async fn tenures_of_positions(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<Vec<Tenure>> {
    db.all(&TENURES_OF_POSITIONS, params![ids]).await?.iter().map(read_tenure).collect()
}

/// All appointments of these people, whenever they hold.
pub(crate) async fn tenures_of_people(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<Vec<Tenure>> {
    db.all(&TENURES_OF_PEOPLE, params![ids]).await?.iter().map(read_tenure).collect()
}

/// Who holds these positions on a day.
pub(crate) async fn holders(db: &mut impl Queries, ids: Vec<Uuid>, on: Date) -> Result<Vec<Holder>> {
    let rows = db.all(&HOLDERS, params![on, ids]).await?;
    let holder = |row: &Row| Ok(Holder { tenure: read_tenure(row)?, full_name: row.get("full_name")? });
    rows.iter().map(holder).collect()
}

pub(super) fn read_capacity(row: &Row) -> Result<Capacity> {
    let name: String = row.get("capacity")?;
    Capacity::named(&name).ok_or_else(|| Error::Inconsistent(format!("{name} is no capacity")))
}

pub(super) fn read(row: &Row) -> Result<Position> {
    let seats: i64 = row.get("seats")?;
    Ok(Position {
        id: row.get("id")?,
        revision: row.get("revision")?,
        unit_id: row.get("unit_id")?,
        duties: Duties {
            title: row.get("title")?,
            roles: Roles::from_bits(row.get("roles")?),
            seats: u16::try_from(seats).unwrap_or(u16::MAX),
        },
        period: Period { from: row.get("valid_from")?, until: row.get("valid_to")? },
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

pub(super) fn read_tenure(row: &Row) -> Result<Tenure> {
    let place: i64 = row.get("place")?;
    Ok(Tenure {
        id: row.get("id")?,
        person_id: row.get("person_id")?,
        position_id: row.get("position_id")?,
        place: u32::try_from(place).unwrap_or(u32::MAX),
        capacity: read_capacity(row)?,
        is_primary: row.get("is_primary")?,
        basis: row.get("basis")?,
        period: Period { from: row.get("valid_from")?, until: row.get("valid_to")? },
        created_at: row.get("created_at")?,
    })
}
