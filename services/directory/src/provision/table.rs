//! Units and people as the rows of a file that can be imported again.

use std::collections::HashMap;

use base::{Date, Uuid};
use directory_domain::{Period, Scheme, Structure, UnitHistory, User};
use kit::{Call, Language};

use super::{
    columns::{Column, people, units},
    words,
};

/// The headings of a file of units, in the language of the call.
pub(crate) fn unit_header() -> Vec<&'static str> {
    header(units::ALL)
}

/// The headings of a file of people, in the language of the call.
pub(crate) fn people_header() -> Vec<&'static str> {
    header(people::ALL)
}

fn header(columns: &[Column]) -> Vec<&'static str> {
    let language = Call::current().language;
    columns.iter().map(|column| if language == Language::Vi { column.vi } else { column.en }).collect()
}

/// All units of a day, by code; in the order of [`units::ALL`].
pub(crate) fn unit_rows(structure: &Structure, on: Date) -> Vec<Vec<String>> {
    let codes: HashMap<Uuid, String> =
        structure.units().filter_map(|unit| unit.on(on)).map(|unit| (unit.id, unit.code)).collect();
    let mut rows: Vec<_> = structure.units().filter_map(|unit| unit_row(unit, &codes, on)).collect();
    rows.sort_unstable();
    rows
}

fn unit_row(history: &UnitHistory, codes: &HashMap<Uuid, String>, on: Date) -> Option<Vec<String>> {
    let unit = history.on(on)?;
    let parent = unit.parent_id.and_then(|id| codes.get(&id)).cloned();
    let identifier = |scheme| history.identifier(scheme, on).map(|one| one.value.clone()).unwrap_or_default();
    Some(vec![
        unit.code,
        unit.name,
        unit.abbreviation,
        words::kind_word(unit.kind).to_owned(),
        parent.unwrap_or_default(),
        unit.email,
        unit.phone,
        unit.address,
        start(unit.period),
        identifier(Scheme::Decision28),
        identifier(Scheme::Statistical),
        words::flag_word(unit.synthetic_code).to_owned(),
    ])
}

/// These people with their posts, one in each row; in the order of [`people::ALL`]. `codes` has the units of the posts.
pub(crate) fn people_rows(users: &[User], codes: &HashMap<Uuid, String>) -> Vec<Vec<String>> {
    let mut rows = Vec::with_capacity(users.len());
    for user in users {
        let person = [&user.sign_in_name, &user.full_name, &user.email, &user.phone].map(String::clone);
        if user.appointments.is_empty() {
            rows.push([person.to_vec(), vec![String::new(); people::ALL.len() - person.len()]].concat());
            continue;
        }
        for post in &user.appointments {
            let post = vec![
                codes.get(&post.unit_id).cloned().unwrap_or_default(),
                post.position.clone(),
                words::role_words(post.roles),
                words::capacity_word(post.capacity).to_owned(),
                words::flag_word(post.is_primary).to_owned(),
                start(post.period),
            ];
            rows.push([person.to_vec(), post].concat());
        }
    }
    rows
}

/// The first day; empty for one before the records.
fn start(period: Period) -> String {
    if period.from == Period::BEGINNING { String::new() } else { period.from.to_string() }
}
