//! Every command on every status of a delivery by every sort of officer, and what no row of commands can bring about.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{collections::BTreeMap, fmt::Write};

use base::{Timestamp, Uuid};
use documents_domain::{
    Assignee, Assignment, Completion, Delivery, DeliveryChange, DeliveryEvent, DeliveryStatus, Inbox,
    Integrity, Officer, Post, RecipientKind, Refusal, RefusalCode, Rejection,
};
use proptest::prelude::*;

const COMMUNE: u128 = 200;
const DIVISION: u128 = 201;
const SUCCESSOR: u128 = 300;
const HANDLER: u128 = 6;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn now() -> Timestamp {
    "2026-11-25T01:00:00Z".parse().unwrap()
}

fn post(agency: u128, unit: u128) -> Post {
    Post {
        agency_id: id(agency),
        inherited_agency_ids: Vec::new(),
        unit_id: id(unit),
        position: "Chuyên viên".to_owned(),
        drafts: true,
        leads: false,
        keeps_registers: false,
        heads_unit: false,
        checks_format: false,
        in_person: true,
    }
}

fn officer(number: u128, post: Post) -> Officer {
    Officer { user_id: id(number), full_name: format!("Người {number}"), posts: vec![post] }
}

/// A document goes to a commune, to one of its divisions, or to the officer of that division.
fn cast() -> [(&'static str, Officer); 8] {
    let inherits = Post { inherited_agency_ids: vec![id(COMMUNE)], ..post(SUCCESSOR, SUCCESSOR) };
    [
        ("clerk", officer(1, Post { keeps_registers: true, ..post(COMMUNE, COMMUNE) })),
        ("chairman", officer(2, Post { leads: true, ..post(COMMUNE, COMMUNE) })),
        ("member of the office", officer(3, post(COMMUNE, COMMUNE))),
        ("head of the division", officer(4, Post { heads_unit: true, ..post(COMMUNE, DIVISION) })),
        ("another of the division", officer(5, post(COMMUNE, DIVISION))),
        ("the handler", officer(HANDLER, post(COMMUNE, DIVISION))),
        ("clerk of the heir", officer(7, Post { keeps_registers: true, ..inherits })),
        ("stranger", officer(8, Post { keeps_registers: true, leads: true, ..post(900, 900) })),
    ]
}

fn assignment(person: bool) -> Assignment {
    let person = person.then(|| Assignee { user_id: id(HANDLER), full_name: "Người 6".to_owned() });
    Assignment {
        unit_id: id(DIVISION),
        unit_name: "Phòng Kinh tế".to_owned(),
        person,
        directive: "Tham mưu trả lời".to_owned(),
        due: None,
    }
}

fn delivery(kind: RecipientKind, status: DeliveryStatus, assigned: Option<bool>) -> Delivery {
    let recipient = match kind {
        RecipientKind::Agency => COMMUNE,
        RecipientKind::Unit => DIVISION,
        RecipientKind::Person => HANDLER,
    };
    Delivery {
        id: id(1),
        revision: 4,
        recipient_id: id(recipient),
        recipient_kind: kind,
        recipient_agency_id: id(COMMUNE),
        status,
        integrity: None,
        decision: None,
        refusal: None,
        assignment: assigned.map(assignment),
        completion: None,
        updated_at: now(),
    }
}

fn refusal() -> Refusal {
    Refusal { code: RefusalCode::WrongRecipient, reason: String::new() }
}

fn completion() -> Completion {
    Completion {
        result: "Đã trả lời".to_owned(), reply_document_id: None, reply_notation: String::new()
    }
}

type Command = fn(Delivery, &Officer) -> Result<DeliveryChange, Rejection>;

const COMMANDS: [(&str, Command); 6] = [
    ("accept", |delivery, by| delivery.accept(Integrity::Sound, by, now())),
    ("refuse", |delivery, by| delivery.refuse(refusal(), by, now())),
    ("assign", |delivery, by| delivery.assign(assignment(true), by, now())),
    ("start", |delivery, by| delivery.start(by, now())),
    ("complete", |delivery, by| delivery.complete(completion(), by, now())),
    ("return", |delivery, by| delivery.send_back(refusal(), by, now())),
];

fn outcome(result: Result<DeliveryChange, Rejection>) -> String {
    match result {
        Ok(change) => {
            assert_eq!(change.delivery.revision, 5, "each change is one revision");
            format!("-> {}", change.delivery.status.code())
        }
        Err(Rejection::NotAllowed(who)) => format!("only {who:?}"),
        Err(rejection) => format!("{rejection:?}"),
    }
}

#[test]
fn every_command_on_every_status() {
    let mut table = String::new();
    for (command, run) in COMMANDS {
        for status in DeliveryStatus::ALL {
            let [(_, clerk), ..] = cast();
            let outcome = outcome(run(delivery(RecipientKind::Agency, status, None), &clerk));
            writeln!(table, "{command:9}{:12}{outcome}", status.code()).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_command_by_everybody() {
    let mut table = String::new();
    for kind in RecipientKind::ALL {
        for (assigned, how) in
            [(None, "not assigned"), (Some(false), "to the division"), (Some(true), "to the handler")]
        {
            for (command, run) in COMMANDS {
                let status =
                    if assigned.is_some() { DeliveryStatus::Assigned } else { DeliveryStatus::Accepted };
                let status =
                    if matches!(command, "accept" | "refuse") { DeliveryStatus::Arrived } else { status };
                for (who, officer) in cast() {
                    let outcome = outcome(run(delivery(kind, status, assigned), &officer));
                    writeln!(table, "{:7}{how:17}{command:9}{who:25}{outcome}", kind.code()).unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_is_broken_is_not_accepted_but_may_be_refused() {
    let [(_, clerk), ..] = cast();
    let arrived = delivery(RecipientKind::Agency, DeliveryStatus::Arrived, None);
    let broken = arrived.clone().accept(Integrity::Broken(2), &clerk, now());
    assert_eq!(broken, Err(Rejection::FilesBroken { files: 2 }));
    assert_eq!(arrived.refuse(refusal(), &clerk, now()).unwrap().delivery.status, DeliveryStatus::Refused);
}

#[test]
fn only_an_agency_registers_what_it_accepts_and_an_heir_in_its_own_register() {
    let [(_, clerk), .., (_, heir), _] = cast();
    let accept = |kind, by: &Officer| {
        let arrived = delivery(kind, DeliveryStatus::Arrived, None);
        arrived.accept(Integrity::Sound, by, now()).unwrap().event
    };
    let in_register = |agency| DeliveryEvent::Accepted { registered_by: agency };
    assert_eq!(accept(RecipientKind::Agency, &clerk), in_register(Some(id(COMMUNE))));
    assert_eq!(accept(RecipientKind::Agency, &heir), in_register(Some(id(SUCCESSOR))));
    let [.., (_, handler), _, _] = cast();
    assert_eq!(accept(RecipientKind::Unit, &handler), in_register(None));
    assert_eq!(accept(RecipientKind::Person, &handler), in_register(None));
}

#[test]
fn a_refusal_without_words_says_what_its_code_says() {
    assert_eq!(refusal().words(), "Gửi sai nơi nhận");
    let told = Refusal { code: RefusalCode::Other, reason: "Gửi nhầm địa chỉ".to_owned() };
    assert_eq!(told.words(), "Gửi nhầm địa chỉ");
    for number in 1..=8 {
        let code = RefusalCode::numbered(number).unwrap();
        assert_eq!((code.number(), RefusalCode::coded(code.code())), (number, Some(code)));
    }
    assert_eq!((RefusalCode::numbered(0), RefusalCode::numbered(9)), (Some(RefusalCode::Other), None));
}

proptest! {
    /// The conservation law: whatever people do, each delivery stands in exactly one status, and goes only where the law lets it.
    #[test]
    fn issued_times_recipients_is_the_sum_of_states(
        recipients in 1..40_usize,
        acts in prop::collection::vec((any::<prop::sample::Index>(), 0..6_usize, 0..8_usize), 0..200),
    ) {
        let arrived = delivery(RecipientKind::Agency, DeliveryStatus::Arrived, None);
        let mut deliveries = vec![(arrived, vec![DeliveryStatus::Arrived]); recipients];
        for (which, command, who) in acts {
            let (delivery, history) = which.get_mut(&mut deliveries[..]);
            if let Ok(change) = COMMANDS[command].1(delivery.clone(), &cast()[who].1) {
                prop_assert!(delivery.status.leads_to(change.delivery.status));
                *delivery = change.delivery;
                history.push(delivery.status);
            }
        }
        let mut states: BTreeMap<DeliveryStatus, usize> = BTreeMap::new();
        for (delivery, history) in &deliveries {
            *states.entry(delivery.status).or_default() += 1;
            prop_assert_eq!(history.last(), Some(&delivery.status), "the list is never behind");
            prop_assert_eq!(history.len(), usize::try_from(delivery.revision - 3).unwrap(), "and only grows");
        }
        prop_assert_eq!(states.values().sum::<usize>(), recipients);
    }

    /// What an inbox lists is exactly what may be read at the recipient.
    #[test]
    fn listed_means_readable(
        agency in 0..3_u128, unit in 0..3_u128, user in 0..3_u128, drafts: bool, leads: bool, registers: bool,
        kind in prop::sample::select(RecipientKind::ALL.to_vec()), recipient in 0..3_u128, assigned in prop::option::of(0..3_u128),
    ) {
        // A unit 0 is the agency itself.
        let unit_id = |agency, unit| if unit == 0 { id(100 + agency) } else { id(200 + 10 * agency + unit) };
        let held = Post { unit_id: unit_id(agency, unit), drafts, leads, keeps_registers: registers, ..post(100 + agency, 0) };
        let officer = officer(user, held);
        let recipient_id = match kind {
            RecipientKind::Agency => id(100 + recipient),
            RecipientKind::Unit => unit_id(recipient, 1),
            RecipientKind::Person => id(recipient),
        };
        let assignment = assigned.map(|agency| Assignment { unit_id: unit_id(agency, 2), ..assignment(false) });
        let delivery = Delivery { recipient_id, assignment, ..delivery(kind, DeliveryStatus::Arrived, None) };
        let inbox = Inbox::of(&officer);
        let by_hand = match kind {
            RecipientKind::Agency => (leads || registers) && agency == recipient,
            RecipientKind::Unit => drafts && agency == recipient && unit == 1,
            RecipientKind::Person => drafts && user == recipient,
        };
        let handles = drafts && assigned == Some(agency) && unit == 2;
        prop_assert_eq!(inbox.reads(&delivery), by_hand || handles);
        prop_assert_eq!(inbox.recipients.contains(&recipient_id), by_hand, "the inbox lists no more and no less");
    }
}
