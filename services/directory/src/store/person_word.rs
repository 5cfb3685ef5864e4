//! The words of full names: how people are found by them.

use std::iter;

use base::{Uuid, fold};
use directory_domain::{NameQuery, User, name_words};
use sql::{Column, Db, Kind, Queries, Result, Value, Write, params};

sql::statements! {
    FORGET = "DELETE FROM person_word WHERE person_id = ANY($1)";
    UNFOLDED = "SELECT id, full_name FROM person WHERE folded_name = '' LIMIT $1";
    FOLDED = "UPDATE person SET folded_name = $2 WHERE id = $1";
    HOW_MANY = "SELECT count(*) AS many FROM
        (SELECT 1 AS one FROM person_word WHERE word >= $1 AND word < $2 LIMIT $3) AS few";
    FIND = "SELECT found.person_id FROM person_word AS found JOIN person ON person.id = found.person_id
        WHERE found.word >= $1 AND found.word < $2 AND NOT person.is_withdrawn AND (person.is_active OR $3)
            AND found.words LIKE $5 AND found.words LIKE $6 AND found.words LIKE $7 AND found.words LIKE $8
            AND found.words LIKE $9 AND found.words LIKE $10 AND found.words LIKE $11
        ORDER BY found.word, found.person_id LIMIT $4";
}

const COLUMNS: [Column; 3] =
    [Column::new("word", Kind::Text), Column::new("person_id", Kind::Uuid), Column::new("words", Kind::Text)];

/// People whose words are filled in with one transaction when the table is new.
const BATCH: u16 = 2000;

/// Words that more people have than this are equally frequent, as far as the search is concerned.
const FREQUENT: i64 = 20_000;

/// A word that fewer people have than this is gone through at once: to count the others takes longer.
const RARE: i64 = 5_000;

/// How many words the statement looks for beside the rarest.
const OTHERS: usize = NameQuery::MOST - 1;

/// Words that are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    from: String,
    /// The first word behind them.
    until: String,
    /// How they stand among the words of a name. They are letters and digits, of which none means anything in a pattern.
    pattern: String,
}

impl Range {
    /// Just this word.
    pub(crate) fn of_word(word: &str) -> Self {
        Self { from: word.to_owned(), until: format!("{word}\u{1}"), pattern: format!("% {word} %") }
    }

    /// Every word that begins so.
    pub(crate) fn of_prefix(prefix: &str) -> Self {
        Self {
            from: prefix.to_owned(),
            until: format!("{prefix}\u{10ffff}"),
            pattern: format!("% {prefix}%"),
        }
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
    let rows = names.flat_map(|(id, name)| {
        let words = name_words(name);
        let all = format!(" {} ", words.join(" "));
        words.into_iter().map(move |word| params![word, id, &all])
    });
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

/// Up to `size` people who have a word in every range, in the order in which they were recorded, as far as the range allows that
/// is gone through: each of its words tells which others the name has. Those who may not sign in only if they are wanted. At
/// most [`NameQuery::MOST`] ranges count.
pub(crate) async fn find(
    db: &mut impl Queries,
    mut ranges: Vec<Range>,
    with_inactive: bool,
    size: u16,
) -> Result<Vec<Uuid>> {
    let Some(rare) = rare(db, &ranges).await? else { return Ok(Vec::new()) };
    let Range { from, until, .. } = ranges.swap_remove(rare);
    let mut values = params![from, until, with_inactive, size];
    let others = ranges.into_iter().map(|range| range.pattern).chain(iter::repeat("%".to_owned()));
    values.extend(others.take(OTHERS).map(Value::from));
    db.all(&FIND, values).await?.iter().map(|row| row.get("person_id")).collect()
}

/// Which range to go through: the first that is rare enough, else the rarest; none if nobody has one of the words looked at. The
/// last words come first: given names tell people apart, of family names there are few.
async fn rare(db: &mut impl Queries, ranges: &[Range]) -> Result<Option<usize>> {
    let mut rarest = (None, i64::MAX);
    for (index, Range { from, until, .. }) in ranges.iter().enumerate().rev() {
        let many = db.one(&HOW_MANY, params![from, until, FREQUENT]).await?.get("many")?;
        if many == 0 {
            return Ok(None);
        }
        if many < rarest.1 {
            rarest = (Some(index), many);
        }
        if many < RARE {
            break;
        }
    }
    Ok(rarest.0)
}
