use congvan_proto::directory::v1 as pb;
use kit::{Fault, Violations, caller::Caller};

use super::dates::as_of;
use crate::{Directory, faults, shape, store};

/// Reads one user.
pub(super) async fn get(
    service: &Directory,
    _: &Caller,
    request: pb::GetUserRequest,
) -> Result<pb::GetUserResponse, Fault> {
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    let on = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    violations.check()?;
    let user = store::user::find(&mut service.db.read("get_user").await?, id, on).await?;
    let user = user.ok_or_else(|| faults::no_user(id))?;
    Ok(pb::GetUserResponse { user: Some(shape::user(&user)) })
}
