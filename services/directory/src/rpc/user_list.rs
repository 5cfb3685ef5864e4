use base::{Date, Timestamp, clean};
use congvan_proto::directory::v1 as pb;
use directory_domain::{Roles, User, limits};
use kit::{Fault, Violations, caller::Caller};
use prost_types::Timestamp as ProtoTime;

use super::{dates::as_of, last_key, page, unit_read::ids};
use crate::{
    Directory,
    flaws::note,
    sessions, shape,
    store::{
        self,
        people::{Key, Order, Part, People},
        user::Filter,
    },
};

/// Most people that a list may leave out at its start.
const SKIP: i32 = 1_000_000;

/// Lists users: by their posts, or by what is known of them.
pub(super) async fn list(
    service: &Directory,
    _: &Caller,
    request: pb::ListUsersRequest,
) -> Result<pb::ListUsersResponse, Fault> {
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size, 100, 1000);
    let on = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    let active = activity(request.activity, &mut violations);
    let by_posts = !request.agency_ids.is_empty() || request.role != 0;
    let filter = posts(&request, active, &mut violations);
    let people = people(&request, active, &mut violations);
    let skip = skip(&request, &mut violations);
    let order = pb::UserOrder::try_from(request.order).ok();
    if order.is_none() {
        violations.add("order", "không có thứ tự này", "is no order");
    }
    if by_posts && beyond_posts(&request) {
        violations.add(
            "agencyIds",
            "agencyIds và role chỉ dùng cùng với activity, withHeirs và asOfDate",
            "agencyIds and role go only with activity, withHeirs and asOfDate",
        );
    }
    if request.with_heirs && request.agency_ids.is_empty() {
        violations.add("withHeirs", "chỉ dùng cùng với agencyIds", "goes only with agencyIds");
    }
    violations.check()?;
    if by_posts {
        let posts = Posts { filter, with_heirs: request.with_heirs, on };
        return of_posts(service, posts, &request.page_token, size).await;
    }
    let by_record = order == Some(pb::UserOrder::Recorded);
    let part = Part { skip, size: size + 1 };
    let asked = Asked { people, by_record, part, on, with_total: request.with_total_size };
    of_people(service, &asked, &request.page_token).await
}

/// A list of people, as it is asked for.
struct Asked {
    people: People,
    by_record: bool,
    /// With one more person than the page takes.
    part: Part,
    on: Date,
    with_total: bool,
}

async fn of_people(service: &Directory, asked: &Asked, token: &str) -> Result<pb::ListUsersResponse, Fault> {
    let Asked { people, by_record, part, on, with_total } = asked;
    let mut part = *part;
    let list = format!("people/{people:?}/{by_record}/{}/{on}", part.skip);
    let after = last_key(&list, token)?;
    if !after.is_empty() {
        part.skip = 0; // they were left out on the first page
    }
    let order =
        if *by_record { Order::Record(after.parse().unwrap_or_default()) } else { Order::Name(after) };
    let mut read = service.db.read("list_people").await?;
    let found = store::people::list(&mut read, people, &order, part, *on).await?;
    let found = found.into_iter().map(|user| (key(&user, *by_record), user)).collect();
    let (found, next_page_token) = page(found, part.size - 1, &list, |(key, _): &(String, User)| key);
    let total = if *with_total { store::people::count(&mut read, people, *on).await? } else { 0 };
    Ok(pb::ListUsersResponse {
        users: found.iter().map(|(_, user)| shape::user(user)).collect(),
        next_page_token,
        total_size: i32::try_from(total).unwrap_or(i32::MAX),
    })
}

fn key(user: &User, by_record: bool) -> String {
    if by_record { user.id.to_string() } else { user.sign_in_name.clone() }
}

/// A list of people by their posts, as it is asked for.
struct Posts {
    filter: Filter,
    with_heirs: bool,
    on: Date,
}

