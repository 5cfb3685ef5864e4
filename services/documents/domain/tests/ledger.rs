//! Registers as ledgers: nothing can be written otherwise afterwards without its being found.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base::{Date, Timestamp, Uuid};
use documents_domain::{
    Direction, DocumentFacts, Flaw, Line, Misfit, Recorded, RecordedSeal, Register, Seal, Verification,
};
use proptest::prelude::*;

fn register() -> Register {
    Register { agency_id: Uuid::from_u128(7), direction: Direction::Outgoing, year: 2026 }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn line(number: i32) -> Line {
    Line {
        register: register(),
        number,
        document_id: Uuid::from_u128(1000 + u128::from(number.unsigned_abs())),
        notation: format!("{number:02}/SNV-VP"),
        issued_on: "2026-11-23".parse().unwrap(),
        summary: "V/v họp giao ban".to_owned(),
        signer_name: "Nguyễn Văn Thắng".to_owned(),
        counterpart_name: String::new(),
        entered_at: at("2026-11-23T01:00:00Z"),
    }
}

fn facts(line: &Line) -> DocumentFacts {
    DocumentFacts {
        notation: Some(line.notation.clone()),
        issued_on: Some(line.issued_on),
        summary: line.summary.clone(),
        signer_name: Some(line.signer_name.clone()),
    }
}

/// Lines that follow each other.
fn chained(lines: impl IntoIterator<Item = Line>) -> Vec<Recorded> {
    let mut previous = register().genesis();
    let chain = lines.into_iter().map(|line| {
        let hash = line.hash(&previous);
        let previous = std::mem::replace(&mut previous, hash.clone());
        Recorded { document: Some(facts(&line)), line, previous_hash: Some(previous), hash: Some(hash) }
    });
    chain.collect()
}

fn sealed(ends: &[(&Recorded, &str)]) -> Vec<RecordedSeal> {
    let mut previous = register().seal_genesis();
    let chain = ends.iter().map(|(end, day)| {
        let seal = Seal {
            register: register(),
            day: day.parse().unwrap(),
            last_number: end.line.number,
            line_hash: end.hash.clone().unwrap(),
            sealed_at: at("2026-11-24T17:00:01Z"),
        };
        let hash = seal.hash(&previous);
        let previous_hash = std::mem::replace(&mut previous, hash.clone());
        RecordedSeal { seal, previous_hash, hash }
    });
    chain.collect()
}

/// Goes through all; the last sealed day.
fn verify(lines: &[Recorded], seals: Vec<RecordedSeal>, last: i64) -> Result<Option<Date>, Misfit> {
    let head = lines.last().and_then(|last| last.hash.clone());
    let mut verification = Verification::begin(register(), seals)?;
    for line in lines {
        verification.follow(line)?;
    }
    let sealed = verification.sealed();
    verification.end(Some((last, head)))?;
    Ok(sealed)
}

#[test]
fn what_was_written_line_by_line_fits() {
    let lines = chained((1..=5).map(line));
    let seals = sealed(&[(&lines[1], "2026-11-23"), (&lines[3], "2026-11-24")]);
    assert_eq!(verify(&lines, seals, 5), Ok(Some("2026-11-24".parse().unwrap())));
    assert_eq!(verify(&[], Vec::new(), 0), Ok(None));
}

#[test]
fn hashes_are_what_anybody_computes_from_the_description() {
    // Computed with Python's hashlib.
    let first = line(1);
    let genesis = register().genesis();
    assert_eq!(genesis, "64b68132a4e8e21e1edbc587e2761e28bb3583f8a8484d26bb81613755e453fc");
    assert_eq!(first.hash(&genesis), "c59a39d4dd1850faf1fc4e37de2ee7bb5fc71e0d0bc77c520d5cfaeef3e25ad0");
}

#[test]
fn the_first_line_that_does_not_fit_is_named() {
    let fine = chained((1..=5).map(line));
    let missing = |number: i64| (number, Flaw::Missing);
    let without = |index: usize| {
        let mut lines = fine.clone();
        lines.remove(index);
        lines
    };
    let changed = |change: &dyn Fn(&mut Vec<Recorded>)| {
        let mut lines = fine.clone();
        change(&mut lines);
        lines
    };
    let early = |line: Line| Line { entered_at: at("2026-11-22T16:59:59Z"), ..line };
    let cases = [
        (without(2), missing(3)),
        (without(0), missing(1)),
        (without(4), missing(5)),
        (changed(&|lines| lines[2].line.number = 9), missing(3)),
        (changed(&|lines| lines[3].line.number = 3), (3, Flaw::Twin)),
        (changed(&|lines| lines[1].line.summary.push('.')), (2, Flaw::Hash)),
        (changed(&|lines| lines[1].hash = None), (2, Flaw::Hash)),
        (changed(&|lines| lines[1].previous_hash = None), (2, Flaw::Previous)),
        (changed(&|lines| lines[1].document = None), (2, Flaw::Document("id"))),
        (
            changed(&|lines| lines[4].document.as_mut().unwrap().summary.push('.')),
            (5, Flaw::Document("abstract")),
        ),
        (chained((1..=5).map(|n| if n == 4 { early(line(n)) } else { line(n) })), (4, Flaw::DateOrder)),
    ];
    for (lines, misfit) in cases {
        assert_eq!(verify(&lines, Vec::new(), 5), Err(misfit));
    }
    assert_eq!(verify(&fine, Vec::new(), 4), Err((5, Flaw::Beyond)));
    let mut verification = Verification::begin(register(), Vec::new()).unwrap();
    verification.follow(&fine[0]).unwrap();
    assert_eq!(verification.end(Some((1, Some("another".to_owned())))), Err((1, Flaw::Head)));
}

#[test]
fn a_chain_written_anew_does_not_fit_its_seals() {
    let lines = chained((1..=3).map(line));
    let day = "2026-11-23".parse().unwrap();
    let seals = sealed(&[(&lines[1], "2026-11-23")]);
    let anew = chained([Line { summary: "V/v khác".to_owned(), ..line(1) }, line(2), line(3)]);
    assert_eq!(verify(&anew, seals.clone(), 3), Err((2, Flaw::Seal(day))));
    assert_eq!(verify(&lines[..1], seals.clone(), 1), Err((2, Flaw::Missing)), "cut off before the seal");

    let mut moved = seals.clone();
    moved[0].seal.day = "2026-11-25".parse().unwrap();
    assert_eq!(verify(&lines, moved, 3), Err((2, Flaw::Seal("2026-11-25".parse().unwrap()))));
    let early = sealed(&[(&lines[1], "2026-11-22")]);
    assert_eq!(
        verify(&lines, early, 3),
        Err((2, Flaw::Seal("2026-11-22".parse().unwrap()))),
        "it covers a line of the day after"
    );
    let both = sealed(&[(&lines[0], "2026-11-23"), (&lines[1], "2026-11-24")]);
    assert_eq!(
        verify(&lines, both[1..].to_vec(), 3),
        Err((2, Flaw::Seal("2026-11-24".parse().unwrap()))),
        "the seal before it is gone"
    );
}

prop_compose! {
    fn any_line()(
        (agency, incoming, year) in (0..3_u128, any::<bool>(), 2025..2028_i16),
        (number, document) in (1..30_i32, 0..3_u128),
        texts in proptest::collection::vec("[a1/]{0,3}", 4),
        (day, micros) in (1..4_i8, 0..3_i64),
        previous in "[a1]{0,2}",
    ) -> (Line, String) {
        let direction = if incoming { Direction::Incoming } else { Direction::Outgoing };
        let [notation, summary, signer_name, counterpart_name] = texts.try_into().unwrap();
        let line = Line {
            register: Register { agency_id: Uuid::from_u128(agency), direction, year },
            number,
            document_id: Uuid::from_u128(document),
            notation,
            issued_on: Date::new(2026, 11, day).unwrap(),
            summary,
            signer_name,
            counterpart_name,
            entered_at: Timestamp::from_microsecond(micros).unwrap(),
        };
        (line, previous)
    }
}

proptest! {
    /// Short texts of few letters: what is at the end of one could be at the beginning of the next.
    #[test]
    fn different_facts_have_different_bytes(one in any_line(), other in any_line()) {
        prop_assert_eq!(one == other, one.0.bytes(&one.1) == other.0.bytes(&other.1));
    }

    #[test]
    fn letters_cannot_move_from_one_fact_to_the_next(text in "[a1]{1,6}", cut in 0..6_usize, other in 0..6_usize) {
        let split = |at: usize| {
            let (summary, signer_name) = text.split_at(at.min(text.len()));
            Line { summary: summary.to_owned(), signer_name: signer_name.to_owned(), ..line(1) }
        };
        let (one, two) = (split(cut), split(other));
        prop_assert_eq!(one == two, one.bytes("") == two.bytes(""));
    }
}
