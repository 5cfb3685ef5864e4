//! Whatever is commanded in whatever order: nothing is signed that was not checked as the law wants it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base::{Timestamp, Uuid, legal_date};
use documents_domain::{
    Action, Address, Change, CheckRule, CheckSort, Clearance, Document, Duty, Event, Fields, Kind, Mandate,
    Officer, Pending, Place, Post, Process, Purpose, Recipient, Rejection, Scope, StageName, Urgency, may,
};
use proptest::prelude::*;

const AGENCY: Uuid = Uuid::from_u128(100);
const OFFICE: Uuid = Uuid::from_u128(101);
const DIVISION: Uuid = Uuid::from_u128(102);

fn now() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn post(unit_id: Uuid) -> Post {
    Post {
        agency_id: AGENCY,
        inherited_agency_ids: Vec::new(),
        unit_id,
        position: "Chuyên viên".to_owned(),
        drafts: true,
        leads: false,
        keeps_registers: false,
        heads_unit: false,
        checks_format: false,
        in_person: true,
    }
}

fn officer(number: u128, posts: Vec<Post>) -> Officer {
    Officer { user_id: Uuid::from_u128(number), full_name: format!("Người {number}"), posts }
}

fn drafter() -> Officer {
    officer(1, vec![post(OFFICE)])
}

fn chief() -> Officer {
    officer(2, vec![Post { heads_unit: true, ..post(OFFICE) }])
}

fn clerk() -> Officer {
    officer(3, vec![Post { keeps_registers: true, ..post(OFFICE) }])
}

fn head() -> Officer {
    officer(4, vec![Post { leads: true, ..post(AGENCY) }])
}

fn consulted() -> Officer {
    officer(5, vec![Post { heads_unit: true, ..post(DIVISION) }])
}

/// Heads the unit and checks formats: fit for both halves.
fn both() -> Officer {
    let post = Post { heads_unit: true, checks_format: true, ..post(OFFICE) };
    officer(6, vec![post])
}

fn everybody() -> [Officer; 6] {
    [drafter(), chief(), clerk(), head(), consulted(), both()]
}

/// What the directory says: the head signs, nobody else does.
fn clearance(by: &Officer, document: &Document) -> Clearance {
    let signs = by.user_id == head().user_id;
    let answer = if signs {
        Ok(("Giám đốc".to_owned(), Mandate::direct("Giám đốc")))
    } else {
        Err(Vec::new())
    };
    Clearance { revision: document.revision, on: legal_date(now()), answer }
}

fn draft() -> Document {
    let fields = Fields {
        kind: Kind::Decision,
        circulation: None,
        other_kind: None,
        issuing_body: None,
        summary: "Về việc kiểm tra".to_owned(),
        matter: String::new(),
        urgency: Urgency::Normal,
        language: "vi".to_owned(),
        pages: 1,
        note: String::new(),
        reply_due: None,
        relations: Vec::new(),
        recipients: vec![Recipient {
            unit_id: Uuid::from_u128(200),
            name: "Xã".to_owned(),
            purpose: Purpose::Execute,
            address: Address::Agency,
        }],
    };
    let draft = Document::create(Uuid::from_u128(9), (OFFICE, "Sở".to_owned()), fields, &drafter(), now());
    draft.unwrap().document.attach(true, &drafter(), now()).unwrap().document
}

fn submitted(process: &Process) -> Document {
    draft().submit(process, &drafter(), now()).unwrap().document
}

fn checks(document: Document, number: i32, by: &Officer) -> Result<Document, Rejection> {
    Ok(document.check(number, String::new(), by, now())?.document)
}

fn approves(document: Document, by: &Officer) -> Result<Document, Rejection> {
    let clearance = clearance(by, &document);
    Ok(document.approve(by, &clearance, now())?.document)
}

fn signs(document: Document, by: &Officer) -> Result<Document, Rejection> {
    let clearance = clearance(by, &document);
    Ok(document.sign(by, &clearance, now())?.document)
}

fn returns(document: Document, level: i32, by: &Officer) -> Result<Document, Rejection> {
    let clearance = clearance(by, &document);
    Ok(document.send_back((level, "sai".to_owned()), by, Some(&clearance), now())?.document)
}

fn rule(sort: CheckSort, place: Place, duty: Duty) -> CheckRule {
    CheckRule { sort, name: format!("{sort:?}"), place, duty }
}

