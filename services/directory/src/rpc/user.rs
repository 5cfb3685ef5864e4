use std::collections::HashMap;

use base::{Date, Uuid};
use congvan_proto::directory::v1::{self as pb, user_service_server::UserService};
use directory_domain::{
    Capacity, Period, Roles, Tenure, User, Wanted, email, full_name, limits, phone, position, sign_in_name,
};
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::{dates, user_activity, user_change, user_history, user_list, user_read, user_search};
use crate::{
    Directory, changes, faults, flaws::note, passwords, permission, shape, staffing, states, store,
    store::audit,
};

calls! { UserService:
    create_user(CreateUserRequest) -> CreateUserResponse = create;
    get_user(GetUserRequest) -> GetUserResponse = user_read::get;
    get_user_history(GetUserHistoryRequest) -> GetUserHistoryResponse = user_history::get;
    list_users(ListUsersRequest) -> ListUsersResponse = user_list::list;
    search_users(SearchUsersRequest) -> SearchUsersResponse = user_search::search;
    update_user(UpdateUserRequest) -> UpdateUserResponse = user_change::update;
    deactivate_user(DeactivateUserRequest) -> DeactivateUserResponse = user_activity::deactivate;
    reactivate_user(ReactivateUserRequest) -> ReactivateUserResponse = user_activity::reactivate;
    withdraw_user(WithdrawUserRequest) -> WithdrawUserResponse = user_activity::withdraw;
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
    let written = request.user.unwrap_or_default();
    let mut user = User { is_active: !request.inactive, ..parse(service, &written, &mut violations) };
    let wanted = posts(service, &written.appointments, &mut violations);
    let hash = first_hash(service, &password, &user, &mut violations).await?;

    let mut tx = service.db.write("create_user").await?;
    if let Some(answer) = once.recall(&mut tx, user.created_at).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    exist(&mut tx, &wanted, &mut violations).await?;
    if violations.is_empty() && store::user::is_taken(&mut tx, &user.sign_in_name).await? {
        return Err(faults::sign_in_name_taken(&user.sign_in_name));
    }
    let units = wanted.iter().map(|wanted| wanted.unit_id).collect();
    let mut staff = staffing::load(&mut tx, units, Vec::new()).await?;
    for (place, wanted) in (1_u32..).zip(&wanted) {
        let seated = staff.seat(user.id, wanted, place, || service.ids.next(), user.created_at);
        if let Err(unseated) = seated {
            staffing::refuse(&format!("user.appointments[{}]", place - 1), &unseated, &mut violations);
        }
    }
    violations.check()?;
    store::user::insert(&mut tx, std::slice::from_ref(&user)).await?;
    staffing::save(&mut tx, &staff).await?;
    store::credential::insert(&mut tx, hash.into_iter().map(|hash| (user.id, hash)).collect()).await?;
    events::append(&mut tx, vec![changes::user_changed(&service.ids, &user)]).await?;
    if let Some(stored) = store::user::find(&mut tx, user.id, service.today()).await? {
        user = stored;
    }
    let entry = audit::Entry {
        action: "user.create",
        subject_kind: "user",
        subject_id: user.id,
        reason: String::new(),
        before: None,
        after: Some(states::user(&user)),
    };
    let entries: Vec<_> = std::iter::once(entry).chain(staffing::entries(&staff, "")).collect();
    audit::append(&mut tx, service, caller, &entries).await?;
    let answer = pb::CreateUserResponse { user: Some(shape::user(&user)) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The hash of a first password; none without one: such a person signs in in another way, or gets a password later.
async fn first_hash(
    service: &Directory,
    password: &str,
    user: &User,
    violations: &mut Violations,
) -> Result<Option<String>, Fault> {
    if password.is_empty() {
        return Ok(None);
    }
    match passwords::chosen(service, "password", password, user, violations).await? {
        Some(password) => service.hashing.hash(password).await.map(Some),
        None => Ok(None),
    }
}

/// The user as it is written, without posts; every violation is noted.
fn parse(service: &Directory, written: &pb::User, violations: &mut Violations) -> User {
    let now = service.clock.now();
    User {
        id: service.ids.next(),
        revision: 1,
        sign_in_name: note(violations, "user.signInName", sign_in_name(&written.sign_in_name)),
        full_name: note(violations, "user.fullName", full_name(&written.full_name)),
        email: note(violations, "user.email", email(&written.email)),
        phone: note(violations, "user.phone", phone(&written.phone)),
        external_id: violations.text("user.externalId", &written.external_id, false, limits::EXTERNAL_ID),
        is_active: true,
        is_withdrawn: false,
        is_administrator: false,
        appointments: Vec::new(),
        created_at: now,
        updated_at: now,
    }
}

/// The posts as they are written. The first is the main one, if none says so.
fn posts(service: &Directory, written: &[pb::Appointment], violations: &mut Violations) -> Vec<Wanted> {
    if !few_enough("user.appointments", written.len(), violations) {
        return Vec::new();
    }
    let named = written.iter().filter(|post| post.primary).count();
    if named > 1 {
        violations.add(
            "user.appointments",
            "chỉ một chức vụ được là chức vụ chính",
            "names more than one main post",
        );
    }
    let mut wanted: Vec<Wanted> = Vec::with_capacity(written.len());
    for (index, post) in written.iter().enumerate() {
        let field = |name: &str| format!("user.appointments[{index}].{name}");
        let post = Wanted {
            unit_id: violations.id(&field("unitId"), &post.unit_id),
            title: note(violations, &field("position"), position(&post.position)),
            roles: note(violations, &field("roles"), Roles::numbered(&post.roles).map(Some))
                .unwrap_or(Roles::NONE),
            capacity: capacity(&field("capacity"), post.capacity, violations),
            is_primary: if named == 0 { index == 0 } else { post.primary },
            period: dates::period(
                service,
                (&field("startDate"), &post.start_date),
                (&field("endDate"), &post.end_date),
                violations,
            ),
        };
        wanted.push(post);
    }
    let roles = wanted.iter().fold(Roles::NONE, |all, post| all.and(post.roles));
    staffing::keep_apart("user.appointments", roles, violations);
    wanted
}

/// A capacity; the holder when it is unspecified.
pub(super) fn capacity(field: &str, number: i32, violations: &mut Violations) -> Capacity {
    if number == 0 {
        return Capacity::Holder;
    }
    Capacity::numbered(number).unwrap_or_else(|| {
        violations.add(field, "không có tư cách giữ chức vụ này", "is no capacity");
        Capacity::Holder
    })
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

/// Fails if a person who holds these would have too many posts at once with one more.
pub(super) fn few_enough_posts(held: &[Tenure], period: Period) -> Result<(), Fault> {
    let mut violations = Violations::default();
    let beside = held.iter().filter(|one| one.period.overlaps(period)).count();
    few_enough("positionId", beside + 1, &mut violations);
    violations.check()
}

/// A violation for each post whose unit does not exist on all of its days, and for each that is named twice.
async fn exist(tx: &mut Write, wanted: &[Wanted], violations: &mut Violations) -> Result<(), Fault> {
    let mut by_day: HashMap<Date, Vec<Uuid>> = HashMap::new();
    for post in wanted {
        by_day.entry(post.period.from).or_default().push(post.unit_id);
    }
    let mut found: HashMap<(Date, Uuid), Period> = HashMap::new();
    for (day, ids) in by_day {
        let units = store::unit::among(tx, ids, day).await?;
        found.extend(units.iter().map(|unit| ((day, unit.id), unit.period)));
    }
    for (index, post) in wanted.iter().enumerate() {
        let twice = wanted[..index].iter().any(|other| staffing::same_post(other, post));
        if twice && !post.unit_id.is_nil() {
            let field = format!("user.appointments[{index}].unitId");
            violations.add(field, "chức vụ này đã có ở trên", "names this post twice");
        }
        let known = found.get(&(post.period.from, post.unit_id));
        if post.unit_id.is_nil() || known.is_some_and(|period| period.covers(post.period)) {
            continue; // the nil id stands for one that could not be read and was noted
        }
        let field = format!("user.appointments[{index}].unitId");
        match known {
            None => violations.add(field, "không có đơn vị này trong danh bạ", "is no unit of the directory"),
            Some(period) => violations.add(
                field,
                format!("đơn vị này chỉ có {}", staffing::days_vi(*period)),
                format!("names a unit that exists only {}", staffing::days_en(*period)),
            ),
        }
    }
    Ok(())
}
