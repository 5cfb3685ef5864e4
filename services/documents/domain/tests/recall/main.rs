//! The recall as a protocol, gone through in every order of its steps with the very rules that the service obeys.
//!
//! Whatever call anybody could have sent up to some moment may be carried out at that moment, at any later one, several times or never:
//! so a call that is lost, comes twice or comes late is covered, as is a process that dies before its transaction commits and whose
//! caller asks again. A transaction takes place as a whole, under the locks of its rows.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod protocol;
mod rules;
mod scene;

use documents_domain::{PartyState, RecallState};
use stateright::{Checker, Model, Property};

use protocol::{Copy, Protocol, State};

/// Copies that the sender delivered, and that exist at most.
const RECIPIENTS: usize = 2;
const COPIES: usize = 3;

/// How often the sender asks at most.
const RECALLS: usize = 2;

const UNASKED: &str = "every copy is asked, also those forwarded on";

impl Protocol {
    /// What holds always, in the end, and can happen.
    fn stated() -> Vec<Property<Self>> {
        let lines = "what a register line says goes with the document, and the line stays";
        vec![
            Property::always(
                "nothing is destroyed but for a recall that freezes the document",
                |_, state: &State| {
                    let agreed = |copy: &Copy| copy.state() == Some(PartyState::Agreed);
                    state.copies.iter().all(|copy| copy.content || state.frozen() && agreed(copy))
                },
            ),
            Property::always("who agreed has nothing left but a tombstone", |_, state: &State| {
                state.stand(&[PartyState::Agreed]).all(|copy| !copy.content && copy.tombstone)
            }),
            Property::always("who refused or was silent has what it had", |_, state: &State| {
                let kept = &[PartyState::Refused, PartyState::Expired, PartyState::Requested];
                state.stand(kept).all(|copy| copy.content && !copy.tombstone)
            }),
            Property::always(lines, |_, state: &State| {
                state.copies.iter().all(|copy| copy.line.is_none_or(|says| says == copy.content))
            }),
            Property::always("the sender sees where the recipients are", |_, state: &State| state.is_seen()),
            Property::always(UNASKED, |_, state: &State| {
                !state.frozen() || state.copies.iter().all(|copy| copy.state().is_some())
            }),
            Property::always("a recall has come to what its parties say", |_, state: &State| {
                state.is_counted()
            }),
            Property::always(
                "whoever accepted has a line in the register, and nobody else",
                |_, state: &State| state.copies.iter().all(Copy::is_registered_as_accepted),
            ),
            Property::eventually("everybody answered, or let the deadline pass", |_, state: &State| {
                state.is_over()
            }),
        ]
    }

    /// What can happen: without it the rest would say little.
    fn possible() -> Vec<Property<Self>> {
        vec![
            Property::sometimes("complete with a forwarded copy", |_, state: &State| {
                state.ended(RecallState::Complete) && state.copies.len() == COPIES
            }),
            Property::sometimes("incomplete, and complete when asked again", |_, state: &State| {
                state.recalls.len() == 2 && state.ended(RecallState::Complete)
            }),
            Property::sometimes("taken back", |_, state: &State| state.ended(RecallState::Cancelled)),
            Property::sometimes("accepted first, destroyed then", |_, state: &State| {
                state.copies.iter().any(|copy| copy.line == Some(false))
            }),
            Property::sometimes("accepted, and its recall refused", |_, state: &State| {
                state.stand(&[PartyState::Refused]).any(|copy| copy.line == Some(true))
            }),
            Property::sometimes("one silent, one refusing", |_, state: &State| {
                let any = |wanted| state.stand(&[wanted]).next().is_some();
                any(PartyState::Expired) && any(PartyState::Refused)
            }),
        ]
    }
}

#[test]
fn in_every_order_of_events_everybody_answers_and_nothing_is_destroyed_unasked() {
    let checker = Protocol { forwarding_looks: true }.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    let states = checker.unique_state_count();
    assert!(states > 1000, "{states} states are too few to say anything");
}

#[test]
fn a_copy_that_is_forwarded_without_looking_would_be_found() {
    let checker = Protocol { forwarding_looks: false }.checker().threads(2).spawn_bfs().join();
    let State { copies, .. } = checker.discovery(UNASKED).unwrap().into_states().pop().unwrap();
    assert!(copies.len() > RECIPIENTS, "the copy that nobody asks about");
}
