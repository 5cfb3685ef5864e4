//! Who stands in for whom on a day, and what may not be arranged.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::HashMap;

use base::{Date, Timestamp, Uuid};
use directory_domain::{
    Absence, Conflict, Held, Origin, OwnPost, Period, Proposal, Roles, Situation, StandIn, StandInFlaw,
    acting, handed_over,
};
use proptest::prelude::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn at() -> Timestamp {
    "2026-11-01T01:00:00Z".parse().unwrap()
}

fn november() -> Period {
    Period { from: day("2026-11-01"), until: day("2026-12-01") }
}

/// A position held by the person of the same number.
fn held(number: u128, role: i32) -> Held {
    Held {
        position_id: id(number + 100),
        unit_id: id(900),
        agency_id: id(900),
        title: "Chức vụ".to_owned(),
        roles: Roles::numbered(&[role]).unwrap(),
        person_id: id(number),
        full_name: format!("Người {number}"),
        since: day("2025-07-01"),
    }
}

/// `by` stands in for `of`.
fn stand_in(of: u128, by: u128) -> StandIn {
    StandIn {
        id: id(of * 10 + by),
        revision: 1,
        position_id: id(of + 100),
        absent_person_id: id(of),
        person_id: id(by),
        period: november(),
        origin: Origin::Own,
        reason: "Đi công tác".to_owned(),
        created_at: at(),
        updated_at: at(),
    }
}

fn absence(person: u128) -> Absence {
    Absence {
        id: id(person + 700),
        revision: 1,
        person_id: id(person),
        period: november(),
        reason: "Nghỉ phép".to_owned(),
        created_at: at(),
        updated_at: at(),
    }
}

fn rule(of: u128, substitutes: &[u128]) -> (Uuid, Vec<Uuid>) {
    (id(of + 100), substitutes.iter().map(|number| id(number + 100)).collect())
}

fn situation() -> Situation {
    Situation {
        date: day("2026-11-23"),
        held: vec![held(1, 1), held(2, 2), held(3, 4), held(4, 5), held(5, 5), held(6, 6), held(7, 7)],
        stand_ins: vec![],
        absences: vec![],
        substitutes: HashMap::new(),
    }
}

/// Who stands in for whom.
fn pairs(situation: &Situation) -> Vec<(Uuid, Uuid, Origin)> {
    acting(situation)
        .into_iter()
        .map(|acting| (acting.of.person_id, acting.person_id, acting.origin))
        .collect()
}

#[test]
fn whoever_is_named_acts_from_the_first_day_to_the_last() {
    let mut situation = situation();
    situation.stand_ins = vec![stand_in(4, 5)];
    for (date, acts) in
        [("2026-10-31", false), ("2026-11-01", true), ("2026-11-30", true), ("2026-12-01", false)]
    {
        situation.date = day(date);
        let expected: &[_] = if acts { &[(id(4), id(5), Origin::Own)] } else { &[] };
        assert_eq!(pairs(&situation), expected, "{date}");
    }
}

#[test]
fn the_rule_takes_the_first_substitute_who_is_there() {
    let mut situation = situation();
    situation.substitutes = HashMap::from([rule(2, &[1, 3, 4])]);
    assert_eq!(pairs(&situation), [], "nobody is absent");
    situation.absences = vec![absence(2)];
    assert_eq!(pairs(&situation), [(id(2), id(1), Origin::Rule)]);
    situation.absences.push(absence(1));
    assert_eq!(pairs(&situation), [(id(2), id(3), Origin::Rule)], "the first is absent too");
    assert_eq!(acting(&situation)[0].reason, "Nghỉ phép");
    situation.stand_ins = vec![stand_in(3, 4)];
    let told = pairs(&situation);
    assert_eq!(told, [(id(3), id(4), Origin::Own)], "3 is away, and 4 of the document office cannot lead");
    let mut senior = held(8, 4);
    (senior.position_id, senior.since) = (id(103), day("2025-01-01"));
    situation.held.push(senior);
    assert_eq!(pairs(&situation)[0], (id(2), id(8), Origin::Rule), "another in the same position");
}

#[test]
fn the_rule_helps_when_whoever_was_named_is_away() {
    let mut situation = situation();
    situation.stand_ins = vec![stand_in(4, 5)];
    situation.substitutes = HashMap::from([rule(4, &[3])]);
    situation.absences = vec![absence(5)];
    assert_eq!(pairs(&situation), [(id(4), id(3), Origin::Rule)]);
}

