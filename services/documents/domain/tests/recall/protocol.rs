//! The states of the protocol and its steps, each of them what one transaction of the service does.

use documents_domain::{
    Delivery, DeliveryStatus, Integrity, PartyState, Recall, RecallState, Refusal, RefusalCode, Rejection,
    Tally,
};
use stateright::{Model, Property};

use super::{COPIES, RECALLS, RECIPIENTS, scene};

/// The protocol; `forwarding_looks` says whether whoever forwards looks under lock whether the document is being recalled.
pub(crate) struct Protocol {
    pub(crate) forwarding_looks: bool,
}

/// Everything that the service keeps.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct State {
    /// The recalls of the document in order, as the sender sees them.
    pub(crate) recalls: Vec<Asked>,
    /// The deliveries, forwarded ones after the others.
    pub(crate) copies: Vec<Copy>,
    /// Whether the deadline of the last recall has passed.
    late: bool,
}

/// A recall as the sender sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    state: RecallState,
    /// Where each copy stands that it asks for.
    parties: Vec<Option<PartyState>>,
}

/// A delivery as its recipient has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Copy {
    status: DeliveryStatus,
    revision: u8,
    /// The last recall that asked for it, and where it stands there.
    asked: Option<(usize, PartyState)>,
    /// Whether the recipient can read the document.
    pub(crate) content: bool,
    /// Its line in the incoming register; whether that still says anything of the document.
    pub(crate) line: Option<bool>,
    pub(crate) tombstone: bool,
}

/// What somebody asks the service to do, with the revision of the copy seen then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    Request,
    Cancel,
    Agree(usize, u8),
    Refuse(usize, u8),
    Accept(usize, u8),
    RefuseDelivery(usize, u8),
    Forward(usize, u8),
    DeadlinePasses,
    /// The worker expires what is due.
    Expire,
}

impl Copy {
    fn arrived() -> Self {
        let status = DeliveryStatus::Arrived;
        Self { status, revision: 1, asked: None, content: true, line: None, tombstone: false }
    }

    pub(crate) fn state(&self) -> Option<PartyState> {
        self.asked.map(|(_, state)| state)
    }

    pub(crate) fn is_registered_as_accepted(&self) -> bool {
        self.line.is_some() == (self.status == DeliveryStatus::Accepted)
    }

    fn may_be_handled(&self) -> Result<(), Rejection> {
        self.state().map_or(Ok(()), PartyState::may_be_handled)
    }

    fn stand(&mut self, recall: usize, state: PartyState) {
        (self.asked, self.revision) = (Some((recall, state)), self.revision + 1);
    }
}

impl State {
    /// The last recall that was not taken back.
    fn standing(&self) -> Option<&Asked> {
        self.recalls.iter().rfind(|asked| asked.state != RecallState::Cancelled)
    }

    pub(crate) fn frozen(&self) -> bool {
        self.standing().is_some_and(|asked| asked.state.freezes())
    }

    pub(crate) fn ended(&self, state: RecallState) -> bool {
        self.recalls.last().is_some_and(|asked| asked.state == state)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.late && self.recalls.last().is_some_and(|asked| asked.state != RecallState::UnderWay)
    }

    /// Copies that stand in one of these states.
    pub(crate) fn stand<'a>(&'a self, states: &'a [PartyState]) -> impl Iterator<Item = &'a Copy> {
        self.copies.iter().filter(|copy| copy.state().is_some_and(|state| states.contains(&state)))
    }

    /// Whether what the sender sees of the last recall is where its copies are.
    pub(crate) fn is_seen(&self) -> bool {
        let Some(last) = self.recalls.len().checked_sub(1) else { return true };
        let cancelled = self.recalls[last].state == RecallState::Cancelled;
        let seen = self.recalls[last].parties.iter().zip(&self.copies);
        cancelled
            || seen.into_iter().all(|(seen, copy)| seen.is_none_or(|seen| copy.asked == Some((last, seen))))
    }

    pub(crate) fn is_counted(&self) -> bool {
        let says = |asked: &Asked| {
            asked.state == RecallState::Cancelled || asked.state == RecallState::of(asked.tally())
        };
        self.recalls.iter().all(says)
    }

    /// The domain's recall for what is kept of the last one.
    fn last(&self) -> Option<Recall> {
        let asked = self.recalls.last()?;
        Some(Recall { state: asked.state, ..scene::request(None).unwrap() })
    }

    fn request(&mut self) -> Result<(), Rejection> {
        let recall = scene::request(self.standing().map(|asked| asked.state))?;
        let place = self.recalls.len();
        let parties = self.copies.iter().map(|copy| PartyState::asked(copy.status, copy.state()));
        let mut asked = Asked { state: recall.state, parties: parties.collect() };
        for (copy, party) in self.copies.iter_mut().zip(&asked.parties) {
            if let Some(party) = party {
                copy.stand(place, *party);
            }
        }
        asked.state = recall.settle(asked.tally(), scene::now(false)).state;
        self.recalls.push(asked);
        self.late = false;
        Ok(())
    }

    fn cancel(&mut self) -> Result<(), Rejection> {
        let Some(recall) = self.last() else { return Ok(()) };
        let place = self.recalls.len() - 1;
        let tally = self.recalls[place].tally();
        let clerk = scene::clerk(scene::SENDER);
        self.recalls[place].state =
            recall.cancel(tally, "Nhầm".to_owned(), &clerk, scene::now(self.late))?.state;
        for party in self.recalls[place].parties.iter_mut().flatten() {
            *party = PartyState::TakenBack;
        }
        let before = self.recalls.iter().rposition(|asked| asked.state != RecallState::Cancelled);
        for (index, copy) in self.copies.iter_mut().enumerate() {
            if copy.asked.is_some_and(|(at, _)| at == place) {
                let party = before.and_then(|before| Some((before, self.recalls[before].parties[index]?)));
                (copy.asked, copy.revision) = (party, copy.revision + 1);
            }
        }
        Ok(())
    }

