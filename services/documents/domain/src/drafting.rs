use base::{Date, Timestamp, Uuid};

use crate::{Act, Assignee, Document, Kind, Officer, Post, Rejection, Scope, Signatory, Who};

/// That somebody competent had a document drafted by a unit or a person in it (Decree 30/2020/NĐ-CP, Article 10.1). A draft that
/// is begun without one has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftingAssignment {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change.
    pub revision: i64,
    /// The agency whose document it is to be.
    pub agency_id: Uuid,
    /// What is to be drafted by whom.
    pub task: DraftingTask,
    /// Who assigned it, and when.
    pub assigned: Act,
    /// How far it has come.
    pub state: DraftingState,
    /// Who took it, from when somebody did.
    pub taker: Option<Signatory>,
    /// The draft, from when it was begun.
    pub document_id: Option<Uuid>,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<String>,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What is to be drafted by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftingTask {
    /// The unit; the agency itself where it has no inner units.
    pub unit_id: Uuid,
    /// Its name then.
    pub unit_name: String,
    /// The person of that unit; none where the unit is to find one.
    pub person: Option<Assignee>,
    /// What is wanted.
    pub directive: String,
    /// Of which kind the document is to be, if that is known.
    pub kind: Option<Kind>,
    /// The day by which it is to be submitted.
    pub due: Option<Date>,
}

/// How far an assigned drafting has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftingState {
    /// Nobody has taken it.
    Open,
    /// Somebody drafts it.
    Taken,
    /// Its draft was submitted.
    Done,
    /// It was withdrawn.
    Withdrawn,
}

impl DraftingAssignment {
    /// Has a document drafted by a unit of the agency.
    pub fn assign(
        id: Uuid,
        agency_id: Uuid,
        task: DraftingTask,
        by: &Officer,
        at: Timestamp,
    ) -> Result<Self, Rejection> {
        let assigner = director(by, agency_id, task.unit_id)?;
        Ok(Self {
            id,
            revision: 1,
            agency_id,
            task,
            assigned: Act { by: assigner, at },
            state: DraftingState::Open,
            taker: None,
            document_id: None,
            withdrawal_reason: None,
            updated_at: at,
        })
    }

    /// Whether the officer may read it: who assigned it, the unit, leaders and document office of the agency.
    pub fn reads(&self, officer: &Officer) -> bool {
        let scope = Scope::of(officer);
        scope.agencies.contains(&self.agency_id)
            || scope.units.contains(&self.task.unit_id)
            || self.assigned.by.user_id == officer.user_id
    }

    /// Takes it: the person named, or anybody of the unit where none is.
    pub fn take(self, by: &Officer, at: Timestamp) -> Result<Self, Rejection> {
        let taker = self.drafter(by)?;
        self.needs(&[DraftingState::Open])?;
        Ok(Self { state: DraftingState::Taken, taker: Some(taker), ..self }.changed(at))
    }

    /// Gives it to somebody else, or asks for something else, before a draft is begun: leaders of the agency, and within the unit
    /// its head.
    pub fn reassign(self, task: DraftingTask, by: &Officer, at: Timestamp) -> Result<Self, Rejection> {
        let assigner = self.may_reassign(task.unit_id, by)?;
        let assigned = Act { by: assigner, at };
        Ok(Self { task, assigned, state: DraftingState::Open, taker: None, ..self }.changed(at))
    }

    /// Whether the officer could give it to this unit now; asked before the directory is.
    pub fn may_reassign(&self, unit_id: Uuid, by: &Officer) -> Result<Signatory, Rejection> {
        let assigner = director(by, self.agency_id, self.task.unit_id)?;
        director(by, self.agency_id, unit_id)?;
        self.needs(&[DraftingState::Open, DraftingState::Taken])?;
        match self.document_id {
            None => Ok(assigner),
            Some(document_id) => Err(Rejection::DraftBegun { document_id }),
        }
    }

    /// Withdraws it: leaders of the agency, and who assigned it. A draft that was begun goes on as one that nobody assigned.
    pub fn withdraw(self, reason: String, by: &Officer, at: Timestamp) -> Result<Self, Rejection> {
        let assigner = self.assigned.by.user_id == by.user_id;
        let leads = |post: &Post| assigner && post.drafts || post.leads && post.agency_id == self.agency_id;
        by.acting(leads).ok_or(Rejection::NotAllowed(Who::DraftingDirector))?;
        self.needs(&[DraftingState::Open, DraftingState::Taken])?;
        let withdrawal_reason = Some(reason);
        Ok(Self { state: DraftingState::Withdrawn, withdrawal_reason, ..self }.changed(at))
    }

    /// Begins the draft: who took it, or who may and so does.
    pub fn begin(self, draft: &Document, by: &Officer, at: Timestamp) -> Result<Self, Rejection> {
        let drafter = self.drafter(by)?;
        if draft.drafting_unit_id != self.task.unit_id {
            return Err(Rejection::OtherDraftingUnit);
        }
        self.needs(&[DraftingState::Open, DraftingState::Taken])?;
        if let Some(document_id) = self.document_id {
            return Err(Rejection::DraftBegun { document_id });
        }
        if self.taker.as_ref().is_some_and(|taker| taker.user_id != by.user_id) {
            return Err(Rejection::DraftingClosed { state: self.state });
        }
        let (taker, document_id) = (Some(drafter), Some(draft.id));
        Ok(Self { state: DraftingState::Taken, taker, document_id, ..self }.changed(at))
    }

    /// Its draft was submitted; nothing if that happened before, or nobody waits for it any more.
    pub fn finish(self, at: Timestamp) -> Option<Self> {
        (self.state == DraftingState::Taken).then(|| Self { state: DraftingState::Done, ..self }.changed(at))
    }

    fn drafter(&self, by: &Officer) -> Result<Signatory, Rejection> {
        let meant = self.task.person.as_ref().is_none_or(|person| person.user_id == by.user_id);
        let drafter = by.acting(|post| meant && post.drafts && post.unit_id == self.task.unit_id);
        drafter.ok_or(Rejection::NotAllowed(Who::AssignedDrafter))
    }

    fn needs(&self, states: &[DraftingState]) -> Result<(), Rejection> {
        let state = self.state;
        if states.contains(&state) { Ok(()) } else { Err(Rejection::DraftingClosed { state }) }
    }

    fn changed(self, at: Timestamp) -> Self {
        Self { revision: self.revision + 1, updated_at: at, ..self }
    }
}

/// Who has documents of an agency drafted by this unit: its head and deputies, and the head of the unit.
fn director(by: &Officer, agency_id: Uuid, unit_id: Uuid) -> Result<Signatory, Rejection> {
    let directs = |post: &Post| {
        post.agency_id == agency_id && (post.leads || post.heads_unit && post.unit_id == unit_id)
    };
    by.acting(directs).ok_or(Rejection::NotAllowed(Who::DraftingDirector))
}

impl DraftingState {
    /// Every state, in the order of the contracts.
    pub const ALL: [Self; 4] = [Self::Open, Self::Taken, Self::Done, Self::Withdrawn];

    /// Its name in the contracts without prefix, and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Taken => "TAKEN",
            Self::Done => "DONE",
            Self::Withdrawn => "WITHDRAWN",
        }
    }

    /// The state with this name.
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    /// The state with this number.
    pub fn numbered(number: i32) -> Option<Self> {
        usize::try_from(number - 1).ok().and_then(|index| Self::ALL.get(index).copied())
    }
}
