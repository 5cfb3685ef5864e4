use congvan_proto::directory::v1 as pb;
use kit::{Fault, Violations, caller::Caller};

use crate::{
    Directory, faults, permission, shape,
    store::{self, audit::Filter},
};

/// How many changes the history shows.
const CHANGES: u16 = 100;

/// Tells which posts a user held and holds, and what was changed.
pub(super) async fn get(
    service: &Directory,
    caller: &Caller,
    request: pb::GetUserHistoryRequest,
) -> Result<pb::GetUserHistoryResponse, Fault> {
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let mut read = service.db.read("get_user_history").await?;
    store::user::find(&mut read, id, service.today()).await?.ok_or_else(|| faults::no_user(id))?;
    let posts = store::user::all_posts(&mut read, id).await?;
    let changes = if permission::reads_audit(caller) {
        store::audit::list(&mut read, Filter::all_of(id), None, CHANGES).await?
    } else {
        Vec::new()
    };
    Ok(pb::GetUserHistoryResponse {
        appointments: posts.iter().map(shape::appointment).collect(),
        changes: changes.iter().map(shape::audit_entry).collect(),
    })
}
