use base::{Timestamp, Uuid};
use directory_domain::Sought;
use sql::{Queries, Result, Row, Write, params};

sql::statements! {
    FIND = "SELECT * FROM federated_identity WHERE id = $1";
    BY_SUBJECT = "SELECT * FROM federated_identity WHERE issuer = $1 AND subject = $2";
    OF_PERSON = "SELECT * FROM federated_identity WHERE person_id = $1 ORDER BY id";
    LINK = "INSERT INTO federated_identity (id, issuer, subject, person_id, linked_at) VALUES ($1, $2, $3, $4, $5)";
    UNLINK = "DELETE FROM federated_identity WHERE id = $1";
    NAMED = "SELECT id FROM person WHERE sign_in_name = $1";
    WITH_EMAIL = "SELECT id FROM person WHERE lower(email) = $1 LIMIT 2";
}

/// An account at a provider and the person whose it is.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) id: Uuid,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) person_id: Uuid,
    pub(crate) linked_at: Timestamp,
}

/// One link.
pub(crate) async fn find(db: &mut impl Queries, id: Uuid) -> Result<Option<Identity>> {
    db.optional(&FIND, params![id]).await?.as_ref().map(read).transpose()
}

/// The link of an account.
pub(crate) async fn by_subject(
    db: &mut impl Queries,
    issuer: &str,
    subject: &str,
) -> Result<Option<Identity>> {
    db.optional(&BY_SUBJECT, params![issuer, subject]).await?.as_ref().map(read).transpose()
}

/// The links of a person, the oldest first.
pub(crate) async fn of_person(db: &mut impl Queries, person_id: Uuid) -> Result<Vec<Identity>> {
    db.all(&OF_PERSON, params![person_id]).await?.iter().map(read).collect()
}

/// Stores a link. The directory is locked, and neither the account nor the person has one there.
pub(crate) async fn link(tx: &mut Write, identity: &Identity) -> Result<()> {
    let Identity { id, issuer, subject, person_id, linked_at } = identity;
    tx.execute(&LINK, params![*id, issuer, subject, *person_id, *linked_at]).await.map(drop)
}

/// Drops a link.
pub(crate) async fn unlink(tx: &mut Write, id: Uuid) -> Result<()> {
    tx.execute(&UNLINK, params![id]).await.map(drop)
}

/// The one person who is looked for; none if there are several.
pub(crate) async fn person(db: &mut impl Queries, sought: &Sought) -> Result<Option<Uuid>> {
    let rows = match sought {
        Sought::SignInName(name) => db.all(&NAMED, params![name]).await?,
        Sought::Email(address) => db.all(&WITH_EMAIL, params![address]).await?,
    };
    match rows.as_slice() {
        [row] => row.get("id").map(Some),
        _ => Ok(None),
    }
}

fn read(row: &Row) -> Result<Identity> {
    Ok(Identity {
        id: row.get("id")?,
        issuer: row.get("issuer")?,
        subject: row.get("subject")?,
        person_id: row.get("person_id")?,
        linked_at: row.get("linked_at")?,
    })
}
