use std::collections::HashMap;

use base::Uuid;
use directory_domain::{Appointment, Roles, User};
use sql::{Column, Kind, Queries, Result, Row, Write, params};

sql::statements! {
    FIND = "SELECT * FROM person WHERE id = $1";
    NAMED = "SELECT * FROM person WHERE sign_in_name = ANY($1)";
    TAKEN = "SELECT id FROM person WHERE sign_in_name = $1";
    ADMINISTRATOR_EXISTS = "SELECT EXISTS (SELECT 1 FROM person WHERE is_administrator)
        OR EXISTS (SELECT 1 FROM appointment WHERE (roles & $1::bigint) <> 0) AS found";
    LIST = "SELECT * FROM person
        WHERE sign_in_name > $1
            AND ($2::bigint = 0 OR (is_administrator AND ($2::bigint & $3::bigint) <> 0) OR EXISTS (
                SELECT 1 FROM appointment WHERE person_id = person.id AND (roles & $2::bigint) <> 0))
        ORDER BY sign_in_name LIMIT $4";
    LIST_IN_AGENCIES = "SELECT * FROM person
        WHERE sign_in_name > $1 AND id IN (
            SELECT appointment.person_id FROM appointment JOIN unit ON unit.id = appointment.unit_id
            WHERE unit.agency_id = ANY($2) AND ($3::bigint = 0 OR (appointment.roles & $3::bigint) <> 0))
        ORDER BY sign_in_name LIMIT $4";
    CHANGE = "UPDATE person SET revision = $2, full_name = $3, email = $4, updated_at = $5 WHERE id = $1";
    POSTS = "SELECT appointment.person_id, appointment.unit_id, unit.agency_id, appointment.position, appointment.roles
        FROM appointment JOIN unit ON unit.id = appointment.unit_id
        WHERE appointment.person_id = ANY($1) ORDER BY appointment.person_id, appointment.place";
    DROP_POSTS = "DELETE FROM appointment WHERE person_id = ANY($1)";
}

const COLUMNS: [Column; 8] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("sign_in_name", Kind::Text),
    Column::new("full_name", Kind::Text),
    Column::new("email", Kind::Text),
    Column::new("is_administrator", Kind::Bool),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const POST_COLUMNS: [Column; 5] = [
    Column::new("person_id", Kind::Uuid),
    Column::new("place", Kind::Int),
    Column::new("unit_id", Kind::Uuid),
    Column::new("position", Kind::Text),
    Column::new("roles", Kind::Int),
];

/// Which users a list holds.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// With a post in one of these agencies; anywhere when empty.
    pub(crate) agency_ids: Vec<Uuid>,
    /// With a post there that gives this role.
    pub(crate) role: Option<Roles>,
}

/// Stores new users with their posts.
pub(crate) async fn insert(tx: &mut Write, users: &[User]) -> Result<()> {
    let rows = users.iter().map(|user| {
        params![
            user.id,
            user.revision,
            &user.sign_in_name,
            &user.full_name,
            &user.email,
            user.is_administrator,
            user.created_at,
            user.updated_at,
        ]
    });
    tx.insert("person", &COLUMNS, rows.collect()).await?;
    insert_posts(tx, users).await
}

/// Stores changed users with their posts; the sign-in name never changes.
pub(crate) async fn change(tx: &mut Write, users: &[User]) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    for user in users {
        let values = params![user.id, user.revision, &user.full_name, &user.email, user.updated_at];
        tx.execute(&CHANGE, values).await?;
    }
    tx.execute(&DROP_POSTS, params![users.iter().map(|user| user.id).collect::<Vec<_>>()]).await?;
    insert_posts(tx, users).await
}

async fn insert_posts(tx: &mut Write, users: &[User]) -> Result<()> {
    let posts = users.iter().flat_map(|user| (1_u32..).zip(&user.appointments).map(|post| (user.id, post)));
    let rows =
        posts.map(|(id, (place, post))| params![id, place, post.unit_id, &post.position, post.roles.bits()]);
    tx.insert("appointment", &POST_COLUMNS, rows.collect()).await.map(drop)
}

/// One user.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<User>> {
    let rows = db.all(&FIND, params![id]).await?;
    Ok(with_posts(db, &rows).await?.pop())
}

/// Those of the users that there are, in no order.
pub(crate) async fn named(db: &mut impl Queries, sign_in_names: Vec<String>) -> Result<Vec<User>> {
    let rows = db.all(&NAMED, params![sign_in_names]).await?;
    with_posts(db, &rows).await
}

/// Whether a user has the name.
pub(crate) async fn is_taken(db: &mut impl Queries, sign_in_name: &str) -> Result<bool> {
    db.optional(&TAKEN, params![sign_in_name]).await.map(|row| row.is_some())
}

/// Whether anybody is an administrator, by a post or without.
pub(crate) async fn administrator_exists(db: &mut impl Queries) -> Result<bool> {
    db.one(&ADMINISTRATOR_EXISTS, params![Roles::ADMINISTRATOR.bits()]).await?.get("found")
}

/// Users after a sign-in name, by sign-in name.
pub(crate) async fn list(db: &mut impl Queries, filter: Filter, after: &str, size: u16) -> Result<Vec<User>> {
    let role = filter.role.map_or(0, Roles::bits);
    let rows = if filter.agency_ids.is_empty() {
        db.all(&LIST, params![after, role, Roles::ADMINISTRATOR.bits(), size]).await?
    } else {
        db.all(&LIST_IN_AGENCIES, params![after, filter.agency_ids, role, size]).await?
    };
    with_posts(db, &rows).await
}

/// The users of these rows of `person`, in order, with the posts of all read at once.
pub(super) async fn with_posts(db: &mut impl Queries, rows: &[Row]) -> Result<Vec<User>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<Uuid>>>()?;
    let mut posts: HashMap<Uuid, Vec<Appointment>> = HashMap::with_capacity(ids.len());
    for row in db.all(&POSTS, params![ids]).await? {
        posts.entry(row.get("person_id")?).or_default().push(Appointment {
            unit_id: row.get("unit_id")?,
            agency_id: row.get("agency_id")?,
            position: row.get("position")?,
            roles: Roles::from_bits(row.get("roles")?),
        });
    }
    let user = |row: &Row| {
        let id = row.get("id")?;
        Ok(User {
            id,
            revision: row.get("revision")?,
            sign_in_name: row.get("sign_in_name")?,
            full_name: row.get("full_name")?,
            email: row.get("email")?,
            is_administrator: row.get("is_administrator")?,
            appointments: posts.remove(&id).unwrap_or_default(),
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    };
    rows.iter().map(user).collect()
}
