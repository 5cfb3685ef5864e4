use std::ops::Range;

use base::{Uuid, fold};
use directory_domain::{Roles, name_words};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use sql::{Column, Kind, Value, Write, params};

use super::Filling;
use crate::directory::{names::full_name, nation::Unit};

/// How many people go into one transaction.
const BATCH: usize = 5_000;

/// How long the sessions last.
const SESSION: SignedDuration = SignedDuration::from_hours(12);

/// The posts of each unit; the last one has everybody who has no other.
const TITLES: [&str; 4] = ["Thủ trưởng đơn vị", "Phó Thủ trưởng đơn vị", "Văn thư", "Chuyên viên"];

const POSITION: [Column; 10] = [
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

const PERSON: [Column; 13] = [
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

const WORD: [Column; 3] =
    [Column::new("word", Kind::Text), Column::new("person_id", Kind::Uuid), Column::new("words", Kind::Text)];

const APPOINTMENT: [Column; 10] = [
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

const SESSION_COLUMNS: [Column; 9] = [
    Column::new("id", Kind::Uuid),
    Column::new("token_hash", Kind::Bytes),
    Column::new("person_id", Kind::Uuid),
    Column::new("created_at", Kind::Time),
    Column::new("expires_at", Kind::Time),
    Column::new("opening", Kind::Text),
    Column::new("client", Kind::Text),
    Column::new("must_change_password", Kind::Bool),
    Column::new("last_used_at", Kind::Time),
];

/// The token of a person's session.
pub(crate) fn token(number: usize) -> String {
    format!("session-of-{number}")
}

/// Stores the positions: the ids of those of each unit.
pub(super) async fn posts(
    filling: &Filling<'_>,
    units: &[Unit],
) -> anyhow::Result<Vec<[Uuid; TITLES.len()]>> {
    let posts: Vec<_> = units.iter().map(|_| TITLES.map(|_| filling.ids.next())).collect();
    let all =
        units.iter().zip(&posts).flat_map(|(unit, ids)| (0..TITLES.len()).map(move |at| (unit, ids[at], at)));
    let rows = all.map(|(unit, id, at)| position(filling, unit, id, at));
    let mut tx = filling.db.write("fill_positions").await?;
    tx.insert("position", &POSITION, rows.collect()).await?;
    tx.commit().await?;
    Ok(posts)
}

/// Stores the people, each with the words of the name, a post and a session that was used just now.
pub(super) async fn fill(
    filling: &Filling<'_>,
    posts: &[[Uuid; TITLES.len()]],
    people: usize,
) -> anyhow::Result<()> {
    for first in (0..people).step_by(BATCH) {
        let mut tx = filling.db.write("fill_people").await?;
        batch(filling, &mut tx, posts, first..people.min(first + BATCH)).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn batch(
    filling: &Filling<'_>,
    tx: &mut Write,
    posts: &[[Uuid; TITLES.len()]],
    numbers: Range<usize>,
) -> anyhow::Result<()> {
    let some: Vec<_> = numbers.map(|number| (number, filling.ids.next())).collect();
    let rows = some.iter().map(|(number, id)| person(filling, *number, *id));
    tx.insert("person", &PERSON, rows.collect()).await?;
    let rows = some.iter().flat_map(|(number, id)| words(*number, *id));
    tx.insert("person_word", &WORD, rows.collect()).await?;
    let rows = some.iter().map(|(number, id)| {
        let post = (number / posts.len()).min(TITLES.len() - 1);
        appointment(filling, *id, posts[number % posts.len()][post])
    });
    tx.insert("appointment", &APPOINTMENT, rows.collect()).await?;
    let rows = some.iter().map(|(number, id)| session(filling, *number, *id));
    tx.insert("session", &SESSION_COLUMNS, rows.collect()).await?;
    Ok(())
}

fn position(filling: &Filling<'_>, unit: &Unit, id: Uuid, at: usize) -> Vec<Value> {
    let head = if unit.kind.is_agency() { Roles::AGENCY_HEAD } else { Roles::UNIT_HEAD };
    let officer = Roles::numbered(&[4]).unwrap_or(Roles::NONE);
    let roles = [head, officer, Roles::DOCUMENT_OFFICE, officer][at];
    let Filling { now, period, .. } = *filling;
    params![
        id,
        1_i64,
        unit.id,
        TITLES[at],
        roles.bits(),
        i64::from(at == 0),
        period.from,
        period.until,
        now,
        now
    ]
}

fn person(filling: &Filling<'_>, number: usize, id: Uuid) -> Vec<Value> {
    let (name, sign_in_name) = (full_name(number), format!("canbo.{number:06}"));
    let email = format!("{sign_in_name}@congvan.example");
    let folded = fold(&name);
    params![
        id,
        1_i64,
        sign_in_name,
        name,
        email,
        "0912 000 000",
        "",
        true,
        false,
        folded,
        false,
        filling.now,
        filling.now
    ]
}

fn words(number: usize, id: Uuid) -> impl Iterator<Item = Vec<Value>> {
    let words = name_words(&full_name(number));
    let all = format!(" {} ", words.join(" "));
    words.into_iter().map(move |word| params![word, id, &all])
}

fn appointment(filling: &Filling<'_>, person_id: Uuid, position_id: Uuid) -> Vec<Value> {
    let Filling { now, period, .. } = *filling;
    params![
        filling.ids.next(),
        person_id,
        position_id,
        1_i64,
        "HOLDER",
        true,
        "01/QĐ-UBND",
        period.from,
        period.until,
        now
    ]
}

fn session(filling: &Filling<'_>, number: usize, person_id: Uuid) -> Vec<Value> {
    let hash = Sha256::digest(token(number)).to_vec();
    let now = filling.now;
    params![filling.ids.next(), hash, person_id, now, now + SESSION, "PASSWORD", "", false, now]
}