/// Content and an opinion beside each other, then the format.
fn parallel(approval_first: bool) -> Process {
    let content = rule(CheckSort::Content, Place::DraftingUnit, Duty::UnitHead);
    let opinion = rule(CheckSort::Consultation, Place::Unit(DIVISION), Duty::UnitHead);
    let format = rule(CheckSort::Format, Place::Agency, Duty::FormatChecker);
    Process { version: 1, approval_first, levels: vec![vec![content, opinion], vec![format]] }
}

#[test]
fn the_built_in_process_is_content_format_approval_signature() {
    let document = submitted(&Process::built_in());
    let open = |document: &Document| {
        document
            .pending()
            .into_iter()
            .map(|pending| match pending {
                Pending::Check(number, check) => format!("{number} {:?}", check.sort),
                other => format!("{other:?}").split('(').next().unwrap().to_owned(),
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(open(&document), ["1 Content"]);
    let names = vec!["Kiểm tra nội dung".to_owned()];
    assert_eq!(
        approves(document.clone(), &head()).unwrap_err(),
        Rejection::ChecksOpen { names: names.clone() }
    );
    assert_eq!(checks(document.clone(), 2, &clerk()).unwrap_err(), Rejection::ChecksOpen { names });
    assert!(matches!(checks(document.clone(), 1, &clerk()), Err(Rejection::NotAllowed(_))));
    assert_eq!(checks(document.clone(), 3, &clerk()).unwrap_err(), Rejection::NoSuchCheck { checks: 2 });
    let document = checks(document, 1, &chief()).unwrap();
    assert_eq!(open(&document), ["2 Format"]);
    assert!(matches!(checks(document.clone(), 1, &both()), Err(Rejection::CheckMade { .. })));
    let document = checks(document, 2, &clerk()).unwrap();
    assert_eq!(open(&document), ["Approval"]);
    let document = approves(document, &head()).unwrap();
    assert_eq!(open(&document), ["Signature"]);
    let document = signs(document, &head()).unwrap();
    assert_eq!(open(&document), ["Number"]);
}

#[test]
fn one_person_never_checks_both_halves() {
    let document = checks(submitted(&Process::built_in()), 1, &both()).unwrap();
    let refused = checks(document.clone(), 2, &both()).unwrap_err();
    assert_eq!(refused, Rejection::CheckedOtherHalf { name: "Kiểm tra nội dung".to_owned() });
    checks(document, 2, &clerk()).unwrap();
}

#[test]
fn an_agency_that_drafts_itself_has_its_content_checked_by_a_leader() {
    let fields = draft().fields;
    let author = officer(7, vec![post(AGENCY)]);
    let made = Document::create(Uuid::from_u128(8), (AGENCY, "Sở".to_owned()), fields, &author, now());
    let document = made.unwrap().document.attach(true, &author, now()).unwrap().document;
    let document = document.submit(&Process::built_in(), &author, now()).unwrap().document;
    assert!(matches!(checks(document.clone(), 1, &chief()), Err(Rejection::NotAllowed(_))));
    checks(document, 1, &head()).unwrap();
}

#[test]
fn checks_of_a_level_run_beside_each_other_and_the_approval_stands_where_the_process_puts_it() {
    let document = submitted(&parallel(true));
    assert_eq!(document.pending(), [Pending::Approval], "the order of the decree");
    let early = checks(document.clone(), 1, &chief()).unwrap_err();
    assert_eq!(early, Rejection::WrongStage { stage: StageName::InReview, needed: StageName::Approved });
    let document = approves(document, &head()).unwrap();
    assert_eq!(document.pending().len(), 2);
    assert!(
        matches!(signs(document.clone(), &head()), Err(Rejection::ChecksOpen { names }) if names.len() == 2)
    );
    for order in [[1, 2], [2, 1]] {
        let mut document = document.clone();
        for number in order {
            let by = if number == 1 { chief() } else { consulted() };
            document = checks(document, number, &by).unwrap();
        }
        let document = checks(document, 3, &clerk()).unwrap();
        let again = returns(document.clone(), 2, &clerk()).unwrap_err();
        assert!(matches!(again, Rejection::NotAllowed(_)), "its check is made: it waits for the signer");
        let signed = signs(document, &head()).unwrap();
        let back = returns(signed, 2, &clerk()).unwrap();
        assert_eq!(back.stage.name(), StageName::Approved, "an approval before the checks stays");
        assert!(matches!(back.pending()[..], [Pending::Check(3, _)]));
    }
}

#[test]
fn a_return_makes_void_what_came_from_there_on() {
    let document = submitted(&parallel(false));
    assert_eq!(returns(document.clone(), 1, &chief()).unwrap_err(), Rejection::NotEarlier { level: 1 });
    let document = checks(checks(document, 1, &chief()).unwrap(), 2, &consulted()).unwrap();
    let back = returns(document.clone(), 1, &clerk()).unwrap();
    assert_eq!(back.pending().len(), 2, "both checks of the level");
    let document = approves(checks(document, 3, &clerk()).unwrap(), &head()).unwrap();
    let back = returns(document.clone(), 2, &head()).unwrap();
    assert_eq!((back.stage.name(), back.stage.approval()), (StageName::InReview, None));
    assert!(matches!(back.pending()[..], [Pending::Check(3, _)]), "the first level still counts");
    let back = returns(document, 0, &head()).unwrap();
    assert!(back.review.unwrap().checks.iter().all(|check| check.made.is_none()));
}

#[test]
fn whom_a_check_asks_may_read_the_document_and_finds_it() {
    let document = submitted(&parallel(false));
    let keys: Vec<_> =
        document.review.iter().flat_map(|review| &review.checks).map(|check| check.asked.key()).collect();
    let outside = officer(8, vec![Post { heads_unit: true, ..post(Uuid::from_u128(103)) }]);
    let checker = officer(9, vec![Post { checks_format: true, ..post(Uuid::from_u128(103)) }]);
    for (by, asked) in [(consulted(), true), (checker, true), (outside, false)] {
        let scope = Scope::of(&by);
        assert_eq!(scope.reads(&document), asked, "{}", by.full_name);
        assert_eq!(scope.asked.iter().any(|key| keys.contains(key)), asked, "a list finds what may be read");
        assert_eq!(may(&by, Action::Read, &document).is_ok(), asked);
        assert!(!scope.reads(&draft()), "nobody is asked before it is submitted");
    }
}

/// Something that may be tried.
#[derive(Debug, Clone, Copy)]
enum Try {
    Submit,
    Check(i32),
    Approve,
    Sign,
    Return(i32),
}

fn tries() -> impl Strategy<Value = (Try, usize)> {
    let one = prop_oneof![
        2 => Just(Try::Submit),
        8 => (0..5).prop_map(Try::Check),
        4 => Just(Try::Approve),
        4 => Just(Try::Sign),
        1 => (0..4).prop_map(Try::Return),
    ];
    (one, 0..everybody().len())
}

fn attempt(document: Document, what: Try, by: &Officer, process: &Process) -> Result<Change, Rejection> {
    let clearance = clearance(by, &document);
    match what {
        Try::Submit => document.submit(process, by, now()),
        Try::Check(number) => document.check(number, String::new(), by, now()),
        Try::Approve => document.approve(by, &clearance, now()),
        Try::Sign => document.sign(by, &clearance, now()),
        Try::Return(level) => document.send_back((level, "sai".to_owned()), by, Some(&clearance), now()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_is_signed_without_both_checks_by_different_people(
        approval_first: bool, tries in prop::collection::vec(tries(), 1..60),
    ) {
        let process = parallel(approval_first);
        let mut document = draft();
        for (what, who) in tries {
            let by = &everybody()[who];
            let Ok(change) = attempt(document.clone(), what, by, &process) else { continue };
            prop_assert_eq!(change.document.revision, document.revision + 1);
            prop_assert_eq!(change.by.user_id, by.user_id);
            document = change.document;
            let Some(review) = &document.review else { continue };
            let people = |sort| review.checks.iter().filter(move |check| check.sort == sort)
                .filter_map(|check| check.made.as_ref()).map(|made| made.act.by.user_id);
            let shared = people(CheckSort::Content).any(|one| people(CheckSort::Format).any(|other| one == other));
            prop_assert!(!shared, "one person checked both halves");
            if change.event == Event::Signed {
                prop_assert!(review.checks.iter().all(|check| check.made.is_some()));
                prop_assert_eq!(document.stage.approval().unwrap().by.user_id, head().user_id);
            }
            if document.stage.name() == StageName::Draft {
                prop_assert!(review.checks.iter().all(|check| check.made.is_none()));
            }
            let waits = document.pending().len();
            prop_assert!(waits > 0, "whatever is under way waits for somebody");
        }
    }
}
