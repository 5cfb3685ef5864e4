use std::collections::HashMap;

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::UnitKind;
use kit::{Fault, Violations, caller::Caller};

use super::{last_key, page};
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
    violations.check()?;
    let unit = store::unit::find(&mut service.db.read("get_unit").await?, id).await?;
    let unit = unit.ok_or_else(|| faults::no_unit(id))?;
    Ok(pb::GetUnitResponse { unit: Some(shape::unit(&unit)) })
}

/// Reads several units, in the order asked for.
pub(super) async fn batch_get(
    service: &Directory,
    _: &Caller,
    request: pb::BatchGetUnitsRequest,
) -> Result<pb::BatchGetUnitsResponse, Fault> {
    let mut violations = Violations::default();
    let ids = ids("ids", &request.ids, &mut violations);
    violations.check()?;
    let found = store::unit::among(&mut service.db.read("batch_get_units").await?, ids.clone()).await?;
    let found: HashMap<Uuid, _> = found.into_iter().map(|unit| (unit.id, unit)).collect();
    let mut answer = pb::BatchGetUnitsResponse::default();
    for id in ids {
        match found.get(&id) {
            Some(unit) => answer.units.push(shape::unit(unit)),
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
    violations.check()?;
    let list = format!("units/{:?}/{:?}", parent_id, request.kinds);
    let after = last_key(&list, &request.page_token)?;
    let kinds = if kinds.is_empty() { UnitKind::ALL.to_vec() } else { kinds };
    let mut read = service.db.read("list_units").await?;
    let found = store::unit::list(&mut read, parent_id, &kinds, &after, size + 1).await?;
    let (units, next_page_token) = page(found, size, &list, |unit| &unit.code);
    Ok(pb::ListUnitsResponse { units: units.iter().map(shape::unit).collect(), next_page_token })
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
