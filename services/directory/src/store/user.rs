use std::collections::HashMap;

use base::{Date, Uuid, fold};
use directory_domain::{Appointment, Period, Roles, User};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

use super::{person_word, position::read_capacity};

sql::statements! {
    FIND = "SELECT * FROM person WHERE id = $1";
    NAMED = "SELECT * FROM person WHERE sign_in_name = ANY($1)";
    TAKEN = "SELECT id FROM person WHERE sign_in_name = $1";
    ADMINISTRATOR_EXISTS = "SELECT EXISTS (SELECT 1 FROM person WHERE is_administrator AND is_active)
        OR EXISTS (SELECT 1 FROM appointment_state JOIN person ON person.id = appointment_state.person_id
            WHERE person.is_active AND (roles & $2::bigint) <> 0 AND valid_from <= $1 AND $1 < valid_to
                AND unit_from <= $1 AND $1 < unit_to) AS found";
    LIST = "SELECT * FROM person
        WHERE sign_in_name > $2 AND NOT is_withdrawn AND (is_active = $6 OR $7)
            AND ($3::bigint = 0 OR (is_administrator AND ($3::bigint & $4::bigint) <> 0) OR EXISTS (
                SELECT 1 FROM appointment_state AS post
                WHERE post.person_id = person.id AND (post.roles & $3::bigint) <> 0
                    AND post.valid_from <= $1 AND $1 < post.valid_to AND post.unit_from <= $1 AND $1 < post.unit_to))
        ORDER BY sign_in_name LIMIT $5";
    LIST_IN_AGENCIES = "SELECT * FROM person
        WHERE sign_in_name > $2 AND NOT is_withdrawn AND (is_active = $7 OR $8) AND (id = ANY($5) OR id IN (
            SELECT post.person_id FROM appointment_state AS post
            WHERE post.agency_id = ANY($3) AND ($4::bigint = 0 OR (post.roles & $4::bigint) <> 0)
                AND post.valid_from <= $1 AND $1 < post.valid_to AND post.unit_from <= $1 AND $1 < post.unit_to))
        ORDER BY sign_in_name LIMIT $6";
    CHANGE = "UPDATE person SET revision = $2, full_name = $3, email = $4, updated_at = $5, phone = $6,
        external_id = $7, is_active = $8, sign_in_name = $9, is_withdrawn = $10, folded_name = $11 WHERE id = $1";
    NAMES = "SELECT full_name FROM person WHERE id = ANY($1) ORDER BY full_name";
    ALL_POSTS = "SELECT * FROM appointment_state WHERE person_id = $1
        AND unit_from <= valid_from AND valid_from < unit_to
        ORDER BY valid_from DESC, place DESC, id DESC";
    POSTS = "SELECT * FROM appointment_state WHERE person_id = ANY($2)
        AND valid_from <= $1 AND $1 < valid_to AND unit_from <= $1 AND $1 < unit_to
        ORDER BY person_id, is_primary DESC, place, id";
}

const COLUMNS: [Column; 13] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("sign_in_name", Kind::Text),
    Column::new("full_name", Kind::Text),
    Column::new("email", Kind::Text),
    Column::new("phone", Kind::Text),
    Column::new("external_id", Kind::Text),
    Column::new("is_active", Kind::Bool),
    Column::new("is_withdrawn", Kind::Bool),
    Column::new("folded_name", Kind::Text),
    Column::new("is_administrator", Kind::Bool),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

/// Which users a list holds.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// With a post in one of these agencies; anywhere when empty.
    pub(crate) agency_ids: Vec<Uuid>,
    /// With a post there that gives this role.
    pub(crate) role: Option<Roles>,
    /// Only those who may sign in, or only those who may not.
    pub(crate) active: Option<bool>,
    /// And these, who stand in there; nobody else when no agency is named.
    pub(crate) stand_ins: Vec<Uuid>,
}

/// Stores new users, without their posts.
pub(crate) async fn insert(tx: &mut Write, users: &[User]) -> Result<()> {
    let rows = users.iter().map(|user| {
        params![
            user.id,
            user.revision,
            &user.sign_in_name,
            &user.full_name,
            &user.email,
            &user.phone,
            &user.external_id,
            user.is_active,
            user.is_withdrawn,
            fold(&user.full_name),
            user.is_administrator,
            user.created_at,
            user.updated_at,
        ]
    });
    tx.insert("person", &COLUMNS, rows.collect()).await?;
    person_word::insert(tx, users).await
}