#[test]
fn a_stand_in_has_no_stand_in() {
    let mut situation = situation();
    situation.stand_ins = vec![stand_in(4, 5), stand_in(5, 3)];
    assert_eq!(pairs(&situation), [(id(5), id(3), Origin::Own)], "4's work does not go on to 3");
    situation.stand_ins = vec![stand_in(4, 5), stand_in(5, 4)];
    assert_eq!(pairs(&situation), [], "nor in a circle");
}

#[test]
fn duties_that_must_be_kept_apart_stay_apart() {
    let mut situation = situation();
    situation.stand_ins = vec![stand_in(6, 3), stand_in(1, 7), stand_in(4, 2)];
    assert_eq!(pairs(&situation), [], "administrator and officer, leader and secretary, seal and signer");
}

#[test]
fn the_signature_is_not_handed_over() {
    assert_eq!(handed_over(Roles::numbered(&[1, 4]).unwrap()).numbers(), [2, 4]);
    for role in [2, 3, 4, 5, 6, 7, 8, 9, 10] {
        let roles = Roles::numbered(&[role]).unwrap();
        assert_eq!(handed_over(roles), roles);
    }
}

fn proposal() -> Proposal {
    let officer = Roles::numbered(&[4]).unwrap();
    Proposal {
        position_id: id(104),
        agency_id: id(900),
        roles: Roles::DOCUMENT_OFFICE,
        held: vec![Period::ALWAYS],
        absent_person_id: id(4),
        person_id: id(3),
        posts: vec![OwnPost { agency_id: id(900), roles: officer, period: Period::ALWAYS }],
        period: november(),
        today: day("2026-11-01"),
    }
}

#[test]
fn what_cannot_be_is_refused_all_at_once() {
    assert_eq!(proposal().flaws(&[], &[]), []);
    let wrong = Proposal {
        held: vec![Period { from: day("2026-11-02"), until: Period::END }],
        posts: vec![OwnPost {
            agency_id: id(901),
            roles: Roles::ADMINISTRATOR,
            period: Period::since(day("2026-11-30")),
        }],
        today: day("2026-11-02"),
        ..proposal()
    };
    let apart = StandInFlaw::Apart(Conflict::AdministratorWithBusiness);
    assert_eq!(
        wrong.flaws(&[stand_in(4, 5), stand_in(3, 4), stand_in(3, 5)], &[absence(3), absence(4)]),
        [
            StandInFlaw::BeginsInThePast,
            StandInFlaw::NotHeld,
            StandInFlaw::NotOfTheAgency,
            apart,
            StandInFlaw::Overlaps(id(45)),
            StandInFlaw::Circle(id(34)),
            StandInFlaw::IsStoodInFor(id(35)),
            StandInFlaw::IsAbsent(id(703)),
        ]
    );
    let empty =
        Proposal { period: Period { from: day("2026-11-23"), until: day("2026-11-23") }, ..proposal() };
    assert_eq!(empty.flaws(&[], &[]), [StandInFlaw::EndsBeforeItBegins]);
    let own = Proposal { person_id: id(4), ..proposal() };
    assert_eq!(own.flaws(&[], &[]), [StandInFlaw::ForOneself]);
    let next =
        Proposal { period: Period { from: day("2026-12-01"), until: day("2026-12-02") }, ..proposal() };
    assert_eq!(next.flaws(&[stand_in(4, 5), stand_in(3, 4)], &[absence(3)]), [], "the day after all of them");
}

proptest! {
    #[test]
    fn nobody_away_acts_and_nobody_acts_for_who_is_there(
        stand_ins in prop::collection::vec((1_u128..8, 1_u128..8), 0..6),
        absent in prop::collection::vec(1_u128..8, 0..4),
        rules in prop::collection::vec((1_u128..8, prop::collection::vec(1_u128..8, 0..4)), 0..4),
    ) {
        let mut situation = situation();
        situation.stand_ins = stand_ins.iter().map(|&(of, by)| stand_in(of, by)).collect();
        situation.absences = absent.iter().map(|&person| absence(person)).collect();
        situation.substitutes = rules.iter().map(|(of, substitutes)| rule(*of, substitutes)).collect();
        let away = |person: Uuid| {
            absent.iter().any(|&number| id(number) == person) || stand_ins.iter().any(|&(of, _)| id(of) == person)
        };
        let mut seen = Vec::new();
        for acting in acting(&situation) {
            prop_assert!(away(acting.of.person_id) && !away(acting.person_id), "{acting:?}");
            prop_assert!(!acting.roles.any_of(Roles::AGENCY_HEAD), "never the signature: {acting:?}");
            prop_assert!(!seen.contains(&acting.of.position_id), "one stand-in for each: {acting:?}");
            seen.push(acting.of.position_id);
        }
    }
}
