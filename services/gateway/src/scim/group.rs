//! A group of people of the directory as a Group resource, and back.

use congvan_proto::directory::v1 as pb;
use serde_json::{Value as Json, json};

use super::{
    body::Object,
    root::Root,
    schema::{GROUP, USER},
};

/// The group as a resource, with the members that it was read with.
pub(super) fn resource(group: &pb::Group, root: &Root) -> Object {
    let mut resource = Object::new();
    let mut put = |name: &str, value: Json| resource.insert(name.to_owned(), value);
    put("schemas", json!([GROUP.id]));
    put("id", group.id.as_str().into());
    if !group.external_id.is_empty() {
        put("externalId", group.external_id.as_str().into());
    }
    put("meta", root.meta(&GROUP, &group.id, group.revision, group.create_time, group.update_time));
    put("displayName", group.name.as_str().into());
    if !group.members.is_empty() {
        put("members", group.members.iter().map(|member| as_member(member, root)).collect());
    }
    resource
}

fn as_member(member: &pb::GroupMember, root: &Root) -> Json {
    let schema = if member.kind() == pb::MemberKind::Group { &GROUP } else { &USER };
    json!({
        "value": member.id,
        "$ref": root.of_resource(schema, &member.id),
        "type": schema.name,
        "display": member.name,
    })
}

/// The group as the resource says, on top of what is stored. Judging the values is the directory's.
pub(super) fn group(resource: &Object, stored: &pb::Group) -> pb::Group {
    let text = |name: &str| resource.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let members = resource.get("members").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut read: Vec<pb::GroupMember> = Vec::with_capacity(members.len());
    let mut seen = std::collections::HashSet::with_capacity(members.len());
    for member in members.iter().map(from_member) {
        if seen.insert(member.id.clone()) {
            read.push(member);
        }
    }
    pb::Group {
        name: text("displayName"),
        external_id: text("externalId"),
        members: read,
        kind: pb::GroupKind::People.into(),
        ..stored.clone()
    }
}

/// A person, unless type or address say that it is a group.
fn from_member(member: &Json) -> pb::GroupMember {
    let is_group = match member["type"].as_str() {
        Some(kind) => kind.eq_ignore_ascii_case(GROUP.name),
        None => member["$ref"].as_str().is_some_and(|address| address.contains("/Groups/")),
    };
    let kind = if is_group { pb::MemberKind::Group } else { pb::MemberKind::User };
    let id = member["value"].as_str().unwrap_or_default().to_ascii_lowercase();
    pb::GroupMember { kind: kind.into(), id, name: String::new() }
}

/// What changed, as fields of the contract; empty if nothing did.
pub(super) fn changes(before: &pb::Group, after: &pb::Group) -> Vec<String> {
    let members = |group: &pb::Group| {
        let mut members: Vec<_> =
            group.members.iter().map(|member| (member.kind, member.id.clone())).collect();
        members.sort_unstable();
        members
    };
    let fields = [
        ("name", before.name != after.name),
        ("external_id", before.external_id != after.external_id),
        ("members", members(before) != members(after)),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_and_written_back_changes_nothing() {
        let member = |kind: pb::MemberKind, id: &str| pb::GroupMember {
            kind: kind.into(),
            id: id.to_owned(),
            name: "Lò Thị Mai".to_owned(),
        };
        let stored = pb::Group {
            id: "7".to_owned(),
            name: "Tổ công tác".to_owned(),
            description: "Giữ lại".to_owned(),
            kind: pb::GroupKind::People.into(),
            members: vec![member(pb::MemberKind::User, "8"), member(pb::MemberKind::Group, "9")],
            revision: 3,
            ..pb::Group::default()
        };
        let mut resource = resource(&stored, &Root::new("https://x.vn/scim/v2"));
        assert_eq!(resource["members"][1]["$ref"], "https://x.vn/scim/v2/Groups/9");
        let same = group(&resource, &stored);
        assert!(changes(&stored, &same).is_empty());
        assert_eq!(same.description, "Giữ lại");
        resource.insert(
            "members".to_owned(),
            json!([{"value": "9", "$ref": "../Groups/9"}, {"value": "9"}, {"value": "A"}]),
        );
        let after = group(&resource, &stored);
        let members: Vec<_> =
            after.members.iter().map(|member| (member.kind(), member.id.as_str())).collect();
        assert_eq!(members, [(pb::MemberKind::Group, "9"), (pb::MemberKind::User, "a")]);
        assert_eq!(changes(&stored, &after), ["members"]);
    }
}
