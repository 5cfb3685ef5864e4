//! `/Groups`: groups of people, kept by other software.

use axum::response::Response;
use congvan_proto::directory::v1 as pb;
use http::StatusCode;
use kit::Text;
use prost_types::FieldMask;
use serde_json::{Value as Json, json};

use super::{
    ATTEMPTS, Call, REASON, answer,
    body::{self, Object},
    directory::{Unchanged, too_many},
    error::{Kind, Refusal, Result},
    filter::{Filter, Literal, Operator, matches},
    group, patch,
    query::Query,
    schema::GROUP,
};

/// Most groups that one answer, or one filter, takes with their members.
const WITH_MEMBERS: usize = 1000;

/// Reads one.
pub(super) async fn get(call: &Call, id: &str) -> Result<Response> {
    let group = call.directory.group(id).await?;
    if call.conditions.knows(group.revision) {
        return Ok(Call::not_modified(group.revision));
    }
    Ok(one(call, StatusCode::OK, &group))
}

/// Records one, of the whole directory.
pub(super) async fn create(call: &Call, written: &Json) -> Result<Response> {
    let wanted = group::group(&body::resource(&GROUP, written)?, &pb::Group::default());
    let created = call.directory.create_group(wanted, REASON).await?;
    let stored = call.directory.group(&created.id).await?;
    Ok(one(call, StatusCode::CREATED, &stored))
}

/// Writes one anew. What is missing becomes empty.
pub(super) async fn replace(call: &Call, id: &str, written: &Json) -> Result<Response> {
    let wanted = body::resource(&GROUP, written)?;
    change(call, id, |_| Ok(wanted.clone())).await
}

/// Changes a part of one.
pub(super) async fn patch(call: &Call, id: &str, written: &Json) -> Result<Response> {
    let operations = patch::read(&GROUP, written)?;
    change(call, id, |stored| {
        let mut resource = group::resource(stored, &call.root);
        patch::apply(&operations, &mut resource)?;
        Ok(resource)
    })
    .await
}

/// Deletes one.
pub(super) async fn delete(call: &Call, id: &str) -> Result<Response> {
    for _ in 0..ATTEMPTS {
        let pb::Group { id, revision, .. } = call.directory.group(id).await?;
        call.conditions.check(revision)?;
        let request =
            pb::DeleteGroupRequest { id, revision, reason: REASON.to_owned(), ..Default::default() };
        match call.directory.delete_group(request).await {
            Ok(()) => return Ok(answer::empty(StatusCode::NO_CONTENT)),
            Err(Unchanged::Overtaken) if call.conditions.any() => {}
            Err(Unchanged::Overtaken) => break,
            Err(Unchanged::Refused(refusal)) => return Err(refusal),
        }
    }
    Err(Refusal::changed())
}

async fn change(call: &Call, id: &str, wanted: impl Fn(&pb::Group) -> Result<Object>) -> Result<Response> {
    for _ in 0..ATTEMPTS {
        let stored = call.directory.group(id).await?;
        call.conditions.check(stored.revision)?;
        let after = group::group(&wanted(&stored)?, &stored);
        let paths = group::changes(&stored, &after);
        if paths.is_empty() {
            return Ok(one(call, StatusCode::OK, &stored));
        }
        let request = pb::UpdateGroupRequest {
            group: Some(after),
            update_mask: Some(FieldMask { paths }),
            reason: REASON.to_owned(),
            ..Default::default()
        };
        match call.directory.update_group(request).await {
            Ok(()) => return Ok(one(call, StatusCode::OK, &call.directory.group(id).await?)),
            Err(Unchanged::Overtaken) if call.conditions.any() => {}
            Err(Unchanged::Overtaken) => break,
            Err(Unchanged::Refused(refusal)) => return Err(refusal),
        }
    }
    Err(Refusal::changed())
}

fn one(call: &Call, status: StatusCode, group: &pb::Group) -> Response {
    let resource = Json::Object(call.projection.of(&GROUP, group::resource(group, &call.root)));
    call.resource(status, &GROUP, &group.id, group.revision, &resource)
}

