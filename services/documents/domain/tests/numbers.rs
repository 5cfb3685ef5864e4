//! Registers written by random acts: whatever is allowed fits, and whatever is changed in one afterwards is found at the first line that
//! it touches.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base::{Date, Timestamp, Uuid};
use documents_domain::{
    Description, Direction, DocumentFacts, End, Entry, Facts, Flaw, Line, Misfit, Numbers, Recorded,
    Register, RegisterAct, SeriesCode, Verification, notation,
};
use proptest::prelude::*;

/// Something that somebody does; to one of the numbers that it could be done to, if there are any.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Issue,
    Reserve,
    IssueReserved(usize),
    Void(usize),
    Sleep,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => Just(Deed::Issue),
        2 => Just(Deed::Reserve),
        2 => any::<usize>().prop_map(Deed::IssueReserved),
        2 => any::<usize>().prop_map(Deed::Void),
        1 => Just(Deed::Sleep),
    ]
}

fn register() -> Register {
    let series = SeriesCode::parse("GCN").unwrap();
    Register { agency_id: Uuid::from_u128(7), direction: Direction::Outgoing, series, year: 2026 }
}

fn day(days: i8) -> Date {
    Date::new(2026, 3, 1 + days).unwrap()
}

fn noon(days: i8) -> Timestamp {
    format!("2026-03-{:02}T05:00:00Z", 1 + days).parse().unwrap()
}

fn issued(number: i32, days: i8) -> Entry {
    dated(number, days, days)
}

/// A number that is given on one day to what bears the date of another.
fn dated(number: i32, days: i8, date: i8) -> Entry {
    saying(
        number,
        days,
        Facts {
            notation: notation(number, "GCN-SXD"),
            issued_on: day(date),
            summary: format!("Việc thứ {number}"),
            signer_name: "Cầm Văn Minh".to_owned(),
        },
    )
}

fn saying(number: i32, days: i8, facts: Facts) -> Entry {
    Entry {
        document_id: Some(Uuid::from_u128(u128::from(number.unsigned_abs()))),
        description: Some(Description::Kept { facts, salt: "5a17".to_owned() }),
        officer_name: "Quàng Thị Lan".to_owned(),
        ..Entry::new(RegisterAct::Entered, number, noon(days))
    }
}

fn reserved(number: i32, days: i8) -> Entry {
    Entry {
        reason: "Giấy chứng nhận in sẵn".to_owned(),
        holder_name: "Lò Thị Bình".to_owned(),
        reserved_until: Some(day(days)),
        ..Entry::new(RegisterAct::Reserved, number, noon(days))
    }
}

/// What a store that keeps to the rules writes when these things are done.
fn written(deeds: &[Deed]) -> Vec<Entry> {
    let (mut entries, mut numbers, mut days) = (Vec::new(), Numbers::default(), 0);
    for deed in deeds {
        let next = i32::try_from(numbers.last()).unwrap() + 1;
        let pick = |which: usize, states: &[RegisterAct]| {
            let open: Vec<_> = (1..next)
                .filter(|n| numbers.state(*n).is_some_and(|state| states.contains(&state)))
                .collect();
            (!open.is_empty()).then(|| open[which % open.len()])
        };
        let about =
            |number: i32| entries.iter().rfind(|entry: &&Entry| entry.number == number).unwrap().clone();
        let entry = match *deed {
            Deed::Issue => Some(issued(next, days)),
            Deed::Reserve => Some(reserved(next, days)),
            Deed::IssueReserved(which) => {
                pick(which, &[RegisterAct::Reserved]).map(|number| issued(number, days))
            }
            Deed::Void(which) => pick(which, &[RegisterAct::Reserved, RegisterAct::Entered])
                .map(|number| about(number).voided("Hủy".to_owned(), String::new(), noon(days))),
            Deed::Sleep => {
                days = (days + 1).min(27);
                None
            }
        };
        if let Some(entry) = entry {
            numbers.follow(Direction::Outgoing, &entry).unwrap();
            entries.push(entry);
        }
    }
    entries
}

/// The lines with hashes that fit, whatever they say.
fn chained(entries: Vec<Entry>) -> Vec<Recorded> {
    let mut previous = register().genesis();
    let lines = entries.into_iter().zip(1..).map(|(entry, ordinal)| {
        let line = Line { register: register(), ordinal, entry };
        let hash = line.hash(&previous);
        let previous_hash = std::mem::replace(&mut previous, hash.clone());
        let document = line.entry.facts().cloned().map(|facts| DocumentFacts {
            notation: Some(facts.notation),
            issued_on: Some(facts.issued_on),
            summary: facts.summary,
            signer_name: Some(facts.signer_name),
        });
        Recorded { line, previous_hash: Some(previous_hash), hash: Some(hash), document, recalled: false }
    });
    lines.collect()
}

/// Goes through lines, which the register says end as they were written.
fn verify(lines: &[Recorded], end: &End) -> Result<(), Misfit> {
    let mut verification = Verification::begin(register(), Vec::new())?;
    for line in lines {
        verification.follow(line)?;
    }
    verification.end(end)
}

