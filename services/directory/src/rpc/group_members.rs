use std::collections::BTreeSet;

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Group, Member};
use kit::{Fault, Violations, caller::Caller};
use prost::Message;
use sql::answers::Once;

use super::{
    dates,
    group::{kept, parse_members},
};
use crate::{Directory, faults, groups, shape, store};

/// Most members in one call.
const BATCH: usize = 5000;

/// Members that come or go.
struct Batch {
    once: Once,
    group_id: Uuid,
    /// Zero for whatever the revision is.
    revision: i64,
    members: Vec<Member>,
    reason: String,
    violations: Violations,
}

/// Adds members; who belongs to the group already stays.
pub(super) async fn add(
    service: &Directory,
    caller: &Caller,
    request: pb::AddGroupMembersRequest,
) -> Result<pb::AddGroupMembersResponse, Fault> {
    let once = ("AddGroupMembers", request.request_id.as_str(), &request);
    let batch =
        parse(caller, once, (&request.group_id, request.revision), &request.members, &request.reason)?;
    change(service, caller, batch, true, |group| pb::AddGroupMembersResponse { group: Some(group) }).await
}

/// Removes members; who does not belong to the group stays out.
pub(super) async fn remove(
    service: &Directory,
    caller: &Caller,
    request: pb::RemoveGroupMembersRequest,
) -> Result<pb::RemoveGroupMembersResponse, Fault> {
    let once = ("RemoveGroupMembers", request.request_id.as_str(), &request);
    let batch =
        parse(caller, once, (&request.group_id, request.revision), &request.members, &request.reason)?;
    change(service, caller, batch, false, |group| pb::RemoveGroupMembersResponse { group: Some(group) }).await
}

fn parse<M: Message>(
    caller: &Caller,
    (method, request_id, asked): (&'static str, &str, &M),
    (group_id, revision): (&str, i64),
    members: &[pb::GroupMember],
    reason: &str,
) -> Result<Batch, Fault> {
    let user_id = caller.person()?.user_id;
    let mut violations = Violations::default();
    let once = Once::new(method, user_id, request_id, asked, &mut violations);
    let group_id = violations.id("groupId", group_id);
    if revision < 0 {
        violations.add("revision", "không được âm", "must not be negative");
    }
    if members.is_empty() {
        violations.missing("members");
    }
    let members = parse_members("members", members, BATCH, &mut violations);
    let reason = dates::reason(reason, &mut violations);
    Ok(Batch { once, group_id, revision, members, reason, violations })
}

async fn change<A: Message + Default>(
    service: &Directory,
    caller: &Caller,
    mut batch: Batch,
    comes: bool,
    answer: impl FnOnce(pb::Group) -> A,
) -> Result<A, Fault> {
    let mut tx = service.db.write(if comes { "add_group_members" } else { "remove_group_members" }).await?;
    if let Some(answer) = batch.once.recall(&mut tx, service.clock.now()).await? {
        return Ok(answer);
    }
    store::lock(&mut tx).await?;
    let Some(before) = kept(&mut tx, caller, batch.group_id).await? else {
        batch.violations.check()?;
        return Err(faults::no_group(batch.group_id));
    };
    if comes {
        let written = ("members", batch.members.as_slice());
        let violations = &mut batch.violations;
        groups::check_members(&mut tx, service, caller, &before, written, violations).await?;
    }
    batch.violations.check()?;
    if batch.revision != 0 && batch.revision != before.revision {
        return Err(Fault::stale(before.revision));
    }
    let named: BTreeSet<Member> = batch.members.into_iter().collect();
    let members = if comes { &before.members | &named } else { &before.members - &named };
    let group = Group { members, ..before.clone() };
    let group = groups::update(&mut tx, service, caller, (&before, group), batch.reason).await?;
    let answer = answer(shape::group(&group, group.members.len()));
    batch.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}
