use std::collections::HashMap;

use directory_domain::{Capacity, Flaw, Roles, email, full_name, limits, phone, position, sign_in_name};
use kit::Text;

use super::{
    columns::people as column,
    header::Header,
    mistake::Mistake,
    row::Row,
    wish::{PersonWish, PostWish, Thing, Wishes},
    words,
};
use crate::{
    flaws,
    sheet::{self, Line, Unreadable},
    staffing,
};

/// Reads a file of people. Rows with the same sign-in name are one person with several posts, wherever they stand.
pub(crate) fn read(bytes: &[u8], sheet: &str) -> Result<Wishes<PersonWish>, Unreadable> {
    let mut wishes = Wishes { rows: 0, mistakes: Vec::new(), things: Vec::new() };
    let mut header = None;
    let mut by_name: HashMap<String, usize> = HashMap::new();
    sheet::read(bytes, sheet, &mut |line| match &header {
        None => {
            let (found, mistakes) = Header::read(&line, column::ALL);
            wishes.mistakes = mistakes;
            header = Some(found);
        }
        Some(header) => {
            wishes.rows += 1;
            let (thing, mistakes) = person(header, &line);
            let name = thing.wish.sign_in_name.clone();
            match by_name.get(&name).filter(|_| !name.is_empty()) {
                Some(first) => join(&mut wishes.things[*first], thing, mistakes, header),
                None => {
                    by_name.insert(name, wishes.things.len());
                    wishes.things.push(Thing { mistakes: [thing.mistakes, mistakes].concat(), ..thing });
                }
            }
        }
    })?;
    for thing in &mut wishes.things {
        check_posts(thing);
    }
    Ok(wishes)
}

/// A row by itself; apart, what is wrong with the full name, which only the first row of a person needs.
fn person(header: &Header, line: &Line) -> (Thing<PersonWish>, Vec<Mistake>) {
    let mut row = Row::new(header, line);
    let sign_in_name = row.value(&column::SIGN_IN_NAME, sign_in_name).unwrap_or_default();
    let email = row.value(&column::EMAIL, email);
    let phone = row.value(&column::PHONE, phone);
    let posts = post(&mut row).into_iter().collect();
    let mistakes = std::mem::take(&mut row.mistakes);
    let full_name = row.value(&column::FULL_NAME, full_name).unwrap_or_default();
    let wish = PersonWish { sign_in_name, full_name, email, phone, posts };
    (Thing { row: line.number, wish, mistakes }, row.mistakes)
}

/// The post of a row; none if it names neither unit nor title.
fn post(row: &mut Row<'_>) -> Option<PostWish> {
    let [unit, title] = [&column::UNIT, &column::POSITION].map(|column| row.text(column).unwrap_or_default());
    if unit.is_empty() && title.is_empty() {
        return None;
    }
    if unit.is_empty() {
        row.note(&column::UNIT, flaws::text(Flaw::Missing));
    }
    let title = position(&title).unwrap_or_else(|flaw| {
        row.note(&column::POSITION, flaws::text(flaw));
        String::new()
    });
    Some(PostWish {
        row: row.number(),
        unit_code: unit,
        title,
        roles: roles(row),
        capacity: capacity(row),
        primary: row.flag(&column::PRIMARY),
        start: row.date(&column::START),
    })
}

fn roles(row: &mut Row<'_>) -> Roles {
    let Some(words) = row.text(&column::ROLES) else { return Roles::NONE };
    match words::roles(&words) {
        Ok(Roles::NONE) => row.note(&column::ROLES, flaws::text(Flaw::Missing)),
        Ok(roles) => return roles,
        Err(word) => {
            let text = Text::new(
                format!("không có vai trò “{word}”; các vai trò: {}", words::role_words(words::every_role())),
                format!("“{word}” is no role; the roles: {}", words::role_names()),
            );
            row.note(&column::ROLES, text);
        }
    }
    Roles::NONE
}

fn capacity(row: &mut Row<'_>) -> Capacity {
    let word = row.text(&column::CAPACITY).unwrap_or_default();
    words::capacity(&word).unwrap_or_else(|| {
        let text =
            Text::new("phải là Giữ chức vụ, Quyền hoặc Phụ trách", "must be HOLDER, ACTING or IN_CHARGE");
        row.note(&column::CAPACITY, text);
        Capacity::Holder
    })
}

/// Adds a further row of a person: what it says of the person must be the same or left out.
fn join(first: &mut Thing<PersonWish>, next: Thing<PersonWish>, unnamed: Vec<Mistake>, header: &Header) {
    first.mistakes.extend(next.mistakes);
    let mut compare = |column: &super::columns::Column, one: &str, other: &str| {
        if !other.is_empty() && one != other {
            let heading = header.place(column).map_or("", |(_, heading)| heading);
            let text = Text::new(
                format!("khác với dòng {} của cùng một người", first.row),
                format!("differs from row {} of the same person", first.row),
            );
            first.mistakes.push(Mistake::new(next.row, heading, text));
        }
    };
    let said = |value: &Option<String>| value.clone().unwrap_or_default();
    compare(&column::FULL_NAME, &first.wish.full_name, &next.wish.full_name);
    compare(&column::EMAIL, &said(&first.wish.email), &said(&next.wish.email));
    compare(&column::PHONE, &said(&first.wish.phone), &said(&next.wish.phone));
    let only_missing = |mistake: &Mistake| mistake.en == flaws::text(Flaw::Missing).en;
    first.mistakes.extend(unnamed.into_iter().filter(|mistake| !only_missing(mistake)));
    if next.wish.posts.is_empty() {
        let text = Text::new(
            format!("lặp lại người ở dòng {} mà không có chức vụ", first.row),
            format!("repeats the person of row {} without a post", first.row),
        );
        first.mistakes.push(Mistake::new(next.row, "", text));
    }
    first.wish.posts.extend(next.wish.posts);
}

/// What the posts of one person contradict each other in.
fn check_posts(thing: &mut Thing<PersonWish>) {
    let posts = &thing.wish.posts;
    let mut note = |row: u32, text: Text| thing.mistakes.push(Mistake::new(row, "", text));
    if posts.len() > limits::APPOINTMENTS {
        let (count, limit) = (posts.len(), limits::APPOINTMENTS);
        note(
            thing.row,
            Text::new(
                format!("người này có {count} chức vụ, tối đa {limit}"),
                format!("has {count} posts, at most {limit} are allowed"),
            ),
        );
    }
    for (index, post) in posts.iter().enumerate() {
        let same = |other: &&PostWish| {
            other.unit_code == post.unit_code && other.title == post.title && other.capacity == post.capacity
        };
        if let Some(before) = posts[..index].iter().find(same).filter(|_| !post.title.is_empty()) {
            let (vi, en) = ("chức vụ này đã có ở dòng", "names the post of row");
            note(post.row, Text::new(format!("{vi} {}", before.row), format!("{en} {}", before.row)));
        }
    }
    let mut primary = posts.iter().filter(|post| post.primary == Some(true));
    if let (Some(first), Some(second)) = (primary.next(), primary.next()) {
        note(
            second.row,
            Text::new(
                format!("chức vụ chính đã có ở dòng {}", first.row),
                format!("row {} names the main post already", first.row),
            ),
        );
    }
    let roles = posts.iter().fold(Roles::NONE, |all, post| all.and(post.roles));
    if let Some(conflict) = roles.conflict() {
        note(thing.row, staffing::conflict_text(conflict));
    }
}