fn end(lines: &[Recorded]) -> End {
    let number = lines.iter().map(|line| i64::from(line.line.entry.number)).max().unwrap_or(0);
    let hash = lines.last().and_then(|line| line.hash.clone());
    End { line: i64::try_from(lines.len()).unwrap(), number, hash }
}

/// Changes one fact of a line.
fn mutate(entry: &mut Entry, fact: usize) {
    match fact {
        0 => entry.act = RegisterAct::ALL[(entry.act as usize + 1) % 3],
        1 => entry.number += 1,
        2 => entry.document_id = Some(Uuid::max()),
        3 => entry.copy_id = Some(Uuid::max()),
        4 => entry.description = Some(Description::Destroyed { hash: "x".to_owned() }),
        5 => entry.counterpart_name.push('x'),
        6 => entry.reason.push('x'),
        7 => entry.holder_name.push('x'),
        8 => entry.reserved_until = Some(day(29)),
        9 => entry.officer_name.push('x'),
        _ => entry.entered_at += std::time::Duration::from_micros(1),
    }
}

proptest! {
    #[test]
    fn whatever_is_allowed_fits(deeds in proptest::collection::vec(deed(), 0..60)) {
        let lines = chained(written(&deeds));
        prop_assert_eq!(verify(&lines, &end(&lines)), Ok(()));
    }

    #[test]
    fn any_single_change_is_found_at_its_line(
        deeds in proptest::collection::vec(deed(), 1..60),
        place in any::<prop::sample::Index>(),
        fact in 0..11_usize,
    ) {
        let mut lines = chained(written(&deeds));
        prop_assume!(!lines.is_empty());
        let (end, place) = (end(&lines), place.index(lines.len()));
        mutate(&mut lines[place].line.entry, fact);
        let at = i64::try_from(place).unwrap() + 1;
        prop_assert_eq!(verify(&lines, &end), Err((at, Flaw::Hash)));
    }

    #[test]
    fn any_line_that_is_taken_out_or_moved_is_found_where_it_was(
        deeds in proptest::collection::vec(deed(), 2..60),
        place in any::<prop::sample::Index>(),
    ) {
        let lines = chained(written(&deeds));
        prop_assume!(lines.len() > 1);
        let (end, place) = (end(&lines), place.index(lines.len() - 1));
        let at = i64::try_from(place).unwrap() + 1;
        let mut without = lines.clone();
        without.remove(place);
        prop_assert_eq!(verify(&without, &end), Err((at, Flaw::Missing)));
        let mut swapped = lines.clone();
        let (one, other) = (swapped[place].line.ordinal, swapped[place + 1].line.ordinal);
        (swapped[place].line.ordinal, swapped[place + 1].line.ordinal) = (other, one);
        swapped.swap(place, place + 1);
        prop_assert_eq!(verify(&swapped, &end), Err((at, Flaw::Previous)));
    }

    /// Who has the means to write all hashes anew still cannot leave a number out, give one twice or void what was not given.
    #[test]
    fn what_breaks_the_rules_is_found_though_every_hash_fits(
        deeds in proptest::collection::vec(deed(), 1..60),
        place in any::<prop::sample::Index>(),
    ) {
        let entries = written(&deeds);
        prop_assume!(!entries.is_empty());
        let place = place.index(entries.len());
        let at = i64::try_from(place).unwrap() + 1;
        let told = |change: &dyn Fn(&mut Vec<Entry>)| {
            let mut entries = entries.clone();
            change(&mut entries);
            let lines = chained(entries);
            verify(&lines, &end(&lines))
        };
        let again = told(&|entries| entries.insert(place + 1, entries[place].clone()));
        let flaw = if entries[place].act == RegisterAct::Voided { Flaw::NotGiven } else { Flaw::NumberTwin };
        prop_assert_eq!(again, Err((at + 1, flaw)));
        let given = entries[..place].iter().map(|entry| i64::from(entry.number)).max().unwrap_or(0);
        let written_at = entries[place].entered_at;
        let next = |step: i32| {
            let number = i32::try_from(given).unwrap() + step;
            Entry { entered_at: written_at, ..issued(number, 0) }
        };
        let skipped = told(&|entries| entries.insert(place, next(2)));
        prop_assert_eq!(skipped, Err((at, Flaw::NumberGap(given + 1))));
        let never = told(&|entries| entries.insert(place, next(1).voided("Hủy".to_owned(), String::new(), written_at)));
        prop_assert_eq!(never, Err((at, Flaw::NotGiven)));
    }
}

#[test]
fn a_later_number_bears_no_earlier_date() {
    let lines = chained(vec![issued(1, 3), dated(2, 3, 2)]);
    assert_eq!(verify(&lines, &end(&lines)), Err((2, Flaw::IssueOrder)));
    let lines = chained(vec![reserved(1, 1), issued(2, 3), issued(1, 4)]);
    assert_eq!(verify(&lines, &end(&lines)), Ok(()), "what was reserved is dated when it is issued");
}

#[test]
fn a_line_prints_the_number_that_it_is_about() {
    let other = issued(2, 0).facts().unwrap().clone();
    let lines = chained(vec![saying(1, 0, other)]);
    assert_eq!(verify(&lines, &end(&lines)), Err((1, Flaw::Printed)));
}
