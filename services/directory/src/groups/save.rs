use std::collections::{BTreeSet, HashMap, HashSet};

use base::Uuid;
use directory_domain::{Group, Member, circle, depth, limits};
use kit::{Fault, caller::Caller};
use serde_json::{Value as Json, json};
use sql::Write;

use crate::{
    Directory, changes, faults,
    store::{self, audit::Entry},
};

/// Keeps a new group whose members were checked, with its audit entry and event. The caller holds [`store::lock`].
pub(crate) async fn create(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    group: &Group,
    reason: String,
) -> Result<(), Fault> {
    check_place(tx, group, true).await?;
    store::group::insert(tx, group).await?;
    let entry = entry("group.create", group, reason, None, Some(state(group, &group.members, "members")));
    tell(tx, service, caller, entry, group, false).await
}

/// Keeps a changed group whose new members were checked, with its audit entry and event. What stays as it was is no change.
/// The caller holds [`store::lock`] and has judged the revision.
pub(crate) async fn update(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    (before, mut group): (&Group, Group),
    reason: String,
) -> Result<Group, Fault> {
    if group == *before {
        return Ok(group);
    }
    check_place(tx, &group, before.linked() != group.linked()).await?;
    group.touch(service.clock.now());
    store::group::change(tx, before, &group).await?;
    let gone = before.members.difference(&group.members).copied().collect();
    let came = group.members.difference(&before.members).copied().collect();
    let (old, new) = (state(before, &gone, "removed_members"), state(&group, &came, "added_members"));
    let entry = entry("group.update", &group, reason, Some(old), Some(new));
    tell(tx, service, caller, entry, &group, false).await?;
    Ok(group)
}

/// Deletes a group that no other holds, with its audit entry and event. The caller holds [`store::lock`] and has judged the
/// revision.
pub(crate) async fn delete(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    mut group: Group,
    reason: String,
) -> Result<(), Fault> {
    let holders = store::group::holders(tx, group.id).await?;
    if !holders.is_empty() {
        return Err(faults::group_in_use(&holders));
    }
    store::group::delete(tx, group.id).await?;
    let entry = entry("group.delete", &group, reason, Some(state(&group, &group.members, "members")), None);
    group.touch(service.clock.now());
    tell(tx, service, caller, entry, &group, true).await
}

/// Fails if the name is taken, the group is too large, or it would hold itself or be nested too deeply.
async fn check_place(tx: &mut Write, group: &Group, relinked: bool) -> Result<(), Fault> {
    if group.members.len() > limits::GROUP_MEMBERS {
        return Err(faults::group_too_large(group.members.len(), limits::GROUP_MEMBERS));
    }
    if let Some(other) = store::group::namesake(tx, group).await? {
        return Err(faults::group_name_taken(&group.name, other));
    }
    let linked = group.linked();
    if !relinked || linked.is_empty() {
        return Ok(());
    }
    let mut links: HashMap<Uuid, HashSet<Uuid>> = store::group::links(tx).await?;
    links.insert(group.id, linked);
    if let Some(way) = circle(&links, group.id) {
        let found = store::group::among(tx, way.clone()).await?;
        let mut names: HashMap<Uuid, String> =
            found.into_iter().map(|group| (group.id, group.name)).collect();
        names.insert(group.id, group.name.clone());
        let told: Vec<_> = way.iter().map(|id| (*id, names[id].clone())).collect();
        return Err(faults::group_circle(&told));
    }
    let depth = depth(&links, group.id);
    if depth > limits::GROUP_DEPTH {
        return Err(faults::group_too_deep(depth, limits::GROUP_DEPTH));
    }
    Ok(())
}

async fn tell(
    tx: &mut Write,
    service: &Directory,
    caller: &Caller,
    entry: Entry,
    group: &Group,
    deleted: bool,
) -> Result<(), Fault> {
    store::audit::append(tx, service, caller, &[entry]).await?;
    events::append(tx, vec![changes::group_changed(&service.ids, group, deleted)]).await?;
    Ok(())
}

fn entry(
    action: &'static str,
    group: &Group,
    reason: String,
    before: Option<Json>,
    after: Option<Json>,
) -> Entry {
    Entry { action, subject_kind: "group", subject_id: group.id, reason, before, after }
}

/// A group for the audit. Of its members only those named here: all 20,000 would hide the one that came.
fn state(group: &Group, members: &BTreeSet<Member>, called: &str) -> Json {
    let members = members.iter().map(|member| format!("{} {}", member.kind.name(), member.id));
    json!({
        "name": group.name,
        "description": group.description,
        "kind": group.kind.name(),
        "owner_agency_id": group.owner_agency_id,
        "expression": group.expression.as_ref().map(ToString::to_string),
        "external_id": group.external_id,
        "member_count": group.members.len(),
        called: members.collect::<Vec<_>>(),
    })
}
