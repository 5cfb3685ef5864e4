//! Review and application of a reorganisation.

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Succession, UnitHistory};
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::{
    reorganisation::{at_revision, note},
    reorganisation_preview::{Prospect, foresee},
    unit::{entry, revision},
    unit_structure::differing,
};
use crate::{
    Directory, changes, faults, permission, shape, staffing,
    store::{
        self, audit,
        reorganisation::{Reorganisation, State},
    },
};

/// Confirms a reorganisation whose preview was read.
pub(super) async fn review(
    service: &Directory,
    caller: &Caller,
    request: pb::ReviewReorganisationRequest,
) -> Result<pb::ReviewReorganisationResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("ReviewReorganisation", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let revision = revision("revision", request.revision, &mut violations);
    if request.fingerprint.is_empty() {
        violations.missing("fingerprint");
    }
    violations.check()?;
    let now = service.clock.now();
    let mut tx = service.db.write("review_reorganisation").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = at_revision(&mut tx, id, revision).await?;
    if before.state != State::Prepared {
        return Err(faults::wrong_state(before.state));
    }
    if before.preparer_id == user_id {
        return Err(faults::own_reorganisation());
    }
    let prospect = sound(&mut tx, service, &before).await?;
    if prospect.fingerprint != request.fingerprint {
        return Err(faults::preview_changed());
    }
    let after = Reorganisation {
        state: State::Reviewed,
        reviewer_id: Some(user_id),
        fingerprint: request.fingerprint,
        revision: before.revision + 1,
        updated_at: now,
        ..before
    };
    store::reorganisation::step(&mut tx, &after).await?;
    note(&mut tx, service, caller, ("reorganisation.review", String::new()), &after).await?;
    let answer = pb::ReviewReorganisationResponse { reorganisation: Some(shape::reorganisation(&after)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

/// What would come of it, if nothing stands against it.
async fn sound(tx: &mut Write, service: &Directory, one: &Reorganisation) -> Result<Prospect, Fault> {
    let prospect = foresee(tx, service, one).await?;
    match prospect.plan.problems.len() {
        0 => Ok(prospect),
        count => Err(faults::has_problems(count)),
    }
}

/// Applies a reviewed reorganisation.
pub(super) async fn apply(
    service: &Directory,
    caller: &Caller,
    request: pb::ApplyReorganisationRequest,
) -> Result<pb::ApplyReorganisationResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("ApplyReorganisation", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let revision = revision("revision", request.revision, &mut violations);
    violations.check()?;
    let now = service.clock.now();
    let mut tx = service.db.write("apply_reorganisation").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = at_revision(&mut tx, id, revision).await?;
    if before.state != State::Reviewed {
        return Err(faults::wrong_state(before.state));
    }
    let prospect = sound(&mut tx, service, &before).await?;
    if prospect.fingerprint != before.fingerprint {
        return Err(faults::preview_changed());
    }
    let after =
        Reorganisation { state: State::Applied, revision: before.revision + 1, updated_at: now, ..before };
    write(&mut tx, service, caller, (&prospect, &after)).await?;
    store::reorganisation::step(&mut tx, &after).await?;
    note(&mut tx, service, caller, ("reorganisation.apply", String::new()), &after).await?;
    let answer = pb::ApplyReorganisationResponse {
        reorganisation: Some(shape::reorganisation(&after)),
        created_unit_ids: prospect.plan.created.iter().map(Uuid::to_string).collect(),
    };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Writes what the plan says: units, successions, what ends with the units, audit and events.
async fn write(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    (prospect, applied): (&Prospect, &Reorganisation),
) -> Result<(), Fault> {
    let (now, on, plan) = (applied.updated_at, applied.on, &prospect.plan);
    let differ = differing(&prospect.before, &plan.after);
    let (mut changed, created): (Vec<UnitHistory>, Vec<UnitHistory>) =
        differ.into_iter().partition(|unit| prospect.before.get(unit.id).is_some());
    for unit in &mut changed {
        unit.touch(now);
    }
    store::history::save(tx, &created.iter().collect::<Vec<_>>(), &changed.iter().collect::<Vec<_>>())
        .await?;
    let successions = plan.successions.iter().map(|one| Succession {
        predecessor_id: one.predecessor_id,
        successor_id: one.successor_id,
        from: on,
        takes_over: one.takes_over,
    });
    store::succession::insert(tx, &successions.collect::<Vec<_>>()).await?;
    let ended = store::ending::end(tx, plan.closed.clone(), on, now).await?;
    staffing::one_head_in(tx, &changed).await?;

    let reason = || applied.basis.clone();
    let before = |unit: &UnitHistory| prospect.before.get(unit.id).cloned();
    let entries: Vec<_> = created
        .iter()
        .map(|unit| entry("unit.create", None, unit, reason()))
        .chain(changed.iter().map(|unit| entry("unit.reorganise", before(unit).as_ref(), unit, reason())))
        .chain(ended.entries(on, now, &applied.basis))
        .collect();
    audit::append(tx, service, caller, &entries).await?;
    let mut told = vec![changes::reorganised(&service.ids, applied, plan)];
    told.extend(created.iter().chain(&changed).map(|unit| changes::unit_changed(&service.ids, unit)));
    told.extend(ended.people.iter().map(|person| changes::person_changed(&service.ids, *person, now)));
    events::append(tx, told).await?;
    Ok(())
}
