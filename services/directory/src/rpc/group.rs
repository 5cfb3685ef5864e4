use base::Uuid;
use congvan_proto::directory::v1::{self as pb, group_service_server::GroupService};
use directory_domain::{Group, GroupKind, Member, MemberKind, group_name, limits};
use kit::{Fault, Violations, caller::Caller};
use prost_types::FieldMask;
use sql::{Queries, answers::Once};

use super::{dates, expression, group_members, group_read, revision};
use crate::{Directory, faults, flaws::note, groups, permission, shape, store};

calls! { GroupService:
    create_group(CreateGroupRequest) -> CreateGroupResponse = create;
    get_group(GetGroupRequest) -> GetGroupResponse = group_read::get;
    list_groups(ListGroupsRequest) -> ListGroupsResponse = group_read::list;
    update_group(UpdateGroupRequest) -> UpdateGroupResponse = update;
    add_group_members(AddGroupMembersRequest) -> AddGroupMembersResponse = group_members::add;
    remove_group_members(RemoveGroupMembersRequest) -> RemoveGroupMembersResponse = group_members::remove;
    delete_group(DeleteGroupRequest) -> DeleteGroupResponse = delete;
}

/// What an update may change.
const CHANGEABLE: [&str; 5] = ["name", "description", "members", "expression", "external_id"];

