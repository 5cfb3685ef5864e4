use congvan_proto::directory::v1 as pb;
use directory_domain::Scheme;
use kit::{Fault, Violations, caller::Caller};
use sql::answers::Once;

use super::{
    dates,
    unit::{at_revision, entry, revision, save},
    unit_identifiers::{is_free, shown},
};
use crate::{
    Directory, faults, permission,
    store::{self, audit},
};

/// Takes back that a unit ends.
pub(super) async fn reopen(
    service: &Directory,
    caller: &Caller,
    request: pb::ReopenUnitRequest,
) -> Result<pb::ReopenUnitResponse, Fault> {
    let user_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("ReopenUnit", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    let revision = revision("revision", request.revision, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let now = service.clock.now();
    let mut tx = service.db.write("reopen_unit").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let before = at_revision(&mut tx, id, revision).await?;
    let mut unit = before.clone();
    let Some(end) = unit.reopen() else { return Err(faults::unit_not_ending(id)) };
    let heirs = store::succession::out_of(&mut tx, id).await?;
    let heirs: Vec<_> = heirs.iter().filter(|one| one.from == end).map(|one| one.successor_id).collect();
    if !heirs.is_empty() {
        return Err(faults::unit_succeeded(id, &heirs));
    }
    for scheme in Scheme::ALL {
        is_free(&mut tx, &unit, scheme).await?;
    }
    let tree = store::history::all(&mut tx).await?;
    let mut structure = tree.clone();
    structure.add(unit);
    let misplaced = structure.settle_since(&tree, end);
    if !misplaced.is_empty() {
        return Err(faults::misplaced(&misplaced));
    }
    let mut unit = structure.get(id).cloned().ok_or_else(|| faults::no_unit(id))?;
    save(&mut tx, service, (&before, &mut unit), now).await?;
    let entry = entry("unit.reopen", Some(&before), &unit, reason);
    audit::append(&mut tx, service, caller, &[entry]).await?;
    let answer = pb::ReopenUnitResponse { unit: shown(&unit, end) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}