/// A page of those that the filter means, and how many there are.
pub(super) async fn list(call: &Call, query: &Query, filter: Option<&Filter>) -> Result<(Vec<Json>, usize)> {
    let mut found = call.directory.groups_like(narrowed(filter)).await?;
    if filter.is_some_and(mentions_members) {
        found = with_members(call, found).await?;
    }
    let resource = |group: &pb::Group| group::resource(group, &call.root);
    found.retain(|group| filter.is_none_or(|filter| matches(filter, &resource(group))));
    sort(query, &mut found)?;
    let total = found.len();
    let shows_members = query.projection.shows(&GROUP, "members");
    let count = if shows_members { query.count.min(WITH_MEMBERS) } else { query.count };
    let mut page: Vec<_> = found.into_iter().skip(query.start).take(count).collect();
    if shows_members {
        page = with_members(call, page).await?;
    }
    let seen = page.iter().map(|group| Json::Object(query.projection.of(&GROUP, resource(group))));
    Ok((seen.collect(), total))
}

/// The groups that name a person, as the person shows them.
pub(super) async fn of_member(call: &Call, id: &str) -> Result<Json> {
    let request = pb::ListGroupsRequest { member_id: id.to_owned(), ..Default::default() };
    let groups = call.directory.groups_like(request).await?;
    let groups = groups.iter().map(|group| {
        json!({
            "value": group.id,
            "$ref": call.root.of_resource(&GROUP, &group.id),
            "display": group.name,
            "type": "direct",
        })
    });
    Ok(groups.collect())
}

async fn with_members(call: &Call, groups: Vec<pb::Group>) -> Result<Vec<pb::Group>> {
    if groups.len() > WITH_MEMBERS {
        return Err(too_many(i32::try_from(groups.len()).unwrap_or(i32::MAX)));
    }
    let mut read = Vec::with_capacity(groups.len());
    for group in groups {
        match call.directory.group(&group.id).await {
            Ok(group) => read.push(group),
            Err(refusal) if refusal.status == StatusCode::NOT_FOUND => {} // deleted since it was listed
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(read)
}

/// What of the filter the directory can look for; it may find others too.
fn narrowed(filter: Option<&Filter>) -> pb::ListGroupsRequest {
    let mut request = pb::ListGroupsRequest::default();
    let parts = match filter {
        None => [].as_slice(),
        Some(Filter::All(parts)) => parts.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    for part in parts {
        let (outer, part) = match part {
            Filter::Element { attribute, inner } => (attribute.name.as_str(), &**inner),
            part => ("", part),
        };
        let Filter::Compare { target, operator: Operator::Equal, value: Literal::Text(text) } = part else {
            continue;
        };
        let sub = target.sub.map_or("", |sub| &sub.name);
        match (outer, target.attribute.name.as_str(), sub) {
            ("", "externalId", "") => request.external_id.clone_from(text),
            ("", "displayName", "") if text.chars().count() <= 200 => request.query.clone_from(text),
            ("", "members", "value") | ("members", "value", "") if text.parse::<base::Uuid>().is_ok() => {
                request.member_id.clone_from(text);
            }
            _ => {}
        }
    }
    request
}

fn mentions_members(filter: &Filter) -> bool {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter().any(mentions_members),
        Filter::Not(inner) => mentions_members(inner),
        Filter::Element { attribute, .. } => attribute.name == "members",
        Filter::Compare { target, .. } | Filter::Present(target) => target.attribute.name == "members",
        Filter::Never => false,
    }
}

fn sort(query: &Query, groups: &mut [pb::Group]) -> Result<()> {
    match query.sort_by.as_deref().map(str::to_ascii_lowercase).as_deref() {
        None | Some("id" | "meta.created") => groups.sort_by(|one, other| one.id.cmp(&other.id)),
        Some("displayname") => groups.sort_by_key(|group| group.name.to_lowercase()),
        Some(_) => {
            let text = Text::new(
                "sortBy chỉ nhận displayName, id hoặc meta.created.",
                "sortBy takes only displayName, id or meta.created.",
            );
            return Err(Refusal::new(Kind::InvalidPath, &text));
        }
    }
    if query.descending {
        groups.reverse();
    }
    Ok(())
}
