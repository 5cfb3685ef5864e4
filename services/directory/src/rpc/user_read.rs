use congvan_proto::directory::v1 as pb;
use directory_domain::Roles;
use kit::{Fault, Violations, caller::Caller};

use super::{dates::as_of, last_key, page, unit_read::ids};
use crate::{
    Directory, faults,
    flaws::note,
    shape,
    store::{self, user::Filter},
};

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

/// Lists users by sign-in name.
pub(super) async fn list(
    service: &Directory,
    _: &Caller,
    request: pb::ListUsersRequest,
) -> Result<pb::ListUsersResponse, Fault> {
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size, 100, 1000);
    let role = match request.role {
        0 => None,
        number => note(&mut violations, "role", Roles::numbered(&[number]).map(Some)),
    };
    let on = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    let mut agency_ids = ids("agencyIds", &request.agency_ids, &mut violations);
    violations.check()?;
    // In one order, so that the token fits however the caller orders them.
    agency_ids.sort_unstable();
    agency_ids.dedup();
    let list = format!("users/{:?}/{agency_ids:?}/{on}", request.role);
    let after = last_key(&list, &request.page_token)?;
    let mut read = service.db.read("list_users").await?;
    let found = store::user::list(&mut read, Filter { agency_ids, role }, (&after, size + 1), on).await?;
    let (users, next_page_token) = page(found, size, &list, |user| &user.sign_in_name);
    Ok(pb::ListUsersResponse { users: users.iter().map(shape::user).collect(), next_page_token })
}
