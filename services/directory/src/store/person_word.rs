//! The words of full names: how people are found by them.

use base::{Uuid, fold};
use directory_domain::{User, name_words};
use serde_json::json;
use sql::{Column, Db, Kind, Queries, Result, Write, params};

sql::statements! {
    FORGET = "DELETE FROM person_word WHERE person_id = ANY($1)";
    UNFOLDED = "SELECT id, full_name FROM person WHERE folded_name = '' LIMIT $1";
    FOLDED = "UPDATE person SET folded_name = $2 WHERE id = $1";
    HOW_MANY = "SELECT count(*) AS many FROM
        (SELECT 1 AS one FROM person_word WHERE word >= $1 AND word < $2 LIMIT $3) AS few";
    FIND = either(
        "SELECT found.person_id FROM person_word AS found JOIN person ON person.id = found.person_id
        WHERE found.word >= $1 AND found.word < $2 AND NOT person.is_withdrawn AND (person.is_active OR $4)
            AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements($3::jsonb) AS wanted WHERE NOT EXISTS (
                SELECT 1 FROM person_word AS other WHERE other.person_id = found.person_id
                    AND other.word >= (wanted.value->>0) AND other.word < (wanted.value->>1)))
        ORDER BY found.word, found.person_id LIMIT $5",
        "SELECT found.person_id FROM person_word AS found JOIN person ON person.id = found.person_id
        WHERE found.word >= $1 AND found.word < $2 AND NOT person.is_withdrawn AND (person.is_active OR $4)
            AND NOT EXISTS (SELECT 1 FROM json_each($3) AS wanted WHERE NOT EXISTS (
                SELECT 1 FROM person_word AS other WHERE other.person_id = found.person_id
                    AND other.word >= (wanted.value->>0) AND other.word < (wanted.value->>1)))
        ORDER BY found.word, found.person_id LIMIT $5"
    );
}

const COLUMNS: [Column; 2] = [Column::new("word", Kind::Text), Column::new("person_id", Kind::Uuid)];

/// People whose words are filled in with one transaction when the table is new.
const BATCH: u16 = 2000;

/// Words that more people have than this are equally frequent, as far as the search is concerned.
const FREQUENT: i64 = 2000;

/// Words from the first up to, not including, the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range(String, String);

impl Range {
    /// Just this word.
    pub(crate) fn of_word(word: &str) -> Self {
        Self(word.to_owned(), format!("{word}\u{1}"))
    }

    /// Every word that begins so.
    pub(crate) fn of_prefix(prefix: &str) -> Self {
        Self(prefix.to_owned(), format!("{prefix}\u{10ffff}"))
    }
}

/// Stores the words of new people.
pub(crate) async fn insert(tx: &mut Write, users: &[User]) -> Result<()> {
    insert_words(tx, users.iter().map(|user| (user.id, user.full_name.as_str()))).await
}

/// Stores the words of people whose names changed.
pub(crate) async fn change(tx: &mut Write, users: &[User]) -> Result<()> {
    tx.execute(&FORGET, params![users.iter().map(|user| user.id).collect::<Vec<_>>()]).await?;
    insert(tx, users).await
}

async fn insert_words(tx: &mut Write, names: impl Iterator<Item = (Uuid, &str)>) -> Result<()> {
    let rows = names.flat_map(|(id, name)| name_words(name).into_iter().map(move |word| params![word, id]));
    tx.insert("person_word", &COLUMNS, rows.collect()).await.map(drop)
}

/// Fills in the words and folded names of people who were recorded before there were any; how many people.
pub(crate) async fn fill(db: &Db) -> Result<usize> {
    let mut filled = 0;
    loop {
        let mut tx = db.write("fill_words_of_names").await?;
        super::lock(&mut tx).await?;
        let rows = tx.all(&UNFOLDED, params![BATCH]).await?;
        let people = rows.iter().map(|row| Ok((row.get("id")?, row.get("full_name")?)));
        let people = people.collect::<Result<Vec<(Uuid, String)>>>()?;
        if people.is_empty() {
            return Ok(filled);
        }
        tx.execute(&FORGET, params![people.iter().map(|(id, _)| *id).collect::<Vec<_>>()]).await?;
        insert_words(&mut tx, people.iter().map(|(id, name)| (*id, name.as_str()))).await?;
        for (id, name) in &people {
            tx.execute(&FOLDED, params![*id, fold(name)]).await?;
        }
        tx.commit().await?;
        filled += people.len();
    }
}

/// Up to `size` people who have a word in every range, in the order in which they were recorded, as far as the rarest range
/// allows; those who may not sign in only if they are wanted. The rarest range is gone through, the others are looked up.
pub(crate) async fn find(
    db: &mut impl Queries,
    mut ranges: Vec<Range>,
    with_inactive: bool,
    size: u16,
) -> Result<Vec<Uuid>> {
    let mut rarest = (0, i64::MAX);
    for (index, Range(from, until)) in ranges.iter().enumerate() {
        let many = db.one(&HOW_MANY, params![from, until, FREQUENT]).await?.get("many")?;
        if many < rarest.1 {
            rarest = (index, many);
        }
    }
    if rarest.1 == 0 || ranges.is_empty() {
        return Ok(Vec::new()); // nobody has one of the words
    }
    let Range(from, until) = ranges.swap_remove(rarest.0);
    let others: Vec<_> = ranges.iter().map(|Range(from, until)| [from, until]).collect();
    let values = params![from, until, json!(others).to_string(), with_inactive, size];
    db.all(&FIND, values).await?.iter().map(|row| row.get("person_id")).collect()
}