/// Stores changed users, without their posts.
pub(crate) async fn change(tx: &mut Write, users: &[User]) -> Result<()> {
    for user in users {
        let values = params![
            user.id,
            user.revision,
            &user.full_name,
            &user.email,
            user.updated_at,
            &user.phone,
            &user.external_id,
            user.is_active,
            &user.sign_in_name,
            user.is_withdrawn,
            fold(&user.full_name),
        ];
        tx.execute(&CHANGE, values).await?;
    }
    person_word::change(tx, users).await
}

/// One user, with the posts held on a day.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid, on: Date) -> Result<Option<User>> {
    let rows = db.all(&FIND, params![id]).await?;
    Ok(with_posts(db, &rows, on).await?.pop())
}

/// Those of the users that there are, in no order.
pub(crate) async fn named(db: &mut impl Queries, sign_in_names: Vec<String>, on: Date) -> Result<Vec<User>> {
    let rows = db.all(&NAMED, params![sign_in_names]).await?;
    with_posts(db, &rows, on).await
}

/// Whether a user has the name.
pub(crate) async fn is_taken(db: &mut impl Queries, sign_in_name: &str) -> Result<bool> {
    db.optional(&TAKEN, params![sign_in_name]).await.map(|row| row.is_some())
}

/// Whether anybody who may sign in is an administrator on a day, by a post or without.
pub(crate) async fn administrator_exists(db: &mut impl Queries, on: Date) -> Result<bool> {
    db.one(&ADMINISTRATOR_EXISTS, params![on, Roles::ADMINISTRATOR.bits()]).await?.get("found")
}

/// Users after a sign-in name, by sign-in name, with the posts held on a day.
pub(crate) async fn list(
    db: &mut impl Queries,
    filter: Filter,
    (after, size): (&str, u16),
    on: Date,
) -> Result<Vec<User>> {
    let role = filter.role.map_or(0, Roles::bits);
    let (active, either) = (filter.active.unwrap_or(true), filter.active.is_none());
    let rows = if filter.agency_ids.is_empty() {
        db.all(&LIST, params![on, after, role, Roles::ADMINISTRATOR.bits(), size, active, either]).await?
    } else {
        let Filter { agency_ids, stand_ins, .. } = filter;
        let values = params![on, after, agency_ids, role, stand_ins, size, active, either];
        db.all(&LIST_IN_AGENCIES, values).await?
    };
    with_posts(db, &rows, on).await
}

/// The full names of these people, in order.
pub(crate) async fn names(db: &mut impl Queries, ids: Vec<Uuid>) -> Result<Vec<String>> {
    db.all(&NAMES, params![ids]).await?.iter().map(|row| row.get("full_name")).collect()
}

/// All posts that a person ever held or will, the latest first, each in the agency of its first day.
pub(crate) async fn all_posts(db: &mut impl Queries, person_id: Uuid) -> Result<Vec<Appointment>> {
    db.all(&ALL_POSTS, params![person_id]).await?.iter().map(read_post).collect()
}

/// The users of these rows of `person`, in order, with the posts that all of them hold on a day read at once.
pub(super) async fn with_posts(db: &mut impl Queries, rows: &[Row], on: Date) -> Result<Vec<User>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<Uuid>>>()?;
    let mut posts: HashMap<Uuid, Vec<Appointment>> = HashMap::with_capacity(ids.len());
    for row in db.all(&POSTS, params![on, ids]).await? {
        posts.entry(row.get("person_id")?).or_default().push(read_post(&row)?);
    }
    let user = |row: &Row| {
        let id = row.get("id")?;
        Ok(User {
            id,
            revision: row.get("revision")?,
            sign_in_name: row.get("sign_in_name")?,
            full_name: row.get("full_name")?,
            email: row.get("email")?,
            phone: row.get("phone")?,
            external_id: row.get("external_id")?,
            is_active: row.get("is_active")?,
            is_withdrawn: row.get("is_withdrawn")?,
            is_administrator: row.get("is_administrator")?,
            appointments: posts.get(&id).cloned().unwrap_or_default(), // two rows may be of one person
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    };
    rows.iter().map(user).collect()
}

fn read_post(row: &Row) -> Result<Appointment> {
    Ok(Appointment {
        id: row.get("id")?,
        position_id: row.get("position_id")?,
        unit_id: row.get("unit_id")?,
        agency_id: row.get("agency_id")?,
        position: row.get("title")?,
        roles: Roles::from_bits(row.get("roles")?),
        capacity: read_capacity(row)?,
        is_primary: row.get("is_primary")?,
        period: Period { from: row.get("valid_from")?, until: row.get("valid_to")? },
    })
}
