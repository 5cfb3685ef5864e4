use congvan_proto::directory::v1 as pb;
use kit::{Fault, Violations, caller::Caller};
use sql::answers::Once;

use crate::{
    Directory, permission,
    store::{self, work::Work},
};

/// Most agencies in one report.
const ROWS: usize = 20_000;

/// Notes what waits in agencies.
pub(super) async fn report(
    service: &Directory,
    caller: &Caller,
    request: pb::ReportUnitWorkRequest,
) -> Result<pb::ReportUnitWorkResponse, Fault> {
    permission::documents(caller)?;
    let mut violations = Violations::default();
    let by = base::Uuid::nil(); // a service has no id
    let once = Once::new("ReportUnitWork", by, &request.request_id, &request, &mut violations);
    let count = request.work.len();
    if count > ROWS {
        violations.add(
            "work",
            format!("có {count} dòng, tối đa {ROWS}"),
            format!("has {count} rows, at most {ROWS} are allowed"),
        );
    }
    let work = request.work.iter().enumerate().map(|(index, work)| Work {
        unit_id: violations.id(&format!("work[{index}].unitId"), &work.unit_id),
        undecided_deliveries: work.undecided_deliveries.into(),
        unissued_documents: work.unissued_documents.into(),
        registers: work.registers.into(),
    });
    let work: Vec<Work> = work.collect();
    violations.check()?;
    let now = service.clock.now();
    let mut tx = service.db.write("report_unit_work").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::work::note(&mut tx, &work, now).await?;
    let answer = pb::ReportUnitWorkResponse {};
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}
