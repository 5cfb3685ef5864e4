use base::{Date, Uuid};
use directory_domain::{Origin, OwnPost, Period, Roles, StandIn};
use sql::{Column, Error, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    FIND = "SELECT * FROM stand_in WHERE id = $1";
    CONCERNING = "SELECT * FROM stand_in
        WHERE (position_id = $1 OR absent_person_id = ANY($2)) AND $3 < valid_to AND valid_from < valid_to
        ORDER BY id";
    LIST = "SELECT stand_in.* FROM stand_in
        JOIN position ON position.id = stand_in.position_id
        JOIN unit_version ON unit_version.unit_id = position.unit_id
            AND unit_version.valid_from <= $2 AND $2 < unit_version.valid_to
        WHERE unit_version.agency_id = $1 AND $2 < stand_in.valid_to AND stand_in.valid_from < stand_in.valid_to
            AND stand_in.id > $3
        ORDER BY stand_in.id LIMIT $4";
    END = "UPDATE stand_in SET revision = $2, valid_to = $3, updated_at = $4 WHERE id = $1";
    HOLDERS = "SELECT person_id, valid_from, valid_to FROM appointment WHERE position_id = $1 ORDER BY valid_from, id";
    OWN_POSTS = "SELECT position.unit_id, position.roles, place.agency_id, appointment.valid_from, appointment.valid_to
        FROM appointment
        JOIN person ON person.id = appointment.person_id
        JOIN position ON position.id = appointment.position_id
        LEFT JOIN unit_version AS place ON place.unit_id = position.unit_id
            AND place.valid_from <= $2 AND $2 < place.valid_to
        WHERE appointment.person_id = $1 AND person.is_active AND $2 < appointment.valid_to";
}

const COLUMNS: [Column; 11] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("position_id", Kind::Uuid),
    Column::new("absent_person_id", Kind::Uuid),
    Column::new("person_id", Kind::Uuid),
    Column::new("origin", Kind::Text),
    Column::new("reason", Kind::Text),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

/// Stores a new stand-in.
pub(crate) async fn insert(tx: &mut Write, stand_in: &StandIn) -> Result<()> {
    let row = params![
        stand_in.id,
        stand_in.revision,
        stand_in.position_id,
        stand_in.absent_person_id,
        stand_in.person_id,
        stand_in.origin.name(),
        &stand_in.reason,
        stand_in.period.from,
        stand_in.period.until,
        stand_in.created_at,
        stand_in.updated_at,
    ];
    tx.insert("stand_in", &COLUMNS, vec![row]).await.map(drop)
}

/// Stores that a stand-in ends sooner; nothing else of one changes.
pub(crate) async fn end(tx: &mut Write, stand_in: &StandIn) -> Result<()> {
    let values = params![stand_in.id, stand_in.revision, stand_in.period.until, stand_in.updated_at];
    tx.execute(&END, values).await.map(drop)
}

/// One stand-in.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<StandIn>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// The stand-ins for a position or for one of these people that hold on some day from a day on.
pub(crate) async fn concerning(
    db: &mut impl Queries,
    position_id: Uuid,
    person_ids: Vec<Uuid>,
    from: Date,
) -> Result<Vec<StandIn>> {
    db.all(&CONCERNING, params![position_id, person_ids, from]).await?.iter().map(read).collect()
}

/// The stand-ins of an agency after an id that end after a day, by id.
pub(crate) async fn list(
    db: &mut impl Queries,
    agency_id: Uuid,
    date: Date,
    after: Uuid,
    size: u16,
) -> Result<Vec<StandIn>> {
    db.all(&LIST, params![agency_id, date, after, size]).await?.iter().map(read).collect()
}

/// Everybody who ever holds a position, with the days of each appointment.
pub(crate) async fn holders(db: &mut impl Queries, position_id: Uuid) -> Result<Vec<(Uuid, Period)>> {
    let rows = db.all(&HOLDERS, params![position_id]).await?;
    rows.iter().map(|row| Ok((row.get("person_id")?, read_period(row)?))).collect()
}

/// The posts of a person from a day on, each with its unit; in the agencies of that day, the nil UUID while a unit is in none.
pub(crate) async fn own_posts(
    db: &mut impl Queries,
    person_id: Uuid,
    date: Date,
) -> Result<Vec<(Uuid, OwnPost)>> {
    let post = |row: &Row| {
        let post = OwnPost {
            agency_id: row.get::<Option<Uuid>>("agency_id")?.unwrap_or_default(),
            roles: Roles::from_bits(row.get("roles")?),
            period: read_period(row)?,
        };
        Ok((row.get("unit_id")?, post))
    };
    db.all(&OWN_POSTS, params![person_id, date]).await?.iter().map(post).collect()
}

pub(super) fn read(row: &Row) -> Result<StandIn> {
    let origin: String = row.get("origin")?;
    Ok(StandIn {
        id: row.get("id")?,
        revision: row.get("revision")?,
        position_id: row.get("position_id")?,
        absent_person_id: row.get("absent_person_id")?,
        person_id: row.get("person_id")?,
        period: read_period(row)?,
        origin: Origin::named(&origin)
            .ok_or_else(|| Error::Inconsistent(format!("{origin} is no origin of a stand-in")))?,
        reason: row.get("reason")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}

fn read_period(row: &Row) -> Result<Period> {
    Ok(Period { from: row.get("valid_from")?, until: row.get("valid_to")? })
}
