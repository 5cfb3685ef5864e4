use congvan_proto::directory::v1 as pb;
use directory_domain::UnitHistory;
use kit::{Fault, Violations, caller::Caller};

use super::audit;
use crate::{Directory, faults, shape, store};

/// Tells what a unit was, period by period, and who took over from whom.
pub(super) async fn get(
    service: &Directory,
    caller: &Caller,
    request: pb::GetUnitHistoryRequest,
) -> Result<pb::GetUnitHistoryResponse, Fault> {
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let mut read = service.db.read("get_unit_history").await?;
    let unit = store::history::find(&mut read, id).await?.ok_or_else(|| faults::no_unit(id))?;
    let predecessors = store::succession::into(&mut read, id).await?;
    let successors = store::succession::out_of(&mut read, id).await?;
    let changes = audit::of(&mut read, caller, id).await?;
    Ok(pb::GetUnitHistoryResponse {
        versions: versions(&unit),
        identifiers: unit.identifiers.iter().map(shape::identifier).collect(),
        predecessors: predecessors.iter().map(shape::succession).collect(),
        successors: successors.iter().map(shape::succession).collect(),
        changes,
    })
}

/// What the unit was in each period, with the days of the period.
fn versions(unit: &UnitHistory) -> Vec<pb::Unit> {
    let shown = unit.versions.iter().filter_map(|version| {
        let shown = shape::unit(&unit.on(version.period.from)?);
        let (start_date, end_date) = (shape::start(version.period), shape::end(version.period));
        Some(pb::Unit { start_date, end_date, ..shown })
    });
    shown.collect()
}
