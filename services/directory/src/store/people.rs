//! Lists of people by what is known of them.

use base::{Date, Timestamp, Uuid, fold};
use directory_domain::User;
use sql::{Queries, Result, Value, params};

use super::user::with_posts;

// Looked up by a key a list is short: its other conditions are judged on the people themselves. Gone through it is not: there
// every condition stands in the statement, and asks for nothing by its value.
sql::statements! {
    AMONG = "SELECT * FROM person WHERE id = ANY($1) ORDER BY id";
    NAMED = "SELECT * FROM person WHERE sign_in_name = $1";
    KNOWN_AS = "SELECT * FROM person WHERE external_id = $1 ORDER BY id LIMIT $2";
    MAILED_AT = "SELECT * FROM person WHERE lower(email) = $1 ORDER BY id LIMIT $2";
    BY_NAME = "SELECT * FROM person
        WHERE sign_in_name > $1 AND (is_active = $2 OR $3) AND (NOT is_withdrawn OR $4) AND updated_at >= $5
            AND folded_name LIKE $6 ESCAPE '^'
        ORDER BY sign_in_name LIMIT $7 OFFSET $8";
    BY_RECORD = "SELECT * FROM person
        WHERE id > $1::uuid AND (is_active = $2 OR $3) AND (NOT is_withdrawn OR $4) AND updated_at >= $5
            AND folded_name LIKE $6 ESCAPE '^'
        ORDER BY id LIMIT $7 OFFSET $8";
    COUNT = "SELECT count(*) AS many FROM person
        WHERE (is_active = $1 OR $2) AND (NOT is_withdrawn OR $3) AND updated_at >= $4
            AND folded_name LIKE $5 ESCAPE '^'";
}

/// Most people that one mailbox or external id brings: more are a mistake of the data, not a list to work with.
const ALIKE: u16 = 1000;

/// Which people a list holds.
#[derive(Debug, Clone)]
pub(crate) struct People {
    /// Where to look; everywhere without one.
    pub(crate) key: Option<Key>,
    /// Only those who may sign in, or only those who may not.
    pub(crate) active: Option<bool>,
    /// Withdrawn people too.
    pub(crate) with_withdrawn: bool,
    /// Only those changed since.
    pub(crate) changed_since: Option<Timestamp>,
    /// Letters anywhere in the full name; none when empty.
    pub(crate) name_part: String,
}

/// A key that a person is looked up by.
#[derive(Debug, Clone)]
pub(crate) enum Key {
    Ids(Vec<Uuid>),
    SignInName(String),
    ExternalId(String),
    /// In small letters.
    Email(String),
}

/// In what order, and after whom.
#[derive(Debug, Clone)]
pub(crate) enum Order {
    /// By sign-in name, after this one.
    Name(String),
    /// In the order in which they were recorded, after this one.
    Record(Uuid),
}

/// A part of a list: leaves out `skip` people, and holds up to `size`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) skip: u32,
    pub(crate) size: u16,
}

/// A part of a list, with the posts held on a day.
pub(crate) async fn list(
    db: &mut impl Queries,
    people: &People,
    order: &Order,
    part: Part,
    on: Date,
) -> Result<Vec<User>> {
    let Some(key) = &people.key else {
        let (statement, after) = match order {
            Order::Name(name) => (&BY_NAME, Value::from(name)),
            Order::Record(id) => (&BY_RECORD, Value::from(*id)),
        };
        let mut values = vec![after];
        values.extend(people.values());
        values.extend(params![part.size, part.skip]);
        let rows = db.all(statement, values).await?;
        return with_posts(db, &rows, on).await;
    };
    let mut found = looked_up(db, key, on).await?;
    found.retain(|user| people.holds(user) && order.comes_before(user));
    if matches!(order, Order::Name(_)) {
        found.sort_by(|one, other| one.sign_in_name.cmp(&other.sign_in_name));
    }
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    Ok(found.into_iter().skip(skip).take(part.size.into()).collect())
}

/// How many people a list holds.
pub(crate) async fn count(db: &mut impl Queries, people: &People, on: Date) -> Result<i64> {
    match &people.key {
        None => db.one(&COUNT, people.values()).await?.get("many"),
        Some(key) => {
            let found = looked_up(db, key, on).await?;
            let many = found.iter().filter(|user| people.holds(user)).count();
            Ok(i64::try_from(many).unwrap_or(i64::MAX))
        }
    }
}

/// These people, in the order of the ids.
pub(crate) async fn in_order(db: &mut impl Queries, ids: &[Uuid], on: Date) -> Result<Vec<User>> {
    let mut found = looked_up(db, &Key::Ids(ids.to_vec()), on).await?;
    found.sort_by_key(|user| ids.iter().position(|id| *id == user.id));
    Ok(found)
}

async fn looked_up(db: &mut impl Queries, key: &Key, on: Date) -> Result<Vec<User>> {
    let rows = match key {
        Key::Ids(ids) => db.all(&AMONG, params![ids.clone()]).await?,
        Key::SignInName(name) => db.all(&NAMED, params![name]).await?,
        Key::ExternalId(id) => db.all(&KNOWN_AS, params![id, ALIKE]).await?,
        Key::Email(address) => db.all(&MAILED_AT, params![address, ALIKE]).await?,
    };
    with_posts(db, &rows, on).await
}

impl People {
    /// The conditions as parameters.
    fn values(&self) -> Vec<Value> {
        let since = self.changed_since.unwrap_or(Timestamp::UNIX_EPOCH);
        let pattern = format!("%{}%", escape(&fold(&self.name_part)));
        let (active, either) = (self.active.unwrap_or(true), self.active.is_none());
        params![active, either, self.with_withdrawn, since, pattern]
    }

    /// Whether a person is in the list.
    fn holds(&self, user: &User) -> bool {
        self.active.is_none_or(|active| user.is_active == active)
            && (self.with_withdrawn || !user.is_withdrawn)
            && self.changed_since.is_none_or(|since| user.updated_at >= since)
            && fold(&user.full_name).contains(&fold(&self.name_part))
    }
}

impl Order {
    fn comes_before(&self, user: &User) -> bool {
        match self {
            Self::Name(name) => *name < user.sign_in_name,
            Self::Record(id) => *id < user.id,
        }
    }
}

/// The text as it stands in a pattern for LIKE.
fn escape(text: &str) -> String {
    text.replace('^', "^^").replace('%', "^%").replace('_', "^_")
}
