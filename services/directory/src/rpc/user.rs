use std::collections::HashMap;

use base::Uuid;
use congvan_proto::directory::v1::{self as pb, user_service_server::UserService};
use directory_domain::{
    Appointment, Password, Roles, User, email, full_name, limits, position, sign_in_name,
};
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::user_read;
use crate::{Directory, changes, faults, flaws::note, permission, shape, store};

calls! { UserService:
    create_user(CreateUserRequest) -> CreateUserResponse = create;
    get_user(GetUserRequest) -> GetUserResponse = user_read::get;
    list_users(ListUsersRequest) -> ListUsersResponse = user_read::list;
}

/// Records a user.
async fn create(
    service: &Directory,
    caller: &Caller,
    mut request: pb::CreateUserRequest,
) -> Result<pb::CreateUserResponse, Fault> {
    let caller_id = permission::administrator(caller)?.user_id;
    let mut violations = Violations::default();
    // Taken out first: the fingerprint of the request is kept, and a quick hash of a password must not be.
    let password = std::mem::take(&mut request.password);
    let once = Once::new("CreateUser", caller_id, &request.request_id, &request, &mut violations);
    let mut user = parse(service, &request.user.unwrap_or_default(), &mut violations);
    let hash = match note(&mut violations, "password", Password::chosen(&password).map(Some)) {
        Some(password) => service.hashing.hash(password).await?,
        None => String::new(),
    };

    let mut tx = service.db.write("create_user").await?;
    if let Some(answer) = once.recall(&mut tx, user.created_at).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    find_agencies(&mut tx, &mut user, &mut violations).await?;
    violations.check()?;
    if store::user::is_taken(&mut tx, &user.sign_in_name).await? {
        return Err(faults::sign_in_name_taken(&user.sign_in_name));
    }
    store::user::insert(&mut tx, std::slice::from_ref(&user)).await?;
    store::credential::insert(&mut tx, vec![(user.id, hash)]).await?;
    events::append(&mut tx, vec![changes::user_changed(&service.ids, &user)]).await?;
    let answer = pb::CreateUserResponse { user: Some(shape::user(&user)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The user as it is written, agencies not yet known; every violation is noted.
fn parse(service: &Directory, written: &pb::User, violations: &mut Violations) -> User {
    let now = service.clock.now();
    User {
        id: service.ids.next(),
        revision: 1,
        sign_in_name: note(violations, "user.signInName", sign_in_name(&written.sign_in_name)),
        full_name: note(violations, "user.fullName", full_name(&written.full_name)),
        email: note(violations, "user.email", email(&written.email)),
        is_administrator: false,
        appointments: appointments(&written.appointments, violations),
        created_at: now,
        updated_at: now,
    }
}

fn appointments(written: &[pb::Appointment], violations: &mut Violations) -> Vec<Appointment> {
    if !few_enough("user.appointments", written.len(), violations) {
        return Vec::new();
    }
    let parsed = written.iter().enumerate().map(|(index, post)| {
        let field = format!("user.appointments[{index}]");
        let unit_id = violations.id(&format!("{field}.unitId"), &post.unit_id);
        let position = note(violations, &format!("{field}.position"), position(&post.position));
        let roles = note(violations, &format!("{field}.roles"), Roles::numbered(&post.roles).map(Some));
        Appointment { unit_id, agency_id: unit_id, position, roles: roles.unwrap_or(Roles::from_bits(0)) }
    });
    parsed.collect()
}

/// Whether there are not too many posts; a violation otherwise.
pub(super) fn few_enough(field: &str, count: usize, violations: &mut Violations) -> bool {
    let limit = limits::APPOINTMENTS;
    if count > limit {
        violations.add(
            field,
            format!("có {count} chức vụ, tối đa {limit}"),
            format!("has {count} posts, at most {limit} are allowed"),
        );
    }
    count <= limit
}

/// Gives the posts their agencies; a violation for each unit that is not there and each post that is named twice.
async fn find_agencies(tx: &mut Write, user: &mut User, violations: &mut Violations) -> Result<(), Fault> {
    let ids = user.appointments.iter().map(|post| post.unit_id).collect();
    let units = store::unit::among(tx, ids).await?;
    let agencies: HashMap<Uuid, Uuid> = units.iter().map(|unit| (unit.id, unit.agency_id)).collect();
    let mut seen = Vec::with_capacity(user.appointments.len());
    for (index, post) in user.appointments.iter_mut().enumerate() {
        let field = format!("user.appointments[{index}].unitId");
        match agencies.get(&post.unit_id) {
            Some(agency_id) => post.agency_id = *agency_id,
            None if post.unit_id.is_nil() => {} // could not be read and was noted
            None => {
                violations.add(&field, "không có đơn vị này trong danh bạ", "is no unit of the directory");
            }
        }
        let held = (post.unit_id, post.position.clone());
        if !post.unit_id.is_nil() && seen.contains(&held) {
            violations.add(field, "chức vụ này đã có ở trên", "names this post twice");
        }
        seen.push(held);
    }
    Ok(())
}
