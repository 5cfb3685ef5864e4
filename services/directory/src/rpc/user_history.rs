use congvan_proto::directory::v1 as pb;
use kit::{Fault, Violations, caller::Caller};

use super::audit;
use crate::{Directory, faults, shape, store};

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
    let changes = audit::of(&mut read, caller, id).await?;
    Ok(pb::GetUserHistoryResponse { appointments: posts.iter().map(shape::appointment).collect(), changes })
}
