//! One by one: who may, and what is refused.

use std::time::Duration;

use base::Uuid;
use documents_domain::{
    DeliveryStatus, Document, Kind, NoticeFlaw, Officer, PartyState, Recall, RecallRejection, RecallState,
    Rejection, Relation, RelationFlaw, RelationKind, Stage, StageName, Tally, Target, Who,
};

use super::scene::{self, DECISION, NOTICE, SENDER};

/// A minute before the deadline.
const STEP: Duration = Duration::from_mins(1);

fn refused(why: RecallRejection) -> Rejection {
    Rejection::Recall(why)
}

#[test]
fn the_notice_is_an_issued_letter_of_the_sender_that_names_the_document() {
    let ask = |notice: Option<&Document>| {
        let papers = (&scene::decision(), notice);
        Recall::request(
            Uuid::nil(),
            papers,
            None,
            scene::order(),
            &scene::clerk(SENDER),
            scene::now(false) - STEP,
        )
    };
    let fine = scene::notice();
    assert_eq!(ask(Some(&fine)).unwrap().state, RecallState::UnderWay);
    let mut foreign = fine.clone();
    foreign.agency_id = scene::recipient(0);
    let mut draft = fine.clone();
    draft.stage = Stage::Draft { returned: None };
    let mut plan = fine.clone();
    plan.fields.kind = Kind::Plan;
    let mut other = fine.clone();
    other.fields.relations[0].document_id = NOTICE;
    let mut correcting = fine.clone();
    correcting.fields.relations[0].kind = RelationKind::Corrects;
    let flaws = [
        (None, NoticeFlaw::Unknown),
        (Some(&foreign), NoticeFlaw::Unknown),
        (Some(&draft), NoticeFlaw::NotIssued),
        (Some(&plan), NoticeFlaw::Kind),
        (Some(&other), NoticeFlaw::OtherDocument),
        (Some(&correcting), NoticeFlaw::OtherDocument),
    ];
    for (notice, flaw) in flaws {
        assert_eq!(ask(notice), Err(refused(RecallRejection::NoNotice(flaw))));
    }
}

#[test]
fn a_recall_is_for_the_document_office_of_the_sender_and_of_whoever_took_over_from_it() {
    let ask = |by: &Officer| {
        let papers = (&scene::decision(), Some(&scene::notice()));
        Recall::request(Uuid::nil(), papers, None, scene::order(), by, scene::now(false) - STEP)
    };
    let mut leader = scene::clerk(SENDER);
    leader.posts[0].keeps_registers = false;
    leader.posts[0].leads = true;
    for other in [leader, scene::clerk(scene::recipient(0))] {
        assert_eq!(ask(&other), Err(Rejection::NotAllowed(Who::DocumentOffice)));
    }
    let mut heir = scene::clerk(Uuid::from_u128(300));
    heir.posts[0].inherited_agency_ids.push(SENDER);
    assert_eq!(ask(&heir).unwrap().requested.by.position, "Văn thư");
}

#[test]
fn a_recall_is_asked_for_once_and_again_only_if_somebody_kept_the_document() {
    for state in RecallState::ALL {
        let again = scene::request(Some(state));
        let may = matches!(state, RecallState::Incomplete | RecallState::Cancelled);
        let expected = if may { None } else { Some(refused(RecallRejection::Recalled(state))) };
        assert_eq!(again.err(), expected);
    }
    let mut draft = scene::decision();
    draft.stage = Stage::InReview;
    let papers = (&draft, Some(&scene::notice()));
    let early =
        Recall::request(Uuid::nil(), papers, None, scene::order(), &scene::clerk(SENDER), scene::now(false));
    let wrong = Rejection::WrongStage { stage: StageName::InReview, needed: StageName::Issued };
    assert_eq!(early, Err(wrong));
}

#[test]
fn an_answer_is_given_once_by_the_recipient_and_before_the_deadline() {
    let recall = scene::request(None).unwrap();
    let clerk = scene::clerk(scene::recipient(0));
    let asked = || scene::party(0, PartyState::Requested);
    let delivery = scene::delivery(0, DeliveryStatus::Arrived);
    let agreed = asked().agree((&recall, &delivery), &clerk, scene::now(false)).unwrap();
    assert_eq!((agreed.party.state, &*agreed.by.full_name), (PartyState::Agreed, "Lò Thị Mai"));
    assert_eq!(agreed.registered_by, [scene::recipient(0); 2]);

    let stranger = scene::clerk(scene::recipient(1));
    let not_allowed = Rejection::NotAllowed(Who::RecipientDocumentOffice);
    assert_eq!(asked().refuse((&recall, &delivery), &stranger, scene::now(false)), Err(not_allowed));
    let passed = refused(RecallRejection::DeadlinePassed(scene::now(false)));
    assert_eq!(asked().agree((&recall, &delivery), &clerk, scene::now(true)), Err(passed));
    for state in PartyState::ALL.into_iter().filter(|state| *state != PartyState::Requested) {
        let again = scene::party(0, state).agree((&recall, &delivery), &clerk, scene::now(false));
        assert_eq!(again, Err(refused(RecallRejection::Answered(state))));
    }
    let closed = Recall { state: RecallState::Cancelled, ..recall };
    let late = asked().refuse((&closed, &delivery), &clerk, scene::now(false));
    assert_eq!(late, Err(refused(RecallRejection::Closed(RecallState::Cancelled))));
}

