//! Every command on every stage by every kind of officer: the lifecycle on one page.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write;

use base::{Date, Timestamp, Uuid};
use documents_domain::{
    Act, Change, Delivery, DeliveryStatus, Document, Fields, Issuance, Kind, Officer, Post, Purpose,
    Recipient, Rejection, Scope, Signatory, Stage, StageName, Urgency, may,
};
use proptest::prelude::*;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn now() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn today() -> Date {
    "2026-11-23".parse().unwrap()
}

const AGENCY: u128 = 100;
const OFFICE: u128 = 101;
const DIVISION: u128 = 102;
const COMMUNE: u128 = 200;

fn post(agency: u128, unit: u128) -> Post {
    Post {
        inherited_agency_ids: Vec::new(),
        agency_id: id(agency),
        unit_id: id(unit),
        position: "Chuyên viên".to_owned(),
        drafts: true,
        heads: false,
        leads: false,
        keeps_registers: false,
    }
}

fn officer(number: u128, post: Post) -> Officer {
    Officer { user_id: id(number), full_name: format!("Người {number}"), posts: vec![post] }
}

fn cast() -> [(&'static str, Officer); 6] {
    let head =
        |agency| Post {
            heads: true, leads: true, position: "Giám đốc".to_owned(), ..post(agency, agency)
        };
    let clerk =
        |agency, unit| Post { keeps_registers: true, position: "Văn thư".to_owned(), ..post(agency, unit) };
    [
        ("drafter", officer(1, post(AGENCY, OFFICE))),
        ("colleague", officer(2, post(AGENCY, DIVISION))),
        ("head", officer(3, head(AGENCY))),
        ("deputy", officer(4, Post { heads: false, ..head(AGENCY) })),
        ("document office", officer(5, clerk(AGENCY, OFFICE))),
        ("commune's clerk", officer(6, clerk(COMMUNE, COMMUNE))),
    ]
}

fn act() -> Act {
    let by =
        Signatory { user_id: id(3), full_name: "Người 3".to_owned(), position: "Giám đốc".to_owned() };
    Act { by, at: now() }
}

fn stage(name: StageName) -> Stage {
    let issuance = Issuance { number: 7, symbol: "SNV-VP".to_owned(), on: today(), at: now(), by: act().by };
    match name {
        StageName::Draft => Stage::Draft { returned: None },
        StageName::InReview => Stage::InReview,
        StageName::Approved => Stage::Approved { approval: act() },
        StageName::Signed => Stage::Signed { approval: act(), signature: act() },
        StageName::Issued => Stage::Issued { approval: act(), signature: act(), issuance },
    }
}

fn fields() -> Fields {
    Fields {
        kind: Kind::OfficialLetter,
        summary: "V/v xử lý văn bản đến".to_owned(),
        urgency: Urgency::Normal,
        language: "vi".to_owned(),
        pages: 1,
        note: String::new(),
        reply_due: None,
        recipients: vec![Recipient {
            unit_id: id(COMMUNE),
            name: "Xã".to_owned(),
            purpose: Purpose::Execute,
        }],
    }
}

fn document(name: StageName) -> Document {
    Document {
        id: id(9),
        revision: 4,
        agency_id: id(AGENCY),
        agency_name: "Sở Nội vụ".to_owned(),
        drafting_unit_id: id(OFFICE),
        drafter: Signatory { user_id: id(1), ..act().by },
        fields: fields(),
        has_main_file: true,
        stage: stage(name),
        created_at: now(),
        updated_at: now(),
    }
}

type Command = fn(Document, &Officer) -> Result<Change, Rejection>;

const COMMANDS: [(&str, Command); 7] = [
    ("update", |document, by| document.update(fields(), by, now())),
    ("attach", |document, by| document.attach(false, by, now())),
    ("submit", |document, by| document.submit(by, now())),
    ("return", |document, by| document.send_back("sai thể thức".to_owned(), by, now())),
    ("approve", |document, by| document.approve(by, now())),
    ("sign", |document, by| document.sign(by, now())),
    ("issue", |document, by| document.issue((8, "SNV-VP".to_owned()), by, today(), now())),
];

#[test]
fn every_command_on_every_stage() {
    let mut table = String::new();
    for (who, officer) in cast() {
        for (command, run) in COMMANDS {
            for name in StageName::ALL {
                let outcome = match run(document(name), &officer) {
                    Ok(change) => {
                        assert_eq!(change.document.revision, 5, "each change is one revision");
                        format!("-> {:?}", change.document.stage.name())
                    }
                    Err(rejection) => format!("{rejection:?}"),
                };
                writeln!(table, "{who:16}{command:9}{:11}{outcome}", name.code()).unwrap();
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_is_incomplete_goes_no_further() {
    let [(_, drafter), ..] = cast();
    let bare = Document { has_main_file: false, ..document(StageName::Draft) };
    assert_eq!(bare.submit(&drafter, now()), Err(Rejection::NoMainFile));
    let mut unaddressed = document(StageName::Draft);
    unaddressed.fields.recipients.clear();
    assert_eq!(unaddressed.submit(&drafter, now()), Err(Rejection::NoRecipients));
    let second = document(StageName::Draft).attach(true, &drafter, now());
    assert_eq!(second, Err(Rejection::MainFilePresent));
}

#[test]
fn another_head_may_not_sign_what_the_first_approved() {
    let successor = Officer { user_id: id(33), ..cast()[2].1.clone() };
    let refused = document(StageName::Approved).sign(&successor, now()).unwrap_err();
    assert_eq!(refused, Rejection::NotAllowed(documents_domain::Who::Approver));
}

#[test]
fn a_delivery_is_decided_once_and_by_its_recipient() {
    let arrived = Delivery {
        id: id(1),
        revision: 1,
        recipient_id: id(COMMUNE),
        status: DeliveryStatus::Arrived,
        updated_at: now(),
    };
    let [.., (_, office), (_, clerk)] = cast();
    assert!(matches!(arrived.clone().accept(&office, now()), Err(Rejection::NotAllowed(_))));
    let accepted = arrived.clone().accept(&clerk, now()).unwrap().delivery;
    assert_eq!((accepted.status, accepted.revision), (DeliveryStatus::Accepted, 2));
    let again = accepted.refuse("muộn".to_owned(), &clerk, now());
    assert_eq!(again, Err(Rejection::DeliveryDecided(DeliveryStatus::Accepted)));
    let refused = arrived.refuse("gửi nhầm".to_owned(), &clerk, now()).unwrap().delivery;
    assert_eq!(refused.accept(&clerk, now()), Err(Rejection::DeliveryDecided(DeliveryStatus::Refused)));
}

proptest! {
    /// What a list would show is exactly what may be read.
    #[test]
    fn listed_means_readable(
        agency in 0..3_u128, unit in 0..3_u128, drafts: bool, leads: bool, registers: bool,
        of_agency in 0..3_u128, of_unit in 0..3_u128,
    ) {
        let held = Post { drafts, leads, keeps_registers: registers, ..post(agency, 10 + unit) };
        let officer = officer(1, held);
        let document =
            Document { agency_id: id(of_agency), drafting_unit_id: id(10 + of_unit), ..document(StageName::Draft) };
        let listed = Scope::of(&officer).reads(&document);
        prop_assert_eq!(may(&officer, documents_domain::Action::Read, &document).is_ok(), listed);
        let by_hand = (leads || registers) && agency == of_agency || drafts && unit == of_unit;
        prop_assert_eq!(listed, by_hand);
    }
}
