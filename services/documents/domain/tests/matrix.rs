//! Every command on every stage by every kind of officer: the lifecycle on one page.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fmt::Write, time::Duration};

use base::{Date, Timestamp, Uuid};
use documents_domain::{
    Act, Address, Change, Clearance, Document, Event, Fields, Gap, Kind, Made, Mandate, Numbered, Numbering,
    Officer, Post, Process, Purpose, Recipient, Rejection, Release, Review, Scope, Sealed, Signatory,
    Signature, Signed, SigningForm, Stage, StageName, Urgency, Voiding, may,
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

const UNDO: Duration = Duration::from_secs(10);

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

fn cast() -> [(&'static str, Officer); 10] {
    let leader = |position: &str| Post { leads: true, position: position.to_owned(), ..post(AGENCY, AGENCY) };
    let clerk =
        |agency, unit| Post { keeps_registers: true, position: "Văn thư".to_owned(), ..post(agency, unit) };
    [
        ("drafter", officer(1, post(AGENCY, OFFICE))),
        ("colleague", officer(2, post(AGENCY, DIVISION))),
        ("head", officer(3, leader("Giám đốc"))),
        ("deputy", officer(4, leader("Phó Giám đốc"))),
        ("another deputy", officer(7, leader("Phó Giám đốc"))),
        ("head of unit", officer(9, Post { heads_unit: true, ..post(AGENCY, OFFICE) })),
        ("format checker", officer(10, Post { checks_format: true, ..post(AGENCY, DIVISION) })),
        ("stands in", officer(8, Post { in_person: false, ..clerk(AGENCY, OFFICE) })),
        ("document office", officer(5, clerk(AGENCY, OFFICE))),
        ("commune's clerk", officer(6, clerk(COMMUNE, COMMUNE))),
    ]
}

/// What the directory says of each of them: the head signs by office, one deputy by an authority.
fn clearance(by: &Officer) -> Clearance {
    let lacks = |reason: &str| Gap { reason: reason.to_owned(), explanation: String::new() };
    let answer = match by.user_id.as_u128() {
        3 => Ok(("Giám đốc".to_owned(), Mandate::direct("Giám đốc"))),
        4 => Ok(("Phó Giám đốc".to_owned(), for_head())),
        7 => Err(vec![lacks("OTHER_MATTER")]),
        _ => Err(vec![lacks("NO_AUTHORITY")]),
    };
    Clearance { revision: 4, on: today(), answer }
}

fn for_head() -> Mandate {
    Mandate {
        form: SigningForm::ForHead,
        lines: vec!["KT. GIÁM ĐỐC".to_owned(), "PHÓ GIÁM ĐỐC".to_owned()],
        authority_ids: vec![id(77)],
    }
}

fn signature() -> Signature {
    Signature { act: act(), mandate: Mandate::direct("Giám đốc") }
}

fn act() -> Act {
    let by =
        Signatory { user_id: id(3), full_name: "Người 3".to_owned(), position: "Giám đốc".to_owned() };
    Act { by, at: now() }
}

fn stage(name: StageName) -> Stage {
    let signed = Signed { approval: act(), signature: signature() };
    let numbering = Numbering { number: 7, symbol: "SNV-VP".to_owned(), on: today(), act: act() };
    let numbered = Numbered { signed: signed.clone(), numbering };
    let sealed = Sealed { numbered: numbered.clone(), sealing: act() };
    match name {
        StageName::Draft => Stage::Draft { returned: None },
        StageName::InReview => Stage::InReview,
        StageName::Approved => Stage::Approved { approval: act() },
        StageName::Signed => Stage::Signed(signed),
        StageName::Numbered => Stage::Numbered(numbered),
        StageName::Sealed => Stage::Sealed(sealed),
        StageName::Releasing => {
            Stage::Releasing { sealed, release: Release { ordered: act(), due: now() + UNDO } }
        }
        StageName::Issued => Stage::Issued { sealed, issued: act() },
        StageName::Voided => {
            let voiding = Voiding { act: act(), reason: "trùng nội dung".to_owned() };
            Stage::Voided { numbered, sealing: None, voiding }
        }
    }
}

fn fields() -> Fields {
    Fields {
        kind: Kind::OfficialLetter,
        other_kind: None,
        issuing_body: None,
        summary: "V/v xử lý văn bản đến".to_owned(),
        matter: "Cải cách hành chính".to_owned(),
        urgency: Urgency::Normal,
        language: "vi".to_owned(),
        pages: 1,
        note: String::new(),
        reply_due: None,
        recipients: vec![Recipient {
            unit_id: id(COMMUNE),
            name: "Xã".to_owned(),
            purpose: Purpose::Execute,
            address: Address::Agency,
        }],
        relations: Vec::new(),
        circulation: None,
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
        review: review(name),
        created_at: now(),
        updated_at: now(),
    }
}

/// Returned, with the word of the directory where a post is not enough.
fn returned(document: Document, level: i32, by: &Officer) -> Result<Change, Rejection> {
    document.send_back((level, "sai thể thức".to_owned()), by, Some(&clearance(by)), now())
}

fn given() -> (i32, String) {
    (8, "SNV-VP".to_owned())
}

/// Its way through the built-in process: checked by the head of the unit and the document office, once it is approved.
fn review(name: StageName) -> Option<Review> {
    let mut review = Review::begin(&Process::built_in(), id(AGENCY), id(OFFICE));
    match name {
        StageName::Draft => return None,
        StageName::InReview => {}
        _ => {
            for (check, user) in review.checks.iter_mut().zip([9, 5]) {
                let by = Signatory { user_id: id(user), ..act().by };
                check.made = Some(Made { act: Act { by, at: now() }, opinion: String::new() });
            }
        }
    }
    Some(review)
}

/// A document that waits for the approval alone.
fn checked() -> Document {
    Document { review: review(StageName::Approved), ..document(StageName::InReview) }
}

type Command = fn(Document, &Officer) -> Result<Change, Rejection>;

const COMMANDS: [(&str, Command); 15] = [
    ("update", |document, by| document.update(fields(), by, now())),
    ("attach", |document, by| document.attach(false, by, now())),
    ("submit", |document, by| document.submit(&Process::built_in(), by, now())),
    ("check 1", |document, by| document.check(1, String::new(), by, now())),
    ("check 2", |document, by| document.check(2, String::new(), by, now())),
    ("return", |document, by| returned(document, 0, by)),
    ("return 1", |document, by| returned(document, 1, by)),
    ("approve", |document, by| document.approve(by, &clearance(by), now())),
    ("sign", |document, by| document.sign(by, &clearance(by), now())),
    ("number", |document, by| document.number(given(), by, now())),
    ("seal", |document, by| document.seal(by, now())),
    ("release", |document, by| document.release(by, UNDO, now())),
    ("undo", |document, by| document.undo_release(by, now())),
    ("void", |document, by| document.void("trùng nội dung".to_owned(), by, now())),
    ("issue", |document, by| {
        let given = (document.stage.name() == StageName::Signed).then(given);
        document.issue(given, by, Duration::ZERO, now())
    }),
];

/// What came of a command, without the stage that it met.
fn outcome(result: Result<Change, Rejection>) -> String {
    match result {
        Ok(change) => {
            assert_eq!(change.document.revision, 5, "each change is one revision");
            format!("-> {}", change.document.stage.name().code())
        }
        Err(Rejection::WrongStage { needed, .. }) => format!("needs {}", needed.code()),
        Err(rejection) => format!("{rejection:?}"),
    }
}

#[test]
fn every_command_on_every_stage() {
    let mut table = String::new();
    for (who, officer) in cast() {
        for (command, run) in COMMANDS {
            let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
            for name in StageName::ALL {
                let outcome = outcome(run(document(name), &officer));
                match outcomes.iter_mut().find(|(known, _)| *known == outcome) {
                    Some((_, stages)) => stages.push(name.code()),
                    None => outcomes.push((outcome, vec![name.code()])),
                }
            }
            for (outcome, stages) in outcomes {
                writeln!(table, "{who:16}{command:9}{outcome:60} {}", stages.join(" ")).unwrap();
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_is_incomplete_goes_no_further() {
    let [(_, drafter), ..] = cast();
    let bare = Document { has_main_file: false, ..document(StageName::Draft) };
    assert_eq!(bare.submit(&Process::built_in(), &drafter, now()), Err(Rejection::NoMainFile));
    let mut unaddressed = document(StageName::Draft);
    unaddressed.fields.recipients.clear();
    assert_eq!(unaddressed.submit(&Process::built_in(), &drafter, now()), Err(Rejection::NoRecipients));
    let second = document(StageName::Draft).attach(true, &drafter, now());
    assert_eq!(second, Err(Rejection::MainFilePresent));
}

#[test]
fn another_head_may_not_sign_what_the_first_approved() {
    let [_, _, (_, head), ..] = cast();
    let successor = Officer { user_id: id(33), ..head.clone() };
    let refused = document(StageName::Approved).sign(&successor, &clearance(&head), now()).unwrap_err();
    assert_eq!(refused, Rejection::NotAllowed(documents_domain::Who::Approver));
}

#[test]
fn a_signature_keeps_the_form_in_which_it_was_given() {
    let [_, _, _, (_, deputy), ..] = cast();
    for form in SigningForm::ALL {
        let mandate = Mandate { form, ..for_head() };
        let answer = Ok(("Phó Giám đốc".to_owned(), mandate.clone()));
        let clearance = Clearance { answer, ..clearance(&deputy) };
        let approved = checked().approve(&deputy, &clearance, now()).unwrap().document;
        let clearance = Clearance { revision: 5, ..clearance };
        let signed = approved.sign(&deputy, &clearance, now()).unwrap().document;
        let Stage::Signed(Signed { approval, signature }) = signed.stage else { panic!("signed") };
        assert_eq!((signature.mandate, &signature.act.by), (mandate, &approval.by));
        assert_eq!(signature.act.by.position, "Phó Giám đốc", "the title of the position signed under");
    }
}

#[test]
fn an_authority_that_was_revoked_after_the_approval_signs_nothing() {
    let [_, _, _, (_, deputy), ..] = cast();
    let approved = checked().approve(&deputy, &clearance(&deputy), now()).unwrap().document;
    let gaps = vec![Gap { reason: "REVOKED".to_owned(), explanation: "Thu hồi.".to_owned() }];
    let revoked = Clearance { revision: 5, on: today(), answer: Err(gaps.clone()) };
    assert_eq!(approved.sign(&deputy, &revoked, now()), Err(Rejection::NoMandate(gaps)));
}

#[test]
fn an_answer_about_another_revision_or_day_counts_for_nothing() {
    let [_, _, (_, head), ..] = cast();
    let asked = clearance(&head);
    let before = Clearance { revision: 3, ..asked.clone() };
    let yesterday = Clearance { on: "2026-11-22".parse().unwrap(), ..asked };
    for outdated in [before, yesterday] {
        let refused = Err(Rejection::Outdated { revision: 4 });
        assert_eq!(checked().approve(&head, &outdated, now()), refused);
        let approved = document(StageName::Approved).sign(&head, &outdated, now());
        assert_eq!(approved, refused, "a signature needs it as much as an approval");
    }
}

#[test]
fn a_release_is_held_unless_it_is_urgent_and_delivered_when_it_is_due() {
    let [.., (_, clerk), _] = cast();
    for urgency in [Urgency::Urgent, Urgency::VeryUrgent, Urgency::Flash] {
        let mut document = document(StageName::Sealed);
        document.fields.urgency = urgency;
        let change = document.release(&clerk, UNDO, now()).unwrap();
        assert_eq!((change.document.stage.name(), change.event), (StageName::Issued, Event::Issued));
    }
    let held = document(StageName::Sealed).release(&clerk, UNDO, now()).unwrap();
    assert_eq!((held.document.stage.name(), held.event), (StageName::Releasing, Event::ReleaseOrdered));
    let (held, due) = (held.document, now() + UNDO);
    assert_eq!(held.clone().deliver(due - Duration::from_micros(1)), None, "not yet");
    let delivered = held.clone().deliver(due).unwrap();
    assert_eq!((delivered.event, delivered.document.stage.issuance().unwrap().at), (Event::Issued, due));
    assert_eq!(delivered.document.clone().deliver(due), None, "once");
    let refused = delivered.document.undo_release(&clerk, due).unwrap_err();
    assert_eq!(refused, Rejection::Delivered { notation: "07/SNV-VP".to_owned() });
    let undone = held.undo_release(&clerk, due).unwrap().document;
    assert_eq!(undone.stage, document(StageName::Sealed).stage, "number and seal stay");
    assert_eq!(undone.deliver(due), None);
}

#[test]
fn issuing_takes_what_is_missing_as_one_change() {
    let [.., (_, clerk), _] = cast();
    for stage in [StageName::Signed, StageName::Numbered, StageName::Sealed] {
        let given = (stage == StageName::Signed).then(given);
        let number = if given.is_some() { 8 } else { 7 };
        let change = document(stage).issue(given, &clerk, Duration::ZERO, now()).unwrap();
        assert_eq!((change.document.revision, change.event), (5, Event::Issued));
        assert_eq!(change.document.stage.issuance().unwrap().number, number);
        assert_eq!(change.document.stage.sealing().unwrap().at, now());
    }
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
