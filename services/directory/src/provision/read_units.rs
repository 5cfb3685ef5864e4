use std::collections::HashMap;

use directory_domain::{Flaw, UnitKind, abbreviation, address, code, email, phone, unit_name};
use kit::Text;

use super::{
    columns::units as column,
    header::Header,
    mistake::Mistake,
    row::Row,
    wish::{Thing, UnitWish, Wishes},
    words,
};
use crate::sheet::{self, Line, Unreadable};

/// Reads a file of units.
pub(crate) fn read(bytes: &[u8], sheet: &str) -> Result<Wishes<UnitWish>, Unreadable> {
    let mut wishes = Wishes { rows: 0, mistakes: Vec::new(), things: Vec::new() };
    let mut header = None;
    let mut seen: HashMap<String, u32> = HashMap::new();
    sheet::read(bytes, sheet, &mut |line| match &header {
        None => {
            let (found, mistakes) = Header::read(&line, column::ALL);
            wishes.mistakes = mistakes;
            header = Some(found);
        }
        Some(header) => {
            wishes.rows += 1;
            let mut thing = unit(header, &line);
            let code = &thing.wish.code;
            if !code.is_empty()
                && let Some(first) = seen.insert(code.clone(), line.number)
            {
                thing.mistakes.push(twice(header, line.number, first));
            }
            wishes.things.push(thing);
        }
    })?;
    Ok(wishes)
}

fn unit(header: &Header, line: &Line) -> Thing<UnitWish> {
    let mut row = Row::new(header, line);
    let word = row.text(&column::KIND);
    let kind = word.as_deref().and_then(words::kind);
    match (&word, kind) {
        (Some(word), None) if word.is_empty() => row.note(&column::KIND, crate::flaws::text(Flaw::Missing)),
        (Some(_), None) => row.note(&column::KIND, no_kind()),
        _ => {}
    }
    let wish = UnitWish {
        code: row.value(&column::CODE, code).unwrap_or_default(),
        name: row.value(&column::NAME, unit_name).unwrap_or_default(),
        abbreviation: row.value(&column::ABBREVIATION, abbreviation).unwrap_or_default(),
        // An agency can stand anywhere: no second mistake comes from the first.
        kind: kind.unwrap_or(UnitKind::ProvincialDepartment),
        parent_code: row.value(&column::PARENT, optional_code),
        email: row.value(&column::EMAIL, email),
        phone: row.value(&column::PHONE, phone),
        address: row.value(&column::ADDRESS, address),
        start: row.date(&column::START),
        old_code: identifier(&mut row, &column::OLD_CODE, is_old_code, no_old_code),
        statistical_code: identifier(&mut row, &column::STATISTICAL, is_statistical, no_statistical),
        synthetic: row.flag(&column::SYNTHETIC),
    };
    Thing { row: row.number(), wish, mistakes: row.mistakes }
}

fn optional_code(text: &str) -> Result<String, Flaw> {
    if text.is_empty() { Ok(String::new()) } else { code(text) }
}

/// An identifier of another scheme; none if the cell is empty.
fn identifier(
    row: &mut Row<'_>,
    column: &super::columns::Column,
    fits: fn(&str) -> bool,
    refusal: fn() -> Text,
) -> Option<String> {
    let value = row.value(column, optional_code).filter(|value| !value.is_empty())?;
    if fits(&value) {
        return Some(value);
    }
    row.note(column, refusal());
    None
}

/// Four groups, 13 characters with their dots (Decision 28/2018/QĐ-TTg).
fn is_old_code(value: &str) -> bool {
    value.len() == 13 && value.split('.').count() == 4
}

fn is_statistical(value: &str) -> bool {
    value.len() == 5 && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn no_old_code() -> Text {
    Text::new(
        "mã theo Quyết định 28/2018/QĐ-TTg gồm 13 ký tự, bốn nhóm",
        "an identifier of Decision 28/2018 has 13 characters in four groups",
    )
}

fn no_statistical() -> Text {
    Text::new("mã thống kê gồm 5 chữ số", "a statistical code has 5 digits")
}

fn no_kind() -> Text {
    let words = |word: fn(UnitKind) -> &'static str| UnitKind::ALL.map(word).join(", ");
    Text::new(
        format!("không có loại này; dùng một trong: {}", words(words::kind_word)),
        format!("is no kind; use one of: {}", words(UnitKind::name)),
    )
}

fn twice(header: &Header, row: u32, first: u32) -> Mistake {
    let heading = header.place(&column::CODE).map_or("", |(_, heading)| heading);
    let text = Text::new(format!("mã này đã có ở dòng {first}"), format!("stands in row {first} already"));
    Mistake::new(row, heading, text)
}
