//! Registers as ledgers: nothing can be written otherwise afterwards without its being found.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base::{Date, Timestamp, Uuid};
use documents_domain::{
    Description, Direction, DocumentFacts, End, Entry, Facts, Flaw, Line, Misfit, Recorded, RecordedSeal,
    Register, RegisterAct, Seal, SeriesCode, Verification,
};
use proptest::prelude::*;

fn register() -> Register {
    Register::common(Uuid::from_u128(7), Direction::Outgoing, 2026)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn said(number: i32) -> Facts {
    Facts {
        notation: format!("{number:02}/SNV-VP"),
        issued_on: "2026-11-23".parse().unwrap(),
        summary: "V/v họp giao ban".to_owned(),
        signer_name: "Nguyễn Văn Thắng".to_owned(),
    }
}

fn line(number: i32) -> Line {
    saying(number, said(number))
}

fn saying(number: i32, facts: Facts) -> Line {
    let entry = Entry {
        document_id: Some(Uuid::from_u128(1000 + u128::from(number.unsigned_abs()))),
        description: Some(Description::Kept { facts, salt: "5a17".to_owned() }),
        officer_name: "Quàng Thị Lan".to_owned(),
        ..Entry::new(RegisterAct::Entered, number, at("2026-11-23T01:00:00Z"))
    };
    Line { register: register(), ordinal: number, entry }
}

/// The line with another description, or with none.
fn described(line: Line, description: Description) -> Line {
    Line { entry: Entry { description: Some(description), ..line.entry }, ..line }
}

fn facts(line: &Line) -> DocumentFacts {
    let Facts { notation, issued_on, summary, signer_name } = line.entry.facts().unwrap().clone();
    DocumentFacts {
        notation: Some(notation),
        issued_on: Some(issued_on),
        summary,
        signer_name: Some(signer_name),
    }
}

/// A line whose document was recalled.
fn destroyed(Recorded { line, previous_hash, hash, document, .. }: Recorded) -> Recorded {
    let hash_left = line.entry.description.as_ref().unwrap().hash();
    let line = described(line, Description::Destroyed { hash: hash_left });
    Recorded { line, previous_hash, hash, document, recalled: true }
}

/// Lines that follow each other.
fn chained(lines: impl IntoIterator<Item = Line>) -> Vec<Recorded> {
    let mut previous = register().genesis();
    let chain = lines.into_iter().map(|line| {
        let hash = line.hash(&previous);
        let previous = std::mem::replace(&mut previous, hash.clone());
        let document = Some(facts(&line));
        Recorded { line, previous_hash: Some(previous), hash: Some(hash), document, recalled: false }
    });
    chain.collect()
}

fn sealed(ends: &[(&Recorded, &str)]) -> Vec<RecordedSeal> {
    let mut previous = register().seal_genesis();
    let chain = ends.iter().map(|(end, day)| {
        let seal = Seal {
            register: register(),
            day: day.parse().unwrap(),
            last_line: end.line.ordinal,
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
    let number = verification.number();
    verification.end(&End { line: last, number, hash: head })?;
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
    assert_eq!(genesis, "307253e7ba81feb20309f2445958d8bac65d0a42c50317b2c4558da7dd5cb000");
    assert_eq!(
        first.entry.description.as_ref().unwrap().hash(),
        "14ef128ef5cb854e479c445c1d03a4c84a6349eddaead6311ec57eb26fcfb750"
    );
    assert_eq!(first.hash(&genesis), "20651fa579e2246616a7693ad4d3e44244b37c80ab0830d0bcd8775b99114753");
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
    let early = |line: Line| {
        let entry = Entry { entered_at: at("2026-11-22T16:59:59Z"), ..line.entry };
        Line { entry, ..line }
    };
    let cases = [
        (without(2), missing(3)),
        (without(0), missing(1)),
        (without(4), missing(5)),
        (changed(&|lines| lines[2].line.ordinal = 9), missing(3)),
        (changed(&|lines| lines[3].line.ordinal = 3), (3, Flaw::Twin)),
        (
            changed(&|lines| lines[1].line = saying(2, Facts { summary: "V/v khác".to_owned(), ..said(2) })),
            (2, Flaw::Hash),
        ),
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
    let end = End { line: 1, number: 1, hash: Some("another".to_owned()) };
    assert_eq!(verification.end(&end), Err((1, Flaw::Head)));
    let mut verification = Verification::begin(register(), Vec::new()).unwrap();
    verification.follow(&fine[0]).unwrap();
    let end = End { line: 1, number: 2, hash: fine[0].hash.clone() };
    assert_eq!(verification.end(&end), Err((1, Flaw::LastNumber)));
}

#[test]
fn a_chain_written_anew_does_not_fit_its_seals() {
    let lines = chained((1..=3).map(line));
    let day = "2026-11-23".parse().unwrap();
    let seals = sealed(&[(&lines[1], "2026-11-23")]);
    let anew = chained([saying(1, Facts { summary: "V/v khác".to_owned(), ..said(1) }), line(2), line(3)]);
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

#[test]
fn what_a_line_said_can_be_destroyed_for_a_recall_and_for_nothing_else() {
    let fine = chained((1..=5).map(line));
    let seals = sealed(&[(&fine[3], "2026-11-23")]);
    let with = |index: usize, recorded: Recorded| {
        let mut lines = fine.clone();
        lines[index] = recorded;
        lines
    };
    let gone = destroyed(fine[2].clone());
    assert!(verify(&with(2, gone.clone()), seals.clone(), 5).is_ok());

    let unasked = Recorded { recalled: false, ..gone.clone() };
    assert_eq!(verify(&with(2, unasked), seals.clone(), 5), Err((3, Flaw::Destroyed)));
    let mut other = gone.clone();
    let hash = fine[1].line.entry.description.as_ref().unwrap().hash();
    other.line = described(other.line, Description::Destroyed { hash });
    assert_eq!(verify(&with(2, other), seals.clone(), 5), Err((3, Flaw::Hash)), "the hash of another line");
    let orphan = Recorded { document: None, ..gone };
    assert_eq!(verify(&with(2, orphan), seals, 5), Err((3, Flaw::Document("id"))));
}

#[test]
fn a_guess_does_not_tell_what_was_destroyed() {
    let salted = |salt: &str| Description::Kept { facts: said(1), salt: salt.to_owned() };
    assert_ne!(salted("5a17").hash(), salted("5a18").hash(), "the same words, another hash");
    let entry = destroyed(chained([line(1)]).remove(0)).line.entry;
    let Some(Description::Destroyed { hash }) = entry.description else { panic!("it was destroyed") };
    assert_eq!(hash, salted("5a17").hash());
    assert_ne!(hash, salted("").hash());
}

prop_compose! {
    fn any_description()(texts in proptest::collection::vec("[a1/]{0,3}", 3), day in 1..4_i8, salt in "[a1]{1,2}") -> Description {
        let [notation, summary, signer_name] = texts.try_into().unwrap();
        let issued_on = Date::new(2026, 11, day).unwrap();
        Description::Kept { facts: Facts { notation, issued_on, summary, signer_name }, salt }
    }
}

prop_compose! {
    fn any_line()(
        (agency, incoming, series, year) in (0..3_u128, any::<bool>(), "[A1]{0,2}", 2025..2028_i16),
        (ordinal, number, act) in (1..30_i32, 1..30_i32, 0..3_usize),
        (document, copy) in (proptest::option::of(0..3_u128), proptest::option::of(0..3_u128)),
        description in proptest::option::of(any_description()),
        texts in proptest::collection::vec("[a1/]{0,3}", 4),
        (until, micros) in (proptest::option::of(1..4_i8), 0..3_i64),
        previous in "[a1]{0,2}",
    ) -> (Line, String) {
        let direction = if incoming { Direction::Incoming } else { Direction::Outgoing };
        let series = SeriesCode::parse(&series).unwrap();
        let [counterpart_name, reason, holder_name, officer_name] = texts.try_into().unwrap();
        let entry = Entry {
            act: RegisterAct::ALL[act],
            number,
            document_id: document.map(Uuid::from_u128),
            copy_id: copy.map(Uuid::from_u128),
            description,
            counterpart_name,
            reason,
            holder_name,
            reserved_until: until.map(|day| Date::new(2026, 11, day).unwrap()),
            officer_name,
            entered_at: Timestamp::from_microsecond(micros).unwrap(),
        };
        let register = Register { agency_id: Uuid::from_u128(agency), direction, series, year };
        (Line { register, ordinal, entry }, previous)
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
            saying(1, Facts { summary: summary.to_owned(), signer_name: signer_name.to_owned(), ..said(1) })
        };
        let (one, two) = (split(cut), split(other));
        prop_assert_eq!(one == two, one.bytes("") == two.bytes(""));
    }
}
