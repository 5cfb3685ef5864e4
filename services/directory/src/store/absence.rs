use base::{Date, Uuid};
use directory_domain::{Absence, Period};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    FIND = "SELECT * FROM absence WHERE id = $1";
    OF_PERSON = "SELECT * FROM absence WHERE person_id = $1 AND $2 < valid_to AND valid_from < valid_to ORDER BY id";
    LIST = "SELECT * FROM absence
        WHERE $2 < valid_to AND valid_from < valid_to AND id > $3 AND person_id IN (
            SELECT appointment.person_id FROM unit_version
            JOIN position ON position.unit_id = unit_version.unit_id
            JOIN appointment ON appointment.position_id = position.id
            WHERE unit_version.agency_id = $1 AND unit_version.valid_from <= $2 AND $2 < unit_version.valid_to
                AND appointment.valid_from <= $2 AND $2 < appointment.valid_to)
        ORDER BY id LIMIT $4";
    END = "UPDATE absence SET revision = $2, valid_to = $3, updated_at = $4 WHERE id = $1";
}

const COLUMNS: [Column; 8] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("person_id", Kind::Uuid),
    Column::new("reason", Kind::Text),
    Column::new("valid_from", Kind::Date),
    Column::new("valid_to", Kind::Date),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

/// Stores a new absence.
pub(crate) async fn insert(tx: &mut Write, absence: &Absence) -> Result<()> {
    let row = params![
        absence.id,
        absence.revision,
        absence.person_id,
        &absence.reason,
        absence.period.from,
        absence.period.until,
        absence.created_at,
        absence.updated_at,
    ];
    tx.insert("absence", &COLUMNS, vec![row]).await.map(drop)
}

/// Stores that an absence ends; nothing else of one changes.
pub(crate) async fn end(tx: &mut Write, absence: &Absence) -> Result<()> {
    let values = params![absence.id, absence.revision, absence.period.until, absence.updated_at];
    tx.execute(&END, values).await.map(drop)
}

/// One absence.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Absence>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// The absences of a person that hold on some day from a day on.
pub(crate) async fn of_person(db: &mut impl Queries, person_id: Uuid, from: Date) -> Result<Vec<Absence>> {
    db.all(&OF_PERSON, params![person_id, from]).await?.iter().map(read).collect()
}

/// The absences after an id, of people with a post in an agency on a day, that end after that day, by id.
pub(crate) async fn list(
    db: &mut impl Queries,
    agency_id: Uuid,
    date: Date,
    after: Uuid,
    size: u16,
) -> Result<Vec<Absence>> {
    db.all(&LIST, params![agency_id, date, after, size]).await?.iter().map(read).collect()
}

pub(super) fn read(row: &Row) -> Result<Absence> {
    Ok(Absence {
        id: row.get("id")?,
        revision: row.get("revision")?,
        person_id: row.get("person_id")?,
        period: Period { from: row.get("valid_from")?, until: row.get("valid_to")? },
        reason: row.get("reason")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
