use std::collections::HashMap;

use base::{Date, Uuid};
use congvan_proto::directory::v1 as pb;
use directory_domain::{Unit, UnitKind};
use kit::{Fault, Violations, caller::Caller};
use sql::Queries;

use super::{dates::as_of, last_key, page};
use crate::{Directory, faults, shape, store};

/// Most ids in one call.
const IDS: usize = 5000;

/// Reads one unit.
pub(super) async fn get(
    service: &Directory,
    _: &Caller,
    request: pb::GetUnitRequest,
) -> Result<pb::GetUnitResponse, Fault> {
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    let on = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    violations.check()?;
    let mut read = service.db.read("get_unit").await?;
    let unit = match store::unit::find(&mut read, id, on).await? {
        Some(unit) => unit,
        None if store::unit::exists(&mut read, id).await? => return Err(faults::unit_absent(id, on)),
        None => return Err(faults::no_unit(id)),
    };
    Ok(pb::GetUnitResponse { unit: with_identifiers(&mut read, &[unit], on).await?.pop() })
}

/// Reads several units, in the order asked for.
pub(super) async fn batch_get(
    service: &Directory,
    _: &Caller,
    request: pb::BatchGetUnitsRequest,
) -> Result<pb::BatchGetUnitsResponse, Fault> {
    let mut violations = Violations::default();
    let ids = ids("ids", &request.ids, &mut violations);
    let on = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    violations.check()?;
    let mut read = service.db.read("batch_get_units").await?;
    let found = store::unit::among(&mut read, ids.clone(), on).await?;
    let shown = with_identifiers(&mut read, &found, on).await?;
    let found: HashMap<Uuid, _> = found.iter().map(|unit| unit.id).zip(shown).collect();
    let mut answer = pb::BatchGetUnitsResponse::default();
    for id in ids {
        match found.get(&id) {
            Some(unit) => answer.units.push(unit.clone()),
            None => answer.missing_ids.push(id.to_string()),
        }
    }
    Ok(answer)
}

/// Lists units by code.
pub(super) async fn list(
    service: &Directory,
    _: &Caller,
    request: pb::ListUnitsRequest,
) -> Result<pb::ListUnitsResponse, Fault> {
    let mut violations = Violations::default();
    let parent_id = violations.optional_id("parentId", &request.parent_id);
    let size = violations.page_size(request.page_size, 100, 1000);
    let mut kinds = Vec::with_capacity(UnitKind::ALL.len());
    for (index, number) in request.kinds.iter().enumerate() {
        match UnitKind::numbered(*number) {
            Some(kind) if !kinds.contains(&kind) => kinds.push(kind),
            Some(_) => {}
            None => {
                violations.add(format!("kinds[{index}]"), "không có loại đơn vị này", "is no kind of unit");
            }
        }
    }
    let on = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    violations.check()?;
    let list = format!("units/{:?}/{:?}/{on}", parent_id, request.kinds);
    let after = last_key(&list, &request.page_token)?;
    let mut read = service.db.read("list_units").await?;
    let found = store::unit::list(&mut read, parent_id, &kinds, (&after, size + 1), on).await?;
    let (units, next_page_token) = page(found, size, &list, |unit| &unit.code);
    Ok(pb::ListUnitsResponse { units: with_identifiers(&mut read, &units, on).await?, next_page_token })
}

/// The units as they are shown, with the identifiers that they bear besides the code.
pub(super) async fn with_identifiers(
    db: &mut impl Queries,
    units: &[Unit],
    on: Date,
) -> Result<Vec<pb::Unit>, Fault> {
    let ids = units.iter().map(|unit| unit.id).collect();
    let identifiers = store::unit::identifiers(db, ids, on).await?;
    let none = Vec::new();
    let shown = |unit: &Unit| shape::unit_with(unit, identifiers.get(&unit.id).unwrap_or(&none));
    Ok(units.iter().map(shown).collect())
}

/// A list of ids, which may be empty; a violation for each that is none.
pub(super) fn ids(field: &str, written: &[String], violations: &mut Violations) -> Vec<Uuid> {
    let count = written.len();
    if count > IDS {
        violations.add(
            field,
            format!("có {count} mã, tối đa {IDS}"),
            format!("has {count} ids, at most {IDS} are allowed"),
        );
        return Vec::new();
    }
    let ids = written.iter().enumerate();
    ids.map(|(index, id)| violations.id(&format!("{field}[{index}]"), id)).collect()
}
