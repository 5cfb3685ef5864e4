//! What would come of a reorganisation.

use std::collections::{HashMap, HashSet};

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Period, Plan, Structure, Successor, Unit, UnitChange, plan as make_plan};
use kit::{Call, Fault, Language, Text, Violations, caller::Caller};
use sha2::{Digest, Sha256};
use sql::Queries;

use super::unit;
use crate::{
    Directory, faults, permission, shape, states,
    store::{
        self,
        ending::{Ending, Unplaced},
        reorganisation::Reorganisation,
        work::Work,
    },
};

/// A plan with all that its preview tells.
pub(super) struct Prospect {
    pub(super) before: Structure,
    pub(super) plan: Plan,
    endings: HashMap<Uuid, Ending>,
    unplaced: Vec<Unplaced>,
    /// Stands for all of it but the figures of documents, which change all the time.
    pub(super) fingerprint: String,
}

/// Tells what would come of a reorganisation.
pub(super) async fn preview(
    service: &Directory,
    caller: &Caller,
    request: pb::PreviewReorganisationRequest,
) -> Result<pb::PreviewReorganisationResponse, Fault> {
    permission::administrator(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let mut read = service.db.read("preview_reorganisation").await?;
    let found = store::reorganisation::find(&mut read, id).await?;
    let found = found.ok_or_else(|| faults::no_reorganisation(id))?;
    let prospect = foresee(&mut read, service, &found).await?;
    let closed = prospect.plan.closed.clone();
    let work = store::work::of(&mut read, closed, service.clock.now()).await?;
    let preview = pb::ReorganisationPreview {
        problems: prospect.plan.problems.iter().map(problem).collect(),
        outcomes: prospect.outcomes(&found, work.as_ref()),
        unplaced_users: prospect.unplaced.iter().map(unplaced).collect(),
        fingerprint: prospect.fingerprint,
    };
    Ok(pb::PreviewReorganisationResponse { preview: Some(preview) })
}

/// Works out what would come of it as the directory is now.
pub(super) async fn foresee(
    db: &mut impl Queries,
    service: &Directory,
    reorganisation: &Reorganisation,
) -> Result<Prospect, Fault> {
    let changes = read(&reorganisation.changes)?;
    let before = store::history::all(db).await?;
    let on = reorganisation.on;
    let known = store::succession::all(db).await?;
    let plan = make_plan(&before, &known, &changes, on, service.clock.now());
    let endings = store::ending::counts(db, plan.closed.clone(), on).await?;
    let unplaced = store::ending::unplaced(db, plan.closed.clone(), on).await?;
    let fingerprint = fingerprint(&before, &plan, &unplaced);
    Ok(Prospect { before, plan, endings, unplaced, fingerprint })
}

/// The changes as the rules see them. They were checked when they were recorded.
fn read(written: &[pb::UnitChange]) -> Result<Vec<UnitChange>, Fault> {
    let mut violations = Violations::default();
    let changes = written.iter().map(|change| UnitChange {
        predecessors: change.predecessor_ids.iter().map(|id| violations.id("predecessorIds", id)).collect(),
        successors: change.successors.iter().filter_map(|one| successor(one, &mut violations)).collect(),
        heir: usize::try_from(change.heir).unwrap_or_default(),
        keeps_inner_units: change.keeps_inner_units,
    });
    let changes = changes.collect();
    violations.check()?;
    Ok(changes)
}

fn successor(written: &pb::Successor, violations: &mut Violations) -> Option<Successor> {
    match written.unit.as_ref()? {
        pb::successor::Unit::UnitId(id) => Some(Successor::Known(violations.id("unitId", id))),
        pb::successor::Unit::NewUnit(new) => {
            let (traits, code, others) = unit::read(new, Period::ALWAYS, violations);
            let identifiers = std::iter::once(code).chain(others).collect();
            let id = new.id.parse().unwrap_or_default();
            Some(Successor::New { id, traits: Box::new(traits), identifiers })
        }
    }
}

/// SHA-256 of every unit that differs, of who takes over from whom and of who loses a position.
fn fingerprint(before: &Structure, plan: &Plan, unplaced: &[Unplaced]) -> String {
    let mut hash = Sha256::new();
    for unit in super::unit_structure::differing(before, &plan.after) {
        hash.update(format!("{} {}\n", unit.id, states::unit(&unit)));
    }
    for one in &plan.successions {
        hash.update(format!("{} {} {}\n", one.predecessor_id, one.successor_id, one.takes_over));
    }
    for one in unplaced {
        hash.update(format!("{} {}\n", one.person_id, one.title));
    }
    hex::encode(hash.finalize())
}

fn problem(problem: &directory_domain::Problem) -> pb::ReorganisationProblem {
    let (unit_id, Text { vi, en }) = faults::problem(problem);
    let description = if Call::current().language == Language::En { en } else { vi };
    pb::ReorganisationProblem { unit_id: unit_id.to_string(), description }
}

fn unplaced(one: &Unplaced) -> pb::UnplacedUser {
    pb::UnplacedUser {
        user_id: one.person_id.to_string(),
        full_name: one.full_name.clone(),
        position: one.title.clone(),
    }
}

impl Prospect {
    /// Every unit that begins, ends or moves.
    fn outcomes(
        &self,
        reorganisation: &Reorganisation,
        work: Option<&HashMap<Uuid, Work>>,
    ) -> Vec<pb::UnitOutcome> {
        let on = reorganisation.on;
        let eve = on.yesterday().unwrap_or(on);
        let heirs: HashMap<Uuid, Uuid> = self.heirs();
        let after = |id: Uuid| self.plan.after.get(id).and_then(|unit| unit.on(on));
        let begins = self.plan.created.iter().filter_map(|id| {
            let unit = after(*id)?;
            Some(outcome(&unit, pb::UnitFate::Begins, unit.parent_id.and_then(after).as_ref()))
        });
        let moves = self.plan.moved.iter().filter_map(|id| {
            let unit = after(*id)?;
            Some(outcome(&unit, pb::UnitFate::Moves, unit.parent_id.and_then(after).as_ref()))
        });
        let ends = self.plan.closed.iter().filter_map(|id| {
            let history = self.before.get(*id)?;
            let unit = history.on(eve)?;
            let heir = heirs.get(id).copied().and_then(after);
            let ending = self.endings.get(id).copied().unwrap_or_default();
            let known = work.and_then(|work| work.get(id));
            let mailboxes = if unit.email.is_empty() {
                Vec::new()
            } else {
                vec![unit.email.clone(), heir.as_ref().map(|heir| heir.email.clone()).unwrap_or_default()]
            };
            let ended = history.identifiers.iter().filter(|one| one.period.contains(eve));
            Some(pb::UnitOutcome {
                mailboxes,
                ended_identifiers: ended.map(shape::identifier).collect(),
                ended_positions: narrow(ending.positions),
                ended_appointments: narrow(ending.appointments),
                undecided_deliveries: known.map(|work| narrow(work.undecided_deliveries)).unwrap_or_default(),
                unissued_documents: known.map(|work| narrow(work.unissued_documents)).unwrap_or_default(),
                registers: known.map(|work| narrow(work.registers)).unwrap_or_default(),
                work_known: work.is_some(),
                ..outcome(&unit, pb::UnitFate::Ends, heir.as_ref())
            })
        });
        begins.chain(ends).chain(moves).collect()
    }

    /// Who takes over from each unit that ends; what stood below one goes with it.
    fn heirs(&self) -> HashMap<Uuid, Uuid> {
        let taken = self.plan.successions.iter().filter(|one| one.takes_over);
        let mut heirs: HashMap<Uuid, Uuid> =
            taken.map(|one| (one.predecessor_id, one.successor_id)).collect();
        let direct: HashSet<Uuid> = heirs.keys().copied().collect();
        for id in self.plan.closed.iter().filter(|id| !direct.contains(id)) {
            let agency = self.before.get(*id).and_then(|unit| unit.versions.last()).map(|one| one.agency_id);
            if let Some(heir) = agency.and_then(|agency| heirs.get(&agency).copied()) {
                heirs.insert(*id, heir);
            }
        }
        heirs
    }
}

fn outcome(unit: &Unit, fate: pb::UnitFate, other: Option<&Unit>) -> pb::UnitOutcome {
    pb::UnitOutcome {
        unit_id: unit.id.to_string(),
        name: unit.name.clone(),
        code: unit.code.clone(),
        fate: fate.into(),
        heir_id: other.map(|other| other.id.to_string()).unwrap_or_default(),
        heir_name: other.map(|other| other.name.clone()).unwrap_or_default(),
        ..pb::UnitOutcome::default()
    }
}

fn narrow(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
