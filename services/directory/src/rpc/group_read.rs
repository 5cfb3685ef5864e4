use base::fold;
use congvan_proto::directory::v1 as pb;
use directory_domain::{GroupKind, limits};
use kit::{Fault, Violations, caller::Caller};

use super::{by_name, dates::as_of};
use crate::{
    Directory, faults, permission, shape,
    store::{self, group::Filter},
};

/// Reads one group with its members.
pub(super) async fn get(
    service: &Directory,
    caller: &Caller,
    request: pb::GetGroupRequest,
) -> Result<pb::GetGroupResponse, Fault> {
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    let on = as_of(service, "asOfDate", &request.as_of_date, &mut violations);
    violations.check()?;
    let mut read = service.db.read("get_group").await?;
    let group = store::group::find(&mut read, id).await?;
    let group = group.filter(|group| permission::sees(caller, group.owner_agency_id));
    let group = group.ok_or_else(|| faults::no_group(id))?;
    let members: Vec<_> = group.members.iter().copied().collect();
    let names = store::group_member::names(&mut read, &members, on).await?;
    let mut answer = shape::group(&group, members.len());
    answer.members = members.iter().map(|member| shape::group_member(member, names.get(member))).collect();
    Ok(pb::GetGroupResponse { group: Some(answer) })
}

/// Lists groups by name.
pub(super) async fn list(
    service: &Directory,
    caller: &Caller,
    request: pb::ListGroupsRequest,
) -> Result<pb::ListGroupsResponse, Fault> {
    let mut violations = Violations::default();
    let kind = GroupKind::numbered(request.kind);
    if kind.is_none() && request.kind != 0 {
        violations.add("kind", "không có loại nhóm này", "is no kind of group");
    }
    let filter = Filter {
        kind,
        query: fold(&violations.text("query", &request.query, false, limits::GROUP_NAME)),
        name: violations.text("name", &request.name, false, limits::GROUP_NAME),
        external_id: violations.text("externalId", &request.external_id, false, limits::EXTERNAL_ID),
        owner_agency_id: violations.optional_id("ownerAgencyId", &request.owner_agency_id),
        member_id: violations.optional_id("memberId", &request.member_id),
        seen_from: permission::group_viewer(caller),
    };
    let size = violations.page_size(request.page_size, 100, 1000);
    violations.check()?;
    // Not who sees them: a page later the caller may hold other posts, and the list goes on where it was.
    let list = format!("groups/{:?}", Filter { seen_from: None, ..filter.clone() });
    let (name, id) = by_name::after(&list, &request.page_token)?;
    let mut read = service.db.read("list_groups").await?;
    let found = store::group::list(&mut read, &filter, (&name, id), size + 1).await?;
    let (page, next_page_token) = by_name::page(found, size, &list, |(group, _)| (&group.name, group.id));
    let groups = page
        .iter()
        .map(|(group, members)| shape::group(group, usize::try_from(*members).unwrap_or_default()));
    Ok(pb::ListGroupsResponse { groups: groups.collect(), next_page_token })
}
