//! Whatever is done to an assigned drafting in whatever order, it ends once, and its draft is begun by whoever was to draft.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base::{Timestamp, Uuid};
use documents_domain::{
    Assignee, Document, DraftingAssignment, DraftingState, DraftingTask, Fields, Kind, Officer, Post,
    Rejection, Urgency, Who,
};
use proptest::prelude::*;

const AGENCY: u128 = 100;
const OFFICE: u128 = 101;
const DIVISION: u128 = 102;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn now() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn officer(number: u128, unit: u128, leads: bool, heads_unit: bool) -> Officer {
    let post = Post {
        agency_id: id(AGENCY),
        inherited_agency_ids: Vec::new(),
        unit_id: id(unit),
        position: "Chuyên viên".to_owned(),
        drafts: true,
        leads,
        keeps_registers: false,
        heads_unit,
        checks_format: false,
        in_person: true,
    };
    Officer { user_id: id(number), full_name: format!("Người {number}"), posts: vec![post] }
}

/// The head, the head of the office, two officers of the office, one of another division.
fn cast() -> [Officer; 5] {
    [
        officer(1, AGENCY, true, false),
        officer(2, OFFICE, false, true),
        officer(3, OFFICE, false, false),
        officer(4, OFFICE, false, false),
        officer(5, DIVISION, false, false),
    ]
}

fn task(unit: u128, person: Option<u128>) -> DraftingTask {
    let person =
        person.map(|number| Assignee { user_id: id(number), full_name: format!("Người {number}") });
    DraftingTask {
        unit_id: id(unit),
        unit_name: String::new(),
        person,
        directive: "Soạn".to_owned(),
        kind: None,
        due: None,
    }
}

fn assigned(person: Option<u128>) -> DraftingAssignment {
    DraftingAssignment::assign(id(7), id(AGENCY), task(OFFICE, person), &cast()[0], now()).unwrap()
}

/// A draft that an officer begins in the own unit.
fn draft(number: Uuid, by: &Officer, at: Timestamp) -> Document {
    let fields = Fields {
        kind: Kind::Report,
        circulation: None,
        other_kind: None,
        issuing_body: None,
        summary: "V/v báo cáo".to_owned(),
        matter: String::new(),
        urgency: Urgency::Normal,
        language: "vi".to_owned(),
        pages: 1,
        note: String::new(),
        reply_due: None,
        recipients: Vec::new(),
        relations: Vec::new(),
    };
    Document::create(number, (by.posts[0].unit_id, "Sở Nội vụ".to_owned()), fields, by, at).unwrap().document
}

/// What somebody does to it.
#[derive(Debug, Clone)]
enum Deed {
    Take,
    Reassign(u128, Option<u128>),
    Withdraw,
    Begin(u128),
    Finish,
}

fn deed() -> impl Strategy<Value = Deed> {
    let unit = prop_oneof![Just(OFFICE), Just(DIVISION)];
    prop_oneof![
        Just(Deed::Take),
        (unit, proptest::option::of(3..6_u128)).prop_map(|(unit, person)| Deed::Reassign(unit, person)),
        Just(Deed::Withdraw),
        (1000..1010_u128).prop_map(Deed::Begin),
        Just(Deed::Finish),
    ]
}

fn run(assignment: DraftingAssignment, deed: &Deed, by: &Officer) -> Option<DraftingAssignment> {
    match deed {
        Deed::Take => assignment.take(by, now()).ok(),
        Deed::Reassign(unit, person) => assignment.reassign(task(*unit, *person), by, now()).ok(),
        Deed::Withdraw => assignment.withdraw("Thôi".to_owned(), by, now()).ok(),
        Deed::Begin(number) => assignment.begin(&draft(id(*number), by, now()), by, now()).ok(),
        Deed::Finish => assignment.finish(now()),
    }
}

proptest! {
    #[test]
    fn it_ends_once_and_is_drafted_by_whom_it_is_assigned_to(
        person in proptest::option::of(3..5_u128),
        deeds in proptest::collection::vec((deed(), 0..5_usize), 1..30),
    ) {
        let mut assignment = assigned(person);
        for (deed, who) in deeds {
            let by = &cast()[who];
            let before = assignment.clone();
            let Some(after) = run(assignment.clone(), &deed, by) else { continue };
            let over = [DraftingState::Done, DraftingState::Withdrawn].contains(&before.state);
            prop_assert!(!over, "{before:?} {deed:?}");
            prop_assert_eq!(after.revision, before.revision + 1);
            if before.document_id.is_some() {
                prop_assert_eq!(after.document_id, before.document_id, "a draft is begun once");
            }
            if let Some(taker) = &after.taker {
                let named = after.task.person.as_ref().is_none_or(|person| person.user_id == taker.user_id);
                prop_assert!(named, "who is named drafts");
                let member = cast().into_iter().find(|one| one.user_id == taker.user_id).unwrap();
                prop_assert_eq!(member.posts[0].unit_id, after.task.unit_id);
            }
            if matches!(deed, Deed::Begin(_)) {
                prop_assert_eq!(after.taker.as_ref().map(|taker| taker.user_id), Some(by.user_id));
                prop_assert!(before.taker.is_none_or(|taker| taker.user_id == by.user_id));
            }
            assignment = after;
        }
    }
}

#[test]
fn the_head_of_a_unit_gives_nothing_away() {
    let [head, unit_head, officer, ..] = cast();
    let director = Err(Rejection::NotAllowed(Who::DraftingDirector));
    let own = DraftingAssignment::assign(id(8), id(AGENCY), task(OFFICE, Some(3)), &unit_head, now());
    assert_eq!(own.unwrap().assigned.by.user_id, unit_head.user_id);
    let other = DraftingAssignment::assign(id(8), id(AGENCY), task(DIVISION, None), &unit_head, now());
    assert_eq!(other, director);
    assert_eq!(assigned(None).reassign(task(DIVISION, None), &unit_head, now()), director);
    assert_eq!(assigned(None).reassign(task(OFFICE, Some(4)), &officer, now()), director);
    assert!(assigned(None).reassign(task(DIVISION, None), &head, now()).is_ok());
}

#[test]
fn fields_that_differ_are_named_as_the_contracts_name_them() {
    let draft = draft(id(9), &cast()[2], now());
    let other = Fields { summary: "Khác".to_owned(), pages: 7, ..draft.fields.clone() };
    assert_eq!(draft.fields.differing(&other), ["abstract", "page_amount"]);
    assert_eq!(draft.fields.differing(&draft.fields), Vec::<&str>::new());
}