/// Records a group.
async fn create(
    service: &Directory,
    caller: &Caller,
    request: pb::CreateGroupRequest,
) -> Result<pb::CreateGroupResponse, Fault> {
    let mut violations = Violations::default();
    let written = request.group.clone().unwrap_or_default();
    let owner_agency_id = violations.optional_id("group.ownerAgencyId", &written.owner_agency_id);
    let user_id = permission::group_keeper(caller, owner_agency_id)?.user_id;
    let once = Once::new("CreateGroup", user_id, &request.request_id, &request, &mut violations);
    let kind = GroupKind::numbered(written.kind);
    if kind.is_none() {
        violations.missing("group.kind");
    }
    let now = service.clock.now();
    let blank = Group {
        id: service.ids.next(),
        revision: 1,
        name: String::new(),
        description: String::new(),
        kind: kind.unwrap_or(GroupKind::Recipients),
        owner_agency_id,
        members: [].into(),
        expression: None,
        external_id: String::new(),
        created_at: now,
        updated_at: now,
    };
    let (group, members) = rewrite(blank, &written, &CHANGEABLE, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);

    let mut tx = service.db.write("create_group").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    check_owner(&mut tx, service, &group, &mut violations).await?;
    check_new(&mut tx, service, caller, (&group, &members), &mut violations).await?;
    violations.check()?;
    groups::create(&mut tx, service, caller, &group, reason).await?;
    let answer = pb::CreateGroupResponse { group: Some(shape::group(&group, group.members.len())) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Changes what the mask names. What stays as it was is no change.
async fn update(
    service: &Directory,
    caller: &Caller,
    request: pb::UpdateGroupRequest,
) -> Result<pb::UpdateGroupResponse, Fault> {
    let user_id = caller.person()?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("UpdateGroup", user_id, &request.request_id, &request, &mut violations);
    let written = request.group.unwrap_or_default();
    let id = violations.id("group.id", &written.id);
    revision("group.revision", written.revision, &mut violations);
    let paths = paths(request.update_mask.as_ref(), &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);

    let mut tx = service.db.write("update_group").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let Some(before) = kept(&mut tx, caller, id).await? else {
        violations.check()?;
        return Err(faults::no_group(id));
    };
    let (group, members) = rewrite(before.clone(), &written, &paths, &mut violations);
    check_new(&mut tx, service, caller, (&group, &members), &mut violations).await?;
    violations.check()?;
    if before.revision != written.revision {
        return Err(Fault::stale(before.revision));
    }
    let group = groups::update(&mut tx, service, caller, (&before, group), reason).await?;
    let answer = pb::UpdateGroupResponse { group: Some(shape::group(&group, group.members.len())) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Deletes a group.
async fn delete(
    service: &Directory,
    caller: &Caller,
    request: pb::DeleteGroupRequest,
) -> Result<pb::DeleteGroupResponse, Fault> {
    let user_id = caller.person()?.user_id;
    let mut violations = Violations::default();
    let once = Once::new("DeleteGroup", user_id, &request.request_id, &request, &mut violations);
    let id = violations.id("id", &request.id);
    revision("revision", request.revision, &mut violations);
    let reason = dates::reason(&request.reason, &mut violations);
    violations.check()?;

    let mut tx = service.db.write("delete_group").await?;
    if let Some(answer) = once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let group = kept(&mut tx, caller, id).await?.ok_or_else(|| faults::no_group(id))?;
    if group.revision != request.revision {
        return Err(Fault::stale(group.revision));
    }
    groups::delete(&mut tx, service, caller, group, reason).await?;
    let answer = pb::DeleteGroupResponse {};
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The group, if the caller sees it; a fault if they see it and do not keep it.
pub(super) async fn kept(db: &mut impl Queries, caller: &Caller, id: Uuid) -> Result<Option<Group>, Fault> {
    let group = store::group::find(db, id).await?;
    let group = group.filter(|group| permission::sees(caller, group.owner_agency_id));
    if let Some(group) = &group {
        permission::group_keeper(caller, group.owner_agency_id)?;
    }
    Ok(group)
}

/// The members as they are written; a violation for each that is none, and one if there are too many.
pub(super) fn parse_members(
    field: &str,
    written: &[pb::GroupMember],
    limit: usize,
    violations: &mut Violations,
) -> Vec<Member> {
    let count = written.len();
    if count > limit {
        violations.add(
            field,
            format!("có {count} thành viên, tối đa {limit}"),
            format!("has {count} members, at most {limit} are allowed"),
        );
        return Vec::new();
    }
    let parsed = written.iter().enumerate().map(|(index, member)| {
        let kind = MemberKind::numbered(member.kind);
        if kind.is_none() {
            violations.missing(format!("{field}[{index}].kind"));
        }
        let id = violations.id(&format!("{field}[{index}].id"), &member.id);
        // The nil id stands for a member that could not be read and was noted.
        kind.map_or(Member::unit(Uuid::nil()), |kind| Member { kind, id })
    });
    parsed.collect()
}

/// What the mask names; everything that may change when it is empty. A violation for each path that is nothing of that.
fn paths(mask: Option<&FieldMask>, violations: &mut Violations) -> Vec<&'static str> {
    let written = mask.map(|mask| mask.paths.as_slice()).unwrap_or_default();
    if written.is_empty() {
        return CHANGEABLE.to_vec();
    }
    let known = |path: &String| CHANGEABLE.into_iter().find(|known| known == path);
    for path in written.iter().filter(|path| known(path).is_none()) {
        let list = CHANGEABLE.join(", ");
        let path: String = path.chars().take(50).collect();
        violations.add(
            "updateMask",
            format!("có “{path}”; chỉ được nêu: {list}"),
            format!("names “{path}”; may name: {list}"),
        );
    }
    written.iter().filter_map(known).collect()
}

/// The group with what is named in `paths` as it is written, and its new members in the order in which they are written.
fn rewrite(
    mut group: Group,
    written: &pb::Group,
    paths: &[&str],
    violations: &mut Violations,
) -> (Group, Vec<Member>) {
    let named = |path| paths.contains(&path);
    let mut members = Vec::new();
    if named("name") {
        group.name = note(violations, "group.name", group_name(&written.name));
    }
    if named("description") {
        let limit = limits::GROUP_DESCRIPTION;
        group.description = violations.text("group.description", &written.description, false, limit);
    }
    if named("external_id") {
        let limit = limits::EXTERNAL_ID;
        group.external_id = violations.text("group.externalId", &written.external_id, false, limit);
    }
    if named("expression") {
        let written = written.expression.as_ref();
        group.expression =
            written.and_then(|written| expression::parse("group.expression", written, violations));
    }
    if named("members") {
        members = parse_members("group.members", &written.members, limits::GROUP_MEMBERS, violations);
        group.members = members.iter().copied().collect();
    }
    (group, members)
}

/// Notes an owner that is no agency today.
async fn check_owner(
    db: &mut impl Queries,
    service: &Directory,
    group: &Group,
    violations: &mut Violations,
) -> Result<(), Fault> {
    let Some(id) = group.owner_agency_id.filter(|id| !id.is_nil()) else { return Ok(()) };
    let unit = store::unit::find(db, id, service.today()).await?;
    if unit.is_none_or(|unit| unit.agency_id != unit.id) {
        violations.add(
            "group.ownerAgencyId",
            "hiện không phải là cơ quan trong danh bạ",
            "is no agency of the directory today",
        );
    }
    Ok(())
}

/// Notes every new member and everything in the expression that may not stand in the group.
async fn check_new(
    db: &mut impl Queries,
    service: &Directory,
    caller: &Caller,
    (group, members): (&Group, &[Member]),
    violations: &mut Violations,
) -> Result<(), Fault> {
    groups::check_members(db, service, caller, group, ("group.members", members), violations).await?;
    let Some(expression) = &group.expression else { return Ok(()) };
    if group.kind == GroupKind::People {
        violations.add(
            "group.expression",
            "nhóm người không có quy tắc chọn đơn vị",
            "groups of people have no expression over units",
        );
        return Ok(());
    }
    let named = ("group.expression", expression);
    groups::check_references(db, service, caller, Some(group), named, violations).await
}