#[test]
fn a_recall_is_taken_back_only_while_nothing_is_destroyed() {
    let cancel = |state, tally| {
        let recall = Recall { state, ..scene::request(None).unwrap() };
        recall.cancel(tally, "Nhầm".to_owned(), &scene::clerk(SENDER), scene::now(false))
    };
    let waiting = Tally { requested: 1, refused: 1, ..Tally::default() };
    assert_eq!(cancel(RecallState::UnderWay, waiting).unwrap().state, RecallState::Cancelled);
    let agreed = Tally { agreed: 1, ..waiting };
    assert_eq!(cancel(RecallState::UnderWay, agreed), Err(refused(RecallRejection::Agreed)));
    for state in [RecallState::Complete, RecallState::Incomplete, RecallState::Cancelled] {
        assert_eq!(cancel(state, waiting), Err(refused(RecallRejection::Closed(state))));
    }
}

/// What is wrong when a document of `later` kind does `what` to `target`.
fn flaw(later: Kind, what: RelationKind, target: Option<&Target>) -> Option<RelationFlaw> {
    let relation = Relation { kind: what, document_id: DECISION };
    let later = scene::issued(NOTICE, later, vec![relation]);
    match later.relates(|_| target.cloned()) {
        Ok(()) => None,
        Err(Rejection::Relations(mut flaws)) => Some(flaws.remove(0).1),
        Err(other) => panic!("{other:?}"),
    }
}

fn target() -> Target {
    Target { document: scene::decision(), recall: None, replaced_by: None, received: false }
}

#[test]
fn content_is_amended_by_the_same_kind_and_form_corrected_by_letter() {
    use RelationKind::{Amends, Answers, Corrects, RecallNotice, Replaces};
    let (letter, decision) = (Kind::OfficialLetter, Kind::Decision);
    let other = || Some(RelationFlaw::OtherKind(decision.name().to_owned()));
    let expected = [
        (decision, Replaces, None),
        (decision, Amends, None),
        (letter, Replaces, other()),
        (letter, Amends, other()),
        (letter, Corrects, None),
        (decision, Corrects, Some(RelationFlaw::NoLetter)),
        (letter, RecallNotice, None),
        (Kind::Notice, RecallNotice, None),
        (decision, RecallNotice, Some(RelationFlaw::NoNotice)),
        (decision, Answers, None),
    ];
    for (kind, what, wrong) in expected {
        assert_eq!(flaw(kind, what, Some(&target())), wrong, "{kind:?} {what:?}");
    }
}

#[test]
fn an_earlier_document_is_issued_of_the_agency_not_recalled_and_the_latest_of_its_chain() {
    use RelationKind::{Answers, RecallNotice, Replaces};
    let of = |what, target: Option<Target>| flaw(Kind::Decision, what, target.as_ref());
    assert_eq!(of(Replaces, None), Some(RelationFlaw::Unknown));
    let mut foreign = target();
    foreign.document.agency_id = scene::recipient(0);
    assert_eq!(of(Replaces, Some(foreign.clone())), Some(RelationFlaw::Unknown));
    assert_eq!(of(Answers, Some(foreign.clone())), Some(RelationFlaw::Unknown), "nobody sent it to us");
    assert_eq!(of(Answers, Some(Target { received: true, ..foreign })), None);
    let mut draft = target();
    draft.document.stage = Stage::InReview;
    assert_eq!(of(Replaces, Some(draft)), Some(RelationFlaw::NotIssued));
    for state in RecallState::ALL {
        let recalled = || Some(Target { recall: Some(state), ..target() });
        let frozen = (state != RecallState::Cancelled).then_some(RelationFlaw::Recalled);
        assert_eq!(of(Replaces, recalled()), frozen);
        let noticed = flaw(Kind::Notice, RecallNotice, recalled().as_ref());
        let again = matches!(state, RecallState::Incomplete | RecallState::Cancelled);
        assert_eq!(noticed, (!again).then_some(RelationFlaw::Recalled), "{state:?}");
    }
    let replaced = Target { replaced_by: Some("08/QĐ-SNV".to_owned()), ..target() };
    assert_eq!(of(Replaces, Some(replaced.clone())), Some(RelationFlaw::Replaced("08/QĐ-SNV".to_owned())));
    assert_eq!(flaw(Kind::Notice, RecallNotice, Some(&replaced)), None, "what was replaced can be recalled");
}
