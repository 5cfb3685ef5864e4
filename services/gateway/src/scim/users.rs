//! `/Users`: people, kept by other software.

use axum::response::Response;
use congvan_proto::directory::v1 as pb;
use http::StatusCode;
use kit::Text;
use prost_types::FieldMask;
use serde_json::Value as Json;

use super::{
    ATTEMPTS, Call, REASON,
    body::{self, Object},
    directory::Unchanged,
    error::{Kind, Refusal, Result},
    filter::Filter,
    groups, patch,
    plan::Plan,
    query::Query,
    schema::USER,
    user,
};

/// Reads one.
pub(super) async fn get(call: &Call, id: &str) -> Result<Response> {
    let user = call.directory.user(id).await?;
    if call.conditions.knows(user.revision) {
        return Ok(Call::not_modified(user.revision));
    }
    answer(call, StatusCode::OK, &user).await
}

/// Records one. It has no password: the person signs in through the provider that keeps it, or gets one from an administrator.
pub(super) async fn create(call: &Call, written: &Json) -> Result<Response> {
    let wanted = user::person(&body::resource(&USER, written)?, None)?;
    let request =
        pb::CreateUserRequest { inactive: !wanted.active, user: Some(wanted), ..Default::default() };
    let user = call.directory.create(request).await?;
    answer(call, StatusCode::CREATED, &user).await
}

/// Writes one anew. What is missing becomes empty, except that nobody is activated by silence.
pub(super) async fn replace(call: &Call, id: &str, written: &Json) -> Result<Response> {
    let wanted = body::resource(&USER, written)?;
    change(call, id, |_| Ok(wanted.clone())).await
}

/// Changes a part of one.
pub(super) async fn patch(call: &Call, id: &str, written: &Json) -> Result<Response> {
    let operations = patch::read(&USER, written)?;
    change(call, id, |stored| {
        let mut resource = user::resource(stored, &call.root);
        patch::apply(&operations, &mut resource)?;
        Ok(resource)
    })
    .await
}

/// Ends it for other software; the directory keeps its history.
pub(super) async fn delete(call: &Call, id: &str) -> Result<Response> {
    for _ in 0..ATTEMPTS {
        let stored = call.directory.user(id).await?;
        call.conditions.check(stored.revision)?;
        let request = pb::WithdrawUserRequest {
            id: stored.id,
            revision: stored.revision,
            reason: REASON.to_owned(),
            ..Default::default()
        };
        match call.directory.withdraw(request).await {
            Ok(()) => return Ok(super::answer::empty(StatusCode::NO_CONTENT)),
            Err(Unchanged::Overtaken) if call.conditions.any() => {}
            Err(Unchanged::Overtaken) => break,
            Err(Unchanged::Refused(refusal)) => return Err(refusal),
        }
    }
    Err(Refusal::changed())
}

/// One change of everything at once, of the revision that was read. If another was faster it is made again on what that left,
/// unless the caller meant a certain version.
async fn change(call: &Call, id: &str, wanted: impl Fn(&pb::User) -> Result<Object>) -> Result<Response> {
    for _ in 0..ATTEMPTS {
        let stored = call.directory.user(id).await?;
        call.conditions.check(stored.revision)?;
        let after = user::person(&wanted(&stored)?, Some(&stored))?;
        let paths = user::changes(&stored, &after);
        if paths.is_empty() {
            return answer(call, StatusCode::OK, &stored).await;
        }
        let request = pb::UpdateUserRequest {
            user: Some(after),
            update_mask: Some(FieldMask { paths }),
            reason: REASON.to_owned(),
            ..Default::default()
        };
        match call.directory.update(request).await {
            Ok(user) => return answer(call, StatusCode::OK, &user).await,
            Err(Unchanged::Overtaken) if call.conditions.any() => {}
            Err(Unchanged::Overtaken) => break,
            Err(Unchanged::Refused(refusal)) => return Err(refusal),
        }
    }
    Err(Refusal::changed())
}

/// A page of those whom the filter means, and how many there are.
pub(super) async fn list(call: &Call, query: &Query, filter: Option<&Filter>) -> Result<(Vec<Json>, usize)> {
    let order = order(query)?;
    let (users, total) = match Plan::of(filter) {
        Plan::Nobody => (Vec::new(), 0),
        Plan::Exactly(request) => page(call, query, pb::ListUsersRequest { order, ..*request }).await?,
        Plan::Some(request) => {
            let request = pb::ListUsersRequest { order, ..*request };
            let mut found = call.directory.matching(request, filter, &call.root).await?;
            if query.descending {
                found.reverse();
            }
            let total = found.len();
            (found.into_iter().skip(query.start).take(query.count).collect(), total)
        }
    };
    let mut resources = Vec::with_capacity(users.len());
    for user in &users {
        resources.push(seen(call, user, query).await?);
    }
    Ok((resources, total))
}

/// A page that the directory cuts itself. It counts from the start; a descending list is read from its end.
async fn page(call: &Call, query: &Query, request: pb::ListUsersRequest) -> Result<(Vec<pb::User>, usize)> {
    let request = pb::ListUsersRequest { with_total_size: true, ..request };
    let cut = |skip: usize, count: usize| pb::ListUsersRequest {
        skip: i32::try_from(skip).unwrap_or(i32::MAX).min(1_000_000),
        page_size: i32::try_from(count.max(1)).unwrap_or(i32::MAX),
        ..request.clone()
    };
    if !query.descending {
        let mut page = call.directory.list(cut(query.start, query.count)).await?;
        page.users.truncate(query.count);
        return Ok((page.users, total(page.total_size)));
    }
    let all = total(call.directory.list(cut(0, 0)).await?.total_size);
    let end = all.saturating_sub(query.start);
    let start = end.saturating_sub(query.count);
    if start == end {
        return Ok((Vec::new(), all));
    }
    let mut users = call.directory.list(cut(start, end - start)).await?.users;
    users.truncate(end - start);
    users.reverse();
    Ok((users, all))
}

fn total(size: i32) -> usize {
    usize::try_from(size).unwrap_or(0)
}

/// New people come last unless the caller wants them by name: no page moves when one is added.
fn order(query: &Query) -> Result<i32> {
    let order = match query.sort_by.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("id" | "meta.created") => pb::UserOrder::Recorded,
        Some("username") => pb::UserOrder::Unspecified,
        Some(_) => {
            let text = Text::new(
                "sortBy chỉ nhận userName, id hoặc meta.created.",
                "sortBy takes only userName, id or meta.created.",
            );
            return Err(Refusal::new(Kind::InvalidPath, &text));
        }
    };
    Ok(order.into())
}

async fn answer(call: &Call, status: StatusCode, user: &pb::User) -> Result<Response> {
    let query = Query { projection: call.projection.clone(), ..Query::default() };
    let resource = seen(call, user, &query).await?;
    Ok(call.resource(status, &USER, &user.id, user.revision, &resource))
}

/// What the caller wants to see of a person.
async fn seen(call: &Call, user: &pb::User, query: &Query) -> Result<Json> {
    let mut resource = user::resource(user, &call.root);
    if query.projection.asks_for(&USER, "groups") {
        resource.insert("groups".to_owned(), groups::of_member(call, &user.id).await?);
    }
    Ok(Json::Object(query.projection.of(&USER, resource)))
}