    /// An answer of a recipient to the last recall that asked for its copy.
    fn answer(&mut self, copy: usize, agrees: bool) -> Result<(), Rejection> {
        let (Some((place, state)), Some(recall)) = (self.copies[copy].asked, self.last()) else {
            return Ok(());
        };
        let recall = Recall { state: self.recalls[place].state, ..recall };
        let (party, clerk, now) =
            (scene::party(copy, state), scene::clerk(scene::recipient(copy)), scene::now(self.late));
        let delivery = scene::delivery(copy, self.copies[copy].status);
        let asked = (&recall, &delivery);
        let answer =
            if agrees { party.agree(asked, &clerk, now)? } else { party.refuse(asked, &clerk, now)? };
        let state = answer.party.state;
        self.recalls[place].parties[copy] = Some(state);
        self.recalls[place].state = recall.settle(self.recalls[place].tally(), now).state;
        let copy = &mut self.copies[copy];
        copy.stand(place, state);
        if !state.keeps_content() {
            (copy.content, copy.tombstone, copy.line) = (false, true, copy.line.map(|_| false));
        }
        Ok(())
    }

    fn decide(&mut self, copy: usize, accepts: bool) -> Result<(), Rejection> {
        self.copies[copy].may_be_handled()?;
        let (clerk, now) = (scene::clerk(scene::recipient(copy)), scene::now(self.late));
        let delivery: Delivery = scene::delivery(copy, self.copies[copy].status);
        let change = if accepts {
            delivery.accept(Integrity::Sound, &clerk, now)?
        } else {
            let refusal = Refusal { code: RefusalCode::WrongRecipient, reason: String::new() };
            delivery.refuse(refusal, &clerk, now)?
        };
        let copy = &mut self.copies[copy];
        (copy.status, copy.revision) = (change.delivery.status, copy.revision + 1);
        copy.line = accepts.then_some(true);
        Ok(())
    }

    fn forward(&mut self, copy: usize, looks: bool) -> Result<(), Rejection> {
        if looks {
            self.copies[copy].may_be_handled()?;
            self.standing().map_or(Ok(()), |asked| asked.state.lets_go())?;
        }
        if self.copies.len() < COPIES && self.copies[copy].content {
            self.copies.push(Copy::arrived());
            self.recalls.iter_mut().for_each(|asked| asked.parties.push(None));
        }
        Ok(())
    }

    fn expire(&mut self) {
        let Some(recall) = self.last().filter(|recall| recall.is_due(scene::now(self.late))) else { return };
        let place = self.recalls.len() - 1;
        let asked = &mut self.recalls[place];
        for (party, copy) in asked.parties.iter_mut().zip(&mut self.copies) {
            let Some(state) = *party else { continue };
            if state.expire() != state {
                copy.stand(place, state.expire());
                *party = Some(state.expire());
            }
        }
        asked.state = recall.settle(asked.tally(), scene::now(self.late)).state;
    }
}

impl Asked {
    fn tally(&self) -> Tally {
        Tally::of(self.parties.iter().flatten().map(|state| (*state, 1)))
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Call;

    fn init_states(&self) -> Vec<State> {
        vec![State { recalls: Vec::new(), copies: vec![Copy::arrived(); RECIPIENTS], late: false }]
    }

    /// Every call that anybody could have sent up to now.
    fn actions(&self, state: &State, calls: &mut Vec<Call>) {
        calls.extend([Call::Request, Call::Cancel, Call::DeadlinePasses, Call::Expire]);
        for (place, copy) in state.copies.iter().enumerate() {
            for seen in 1..=copy.revision {
                let of = |call: fn(usize, u8) -> Call| call(place, seen);
                calls.extend([of(Call::Agree), of(Call::Refuse), of(Call::Accept)]);
                calls.extend([of(Call::RefuseDelivery), of(Call::Forward)]);
            }
        }
    }

    /// What a transaction leaves; nothing if it is refused or changes nothing.
    fn next_state(&self, before: &State, call: Call) -> Option<State> {
        let mut state = before.clone();
        let current = |copy: usize, seen: u8| before.copies[copy].revision == seen;
        let done = match call {
            Call::Request if state.recalls.len() < RECALLS => state.request(),
            Call::Cancel => state.cancel(),
            Call::Agree(copy, seen) if current(copy, seen) => state.answer(copy, true),
            Call::Refuse(copy, seen) if current(copy, seen) => state.answer(copy, false),
            Call::Accept(copy, seen) if current(copy, seen) => state.decide(copy, true),
            Call::RefuseDelivery(copy, seen) if current(copy, seen) => state.decide(copy, false),
            Call::Forward(copy, seen) if current(copy, seen) => state.forward(copy, self.forwarding_looks),
            Call::DeadlinePasses => {
                state.late = !state.recalls.is_empty();
                Ok(())
            }
            Call::Expire => {
                state.expire();
                Ok(())
            }
            _ => return None, // what the caller saw is no more
        };
        (done.is_ok() && state != *before).then_some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        Self::stated().into_iter().chain(Self::possible()).collect()
    }
}