async fn of_posts(
    service: &Directory,
    Posts { mut filter, with_heirs, on }: Posts,
    token: &str,
    size: u16,
) -> Result<pb::ListUsersResponse, Fault> {
    let list = format!("users/{filter:?}/{with_heirs}/{on}");
    let after = last_key(&list, token)?;
    let mut read = service.db.read("list_users").await?;
    let mut heirs = Vec::new();
    if with_heirs {
        heirs = store::succession::heirs(&mut read, filter.agency_ids.clone(), on).await?;
        filter.agency_ids.extend(heirs.iter().map(|(heir_id, _)| *heir_id));
        filter.agency_ids.sort_unstable();
        filter.agency_ids.dedup();
    }
    // Whoever is away stays in the list: the mail of an office must reach somebody even if its stand-in falls ill as well.
    let mut acting = store::situation::of_agencies(&mut read, filter.agency_ids.clone(), on).await?;
    acting.retain(|acting| filter.role.is_none_or(|role| acting.roles.any_of(role)));
    filter.stand_ins = acting.iter().map(|acting| acting.person_id).collect();
    let found = store::user::list(&mut read, filter, (&after, size + 1), on).await?;
    let (users, next_page_token) = page(found, size, &list, |user| &user.sign_in_name);
    let mut users: Vec<_> = users.iter().map(|user| shape::user_standing_in(user, &acting)).collect();
    for user in &mut users {
        sessions::tell_inherited(user, &heirs);
    }
    Ok(pb::ListUsersResponse { users, next_page_token, total_size: 0 })
}

fn posts(request: &pb::ListUsersRequest, active: Option<bool>, violations: &mut Violations) -> Filter {
    let role = match request.role {
        0 => None,
        number => note(violations, "role", Roles::numbered(&[number]).map(Some)),
    };
    // In one order, so that the token fits however the caller orders them.
    let mut agency_ids = ids("agencyIds", &request.agency_ids, violations);
    agency_ids.sort_unstable();
    agency_ids.dedup();
    Filter { agency_ids, role, active, stand_ins: Vec::new() }
}

fn people(request: &pb::ListUsersRequest, active: Option<bool>, violations: &mut Violations) -> People {
    let mut keys = Vec::new();
    if !request.ids.is_empty() {
        keys.push(Key::Ids(ids("ids", &request.ids, violations)));
    }
    for (text, key) in [
        (&request.sign_in_name, Key::SignInName as fn(String) -> Key),
        (&request.external_id, Key::ExternalId),
        (&request.email, |address| Key::Email(address.to_lowercase())),
    ] {
        if !text.is_empty() {
            keys.push(key(clean(text)));
        }
    }
    if keys.len() > 1 {
        violations.add(
            "ids",
            "chỉ dùng một trong ids, signInName, externalId, email",
            "only one of ids, signInName, externalId, email can be used",
        );
    }
    People {
        key: keys.pop(),
        active,
        with_withdrawn: request.with_withdrawn,
        changed_since: request.changed_since.and_then(|since| time(since, violations)),
        name_part: violations.text("namePart", &request.name_part, false, limits::FULL_NAME),
    }
}

/// Whether more is asked than lists by posts can tell.
fn beyond_posts(request: &pb::ListUsersRequest) -> bool {
    let asked = pb::ListUsersRequest {
        agency_ids: Vec::new(),
        role: 0,
        page_size: 0,
        page_token: String::new(),
        as_of_date: String::new(),
        activity: 0,
        with_heirs: false,
        ..request.clone()
    };
    asked != pb::ListUsersRequest::default()
}

fn activity(number: i32, violations: &mut Violations) -> Option<bool> {
    match pb::UserActivity::try_from(number) {
        Ok(pb::UserActivity::Unspecified) => None,
        Ok(pb::UserActivity::Active) => Some(true),
        Ok(pb::UserActivity::Inactive) => Some(false),
        Err(_) => {
            violations.add("activity", "không có trạng thái này", "is no such state");
            None
        }
    }
}

fn skip(request: &pb::ListUsersRequest, violations: &mut Violations) -> u32 {
    match u32::try_from(request.skip) {
        Ok(skip) if request.skip <= SKIP => skip,
        _ => {
            violations.add("skip", format!("từ 0 đến {SKIP}"), format!("must be 0 to {SKIP}"));
            0
        }
    }
}

fn time(at: ProtoTime, violations: &mut Violations) -> Option<Timestamp> {
    let time = Timestamp::new(at.seconds, at.nanos).ok();
    if time.is_none() {
        violations.add("changedSince", "không phải là thời điểm", "is no time");
    }
    time
}
