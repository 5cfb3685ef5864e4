use congvan_proto::directory::v1::{self as pb, unit_service_server::UnitService};
use directory_domain::{Unit, UnitKind, abbreviation, code, email, unit_name};
use kit::{Fault, Violations, caller::Caller};
use sql::answers::Once;

use super::unit_read;
use crate::{Directory, changes, faults, flaws::note, permission, shape, store};

calls! { UnitService:
    create_unit(CreateUnitRequest) -> CreateUnitResponse = create;
    get_unit(GetUnitRequest) -> GetUnitResponse = unit_read::get;
    batch_get_units(BatchGetUnitsRequest) -> BatchGetUnitsResponse = unit_read::batch_get;
    list_units(ListUnitsRequest) -> ListUnitsResponse = unit_read::list;
    update_unit(UpdateUnitRequest) -> UpdateUnitResponse = update;
}

/// Records a unit.
async fn create(
    service: &Directory,
    caller: &Caller,
    request: pb::CreateUnitRequest,
) -> Result<pb::CreateUnitResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("CreateUnit", user_id, &request.request_id, &request, &mut violations);
    let written = request.unit.unwrap_or_default();
    let mut unit = parse(service, &written, &mut violations);

    let mut tx = service.db.write("create_unit").await?;
    if let Some(answer) = once.recall(&mut tx, unit.created_at).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let parent = match unit.parent_id {
        Some(parent_id) => store::unit::find(&mut tx, parent_id).await?,
        None => None,
    };
    place(&mut unit, parent.as_ref(), &mut violations);
    violations.check()?;
    if store::unit::is_taken(&mut tx, &unit.code).await? {
        return Err(faults::code_taken(&unit.code));
    }
    store::unit::insert(&mut tx, std::slice::from_ref(&unit)).await?;
    events::append(&mut tx, vec![changes::unit_changed(&service.ids, &unit)]).await?;
    let answer = pb::CreateUnitResponse { unit: Some(shape::unit(&unit)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The unit as it is written, not yet placed; every violation is noted.
fn parse(service: &Directory, written: &pb::Unit, violations: &mut Violations) -> Unit {
    let now = service.clock.now();
    let id = service.ids.next();
    let kind = UnitKind::numbered(written.kind);
    if kind.is_none() {
        violations.missing("unit.kind");
    }
    Unit {
        id,
        revision: 1,
        code: note(violations, "unit.code", code(&written.code)),
        synthetic_code: written.synthetic_code,
        name: note(violations, "unit.name", unit_name(&written.name)),
        abbreviation: note(violations, "unit.abbreviation", abbreviation(&written.abbreviation)),
        kind: kind.unwrap_or(UnitKind::ProvincialDepartment),
        parent_id: violations.optional_id("unit.parentId", &written.parent_id),
        agency_id: id,
        email: note(violations, "unit.email", email(&written.email)),
        created_at: now,
        updated_at: now,
    }
}

/// Gives the unit its agency; a violation if there is none.
fn place(unit: &mut Unit, parent: Option<&Unit>, violations: &mut Violations) {
    match (unit.parent_id, parent) {
        // The nil id stands for one that could not be read and was noted.
        (Some(parent_id), None) if !parent_id.is_nil() => {
            violations.add(
                "unit.parentId",
                "không có đơn vị này trong danh bạ",
                "is no unit of the directory",
            );
        }
        (_, Some(parent)) if !unit.kind.is_agency() => unit.agency_id = parent.agency_id,
        (None, None) if !unit.kind.is_agency() => {
            violations.add(
                "unit.parentId",
                "đơn vị bên trong phải thuộc một cơ quan",
                "an inner unit needs a unit above it",
            );
        }
        _ => {}
    }
}

/// Changes name, abbreviation or mailbox of a unit. What stays as it was is no change.
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
    if written.revision < 1 {
        violations.add("unit.revision", "bắt buộc, từ 1 trở lên", "is required, from 1");
    }
    let name = note(&mut violations, "unit.name", unit_name(&written.name));
    let abbreviation = note(&mut violations, "unit.abbreviation", abbreviation(&written.abbreviation));
    let email = note(&mut violations, "unit.email", email(&written.email));
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("update_unit").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let before = store::unit::find(&mut tx, id).await?.ok_or_else(|| faults::no_unit(id))?;
    if before.revision != written.revision {
        return Err(Fault::stale(before.revision));
    }
    let mut unit = Unit { name, abbreviation, email, ..before.clone() };
    if unit != before {
        unit.touch(now);
        store::unit::change(&mut tx, &unit).await?;
        events::append(&mut tx, vec![changes::unit_changed(&service.ids, &unit)]).await?;
    }
    let answer = pb::UpdateUnitResponse { unit: Some(shape::unit(&unit)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}
