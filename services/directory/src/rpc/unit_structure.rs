//! Commands that change where units stand, what identifies them, and when they end.

use congvan_proto::directory::v1 as pb;
use directory_domain::{Identifier, Patch, Period, Structure, UnitHistory};
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::{
    dates,
    unit::{at_revision, entry, revision, save},
    unit_identifiers::{self, is_free, shown},
};
use crate::{
    Directory, changes, faults,
    faults::InUse,
    permission, staffing,
    store::{self, audit},
};

/// Puts a unit, with all below it, under another from a day on.
pub(super) async fn relocate(
    service: &Directory,
    caller: &Caller,
    request: pb::MoveUnitRequest,
) -> Result<pb::MoveUnitResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("MoveUnit", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let revision = revision("revision", request.revision, &mut violations);
    let parent_id = violations.optional_id("parentId", &request.parent_id);
    let from = dates::first_day(service, "effectiveDate", &request.effective_date, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("move_unit").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    at_revision(&mut tx, id, revision).await?;
    let before = store::history::all(&mut tx).await?;
    let mut after = before.clone();
    let patch = Patch { parent_id: Some(parent_id), ..Patch::default() };
    let unit = after.get_mut(id).ok_or_else(|| faults::no_unit(id))?;
    unit.change(from, &patch).map_err(|why| faults::not_then(id, from, why))?;
    let misplaced = after.settle_since(&before, from);
    if !misplaced.is_empty() {
        return Err(faults::misplaced(&misplaced));
    }
    let changed = differing(&before, &after);
    let mut entries = Vec::with_capacity(changed.len());
    let mut told = Vec::with_capacity(changed.len());
    let mut stored = Vec::with_capacity(changed.len());
    for mut unit in changed {
        unit.touch(now);
        entries.push(entry("unit.move", before.get(unit.id), &unit, reason.clone()));
        told.push(changes::unit_changed(&service.ids, &unit));
        stored.push(unit);
    }
    store::history::change(&mut tx, &stored.iter().collect::<Vec<_>>()).await?;
    staffing::one_head_in(&mut tx, &stored).await?;
    events::append(&mut tx, told).await?;
    audit::append(&mut tx, service, caller, &entries).await?;
    let moved = stored.iter().find(|unit| unit.id == id).or_else(|| before.get(id));
    let answer = pb::MoveUnitResponse { unit: moved.and_then(|unit| shown(unit, from)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The units of the second that are not in the first or not the same there, by id.
pub(super) fn differing(before: &Structure, after: &Structure) -> Vec<UnitHistory> {
    let differs = |unit: &&UnitHistory| before.get(unit.id) != Some(unit);
    let mut changed: Vec<UnitHistory> = after.units().filter(differs).cloned().collect();
    changed.sort_unstable_by_key(|unit| unit.id);
    changed
}

/// Gives a unit an identifier from a day on.
pub(super) async fn identify(
    service: &Directory,
    caller: &Caller,
    request: pb::IdentifyUnitRequest,
) -> Result<pb::IdentifyUnitResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("IdentifyUnit", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let revision = revision("revision", request.revision, &mut violations);
    let written = request.identifier.unwrap_or_default();
    let from = dates::first_day(service, "identifier.startDate", &written.start_date, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    let identifier = unit_identifiers::read(&written, Period::since(from), &mut violations);
    violations.check()?;
    let Some(identifier) = identifier else { return Err(faults::no_unit(id)) };

    let now = service.clock.now();
    let mut tx = service.db.write("identify_unit").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = at_revision(&mut tx, id, revision).await?;
    let mut unit = before.clone();
    let identifier =
        Identifier { period: identifier.period.within(Period { from, ..unit.period() }), ..identifier };
    let (scheme, value) = (identifier.scheme, identifier.value.clone());
    let held = unit.identifier(scheme, from).is_some_and(|held| held.value == value);
    if !held {
        unit.identify(identifier).map_err(|why| faults::not_then(id, from, why))?;
        is_free(&mut tx, &unit, scheme).await?;
        save(&mut tx, service, (&before, &mut unit), now).await?;
        let entry = entry("unit.identify", Some(&before), &unit, reason);
        audit::append(&mut tx, service, caller, &[entry]).await?;
    }
    let answer = pb::IdentifyUnitResponse { unit: shown(&unit, from) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Ends a unit that nobody takes over from.
pub(super) async fn close(
    service: &Directory,
    caller: &Caller,
    request: pb::CloseUnitRequest,
) -> Result<pb::CloseUnitResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("CloseUnit", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let revision = revision("revision", request.revision, &mut violations);
    let on = dates::last_day("endDate", &request.end_date, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("close_unit").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = at_revision(&mut tx, id, revision).await?;
    let mut unit = before.clone();
    unit.close(on).map_err(|why| faults::not_then(id, on, why))?;
    is_unused(&mut tx, service, &before, on).await?;
    let ended = store::ending::end(&mut tx, vec![id], on, now).await?;
    save(&mut tx, service, (&before, &mut unit), now).await?;
    let mut entries = ended.entries(on, now, &reason);
    entries.push(entry("unit.close", Some(&before), &unit, reason));
    audit::append(&mut tx, service, caller, &entries).await?;
    let last = on.yesterday().unwrap_or(on);
    let answer = pb::CloseUnitResponse { unit: shown(&unit, last) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Fails if anything would be lost with the unit: units below it, people in it, documents that wait.
async fn is_unused(
    tx: &mut Write,
    service: &Directory,
    unit: &UnitHistory,
    on: base::Date,
) -> Result<(), Fault> {
    let mut in_use = InUse {
        children: store::history::children_after(tx, unit.id, on).await?,
        appointments: store::position::tenures_in_unit_after(tx, unit.id, on).await?,
        ..InUse::default()
    };
    let is_agency = unit.versions.last().is_some_and(|version| version.agency_id == unit.id);
    if is_agency {
        let heirs = store::succession::into(tx, unit.id).await?;
        if let Some(later) = heirs.iter().find(|one| one.takes_over && one.from >= on) {
            return Err(faults::unit_is_heir(unit.id, later));
        }
        // What it took over from others would be lost with it.
        let inherited = store::succession::inherited(tx, vec![unit.id], on).await?;
        let agencies: Vec<_> = inherited.into_iter().map(|(_, id)| id).chain([unit.id]).collect();
        let work = store::work::of(tx, agencies, service.clock.now()).await?;
        for work in work.ok_or_else(|| faults::work_unknown(unit.id))?.values() {
            in_use.undecided_deliveries += work.undecided_deliveries;
            in_use.unissued_documents += work.unissued_documents;
        }
    }
    if in_use == InUse::default() { Ok(()) } else { Err(faults::unit_in_use(in_use)) }
}
