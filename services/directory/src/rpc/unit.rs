use base::{Timestamp, Uuid};
use congvan_proto::directory::v1::{self as pb, unit_service_server::UnitService};
use directory_domain::{
    Identifier, Patch, Period, Scheme, Structure, Traits, UnitHistory, UnitKind, abbreviation, address, code,
    email, phone, unit_name,
};
use kit::{Fault, Text, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::{
    dates, unit_history,
    unit_identifiers::{besides_code, is_free, shown},
    unit_read, unit_reopen, unit_structure, unit_work,
};
use crate::{
    Directory, changes, faults,
    flaws::note,
    permission, states, store,
    store::audit::{self, Entry},
};

calls! { UnitService:
    create_unit(CreateUnitRequest) -> CreateUnitResponse = create;
    get_unit(GetUnitRequest) -> GetUnitResponse = unit_read::get;
    batch_get_units(BatchGetUnitsRequest) -> BatchGetUnitsResponse = unit_read::batch_get;
    list_units(ListUnitsRequest) -> ListUnitsResponse = unit_read::list;
    update_unit(UpdateUnitRequest) -> UpdateUnitResponse = update;
    move_unit(MoveUnitRequest) -> MoveUnitResponse = unit_structure::relocate;
    identify_unit(IdentifyUnitRequest) -> IdentifyUnitResponse = unit_structure::identify;
    close_unit(CloseUnitRequest) -> CloseUnitResponse = unit_structure::close;
    reopen_unit(ReopenUnitRequest) -> ReopenUnitResponse = unit_reopen::reopen;
    get_unit_history(GetUnitHistoryRequest) -> GetUnitHistoryResponse = unit_history::get;
    report_unit_work(ReportUnitWorkRequest) -> ReportUnitWorkResponse = unit_work::report;
}

/// Records a unit.
async fn create(
    service: &Directory,
    caller: &Caller,
    request: pb::CreateUnitRequest,
) -> Result<pb::CreateUnitResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let now = service.clock.now();
    let mut violations = Violations::default();
    let once = Once::new("CreateUnit", user_id, &request.request_id, &request, &mut violations);
    let written = request.unit.unwrap_or_default();
    let from = dates::first_day(service, "startDate", &request.start_date, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    let (traits, code, others) = read(&written, Period::since(from), &mut violations);
    let mut unit = UnitHistory::begin(service.ids.next(), traits, code, now);
    unit.identifiers.extend(others);

    let mut tx = service.db.write("create_unit").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let unit = place(&mut tx, unit, &mut violations).await?;
    violations.check()?;
    for identifier in &unit.identifiers {
        is_free(&mut tx, &unit, identifier.scheme).await?;
    }
    store::history::insert(&mut tx, &[&unit]).await?;
    events::append(&mut tx, vec![changes::unit_changed(&service.ids, &unit)]).await?;
    let entry = entry("unit.create", None, &unit, reason);
    audit::append(&mut tx, service, caller, &[entry]).await?;
    let answer = pb::CreateUnitResponse { unit: shown(&unit, from) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// What the unit is to be, its code and its other identifiers; every violation is noted.
pub(super) fn read(
    written: &pb::Unit,
    period: Period,
    violations: &mut Violations,
) -> (Traits, Identifier, Vec<Identifier>) {
    let kind = UnitKind::numbered(written.kind);
    if kind.is_none() {
        violations.missing("unit.kind");
    }
    let code = Identifier {
        scheme: Scheme::Decision20,
        value: note(violations, "unit.code", code(&written.code)),
        synthetic: written.synthetic_code,
        period,
    };
    let traits = Traits {
        name: note(violations, "unit.name", unit_name(&written.name)),
        abbreviation: note(violations, "unit.abbreviation", abbreviation(&written.abbreviation)),
        kind: kind.unwrap_or(UnitKind::ProvincialDepartment),
        parent_id: violations.optional_id("unit.parentId", &written.parent_id),
        email: note(violations, "unit.email", email(&written.email)),
        address: note(violations, "unit.address", address(&written.address)),
        phone: note(violations, "unit.phone", phone(&written.phone)),
    };
    (traits, code, besides_code(&written.identifiers, period, violations))
}

/// Gives the new unit its agency on each of its days: only the unit above matters, since nothing stands below a new one yet.
async fn place(tx: &mut Write, unit: UnitHistory, violations: &mut Violations) -> Result<UnitHistory, Fault> {
    let (id, period) = (unit.id, unit.period());
    let parent_id = unit.versions[0].traits.parent_id;
    let mut above = Vec::new();
    let mut next = parent_id;
    while let Some(parent_id) = next.filter(|id| !id.is_nil()) {
        let Some(parent) = store::history::find(tx, parent_id).await? else { break };
        next = parent.version(period.from).and_then(|version| version.traits.parent_id);
        above.push(parent);
    }
    let unread = parent_id.is_some_and(|id| id.is_nil()); // could not be read and was noted
    if parent_id.is_some() && above.is_empty() && !unread {
        violations.add("unit.parentId", "không có đơn vị này trong danh bạ", "is no unit of the directory");
    }
    if !violations.is_empty() {
        return Ok(unit);
    }
    let mut structure = Structure::new(above);
    structure.add(unit);
    if let Some(own) = structure.settle(period.from).into_iter().find(|fault| fault.unit_id == id) {
        let Text { vi, en } = faults::misplacement(&own);
        violations.add("unit.parentId", vi, en);
    }
    Ok(structure.get(id).expect("it was added above").clone())
}

/// What the audit says of a changed unit.
pub(super) fn entry(
    action: &'static str,
    before: Option<&UnitHistory>,
    after: &UnitHistory,
    reason: String,
) -> Entry {
    Entry {
        action,
        subject_kind: "unit",
        subject_id: after.id,
        reason,
        before: before.map(states::unit),
        after: Some(states::unit(after)),
    }
}

/// The unit at the revision last read, locked against other changes.
pub(super) async fn at_revision(tx: &mut Write, id: Uuid, revision: i64) -> Result<UnitHistory, Fault> {
    store::lock(tx).await?;
    let unit = store::history::find(tx, id).await?.ok_or_else(|| faults::no_unit(id))?;
    if unit.revision != revision {
        return Err(Fault::stale(unit.revision));
    }
    Ok(unit)
}

/// A revision as it is written; a violation if it is none.
pub(super) fn revision(field: &str, written: i64, violations: &mut Violations) -> i64 {
    if written < 1 {
        violations.add(field, "bắt buộc, từ 1 trở lên", "is required, from 1");
    }
    written
}

/// Changes name, abbreviation, mailbox, address or telephone of a unit from a day on. What stays as it was is no change.
async fn update(
    service: &Directory,
    caller: &Caller,
    request: pb::UpdateUnitRequest,
) -> Result<pb::UpdateUnitResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("UpdateUnit", user_id, &request.request_id, &request, &mut violations);
    let written = request.unit.unwrap_or_default();
    let id = violations.id("unit.id", &written.id);
    let revision = revision("unit.revision", written.revision, &mut violations);
    let from = dates::first_day(service, "effectiveDate", &request.effective_date, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    let patch = Patch {
        name: Some(note(&mut violations, "unit.name", unit_name(&written.name))),
        abbreviation: Some(note(&mut violations, "unit.abbreviation", abbreviation(&written.abbreviation))),
        email: Some(note(&mut violations, "unit.email", email(&written.email))),
        address: Some(note(&mut violations, "unit.address", address(&written.address))),
        phone: Some(note(&mut violations, "unit.phone", phone(&written.phone))),
        ..Patch::default()
    };
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("update_unit").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = at_revision(&mut tx, id, revision).await?;
    let mut unit = before.clone();
    unit.change(from, &patch).map_err(|why| faults::not_then(id, from, why))?;
    if unit != before {
        save(&mut tx, service, (&before, &mut unit), now).await?;
        let entry = entry("unit.update", Some(&before), &unit, reason);
        audit::append(&mut tx, service, caller, &[entry]).await?;
    }
    let answer = pb::UpdateUnitResponse { unit: shown(&unit, from) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Stores a changed unit and tells of it.
pub(super) async fn save(
    tx: &mut Write,
    service: &Directory,
    (before, unit): (&UnitHistory, &mut UnitHistory),
    now: Timestamp,
) -> Result<(), Fault> {
    debug_assert_ne!(before, unit, "nothing to store");
    unit.touch(now);
    store::history::change(tx, &[unit]).await?;
    events::append(tx, vec![changes::unit_changed(&service.ids, unit)]).await?;
    Ok(())
}
