//! Groups and external agencies.

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{ExternalAgency, Group, Member};

use super::{end, start, time};
use crate::rpc::shape_expression;

/// A group without its members.
pub(crate) fn group(group: &Group, members: usize) -> pb::Group {
    pb::Group {
        id: group.id.to_string(),
        name: group.name.clone(),
        description: group.description.clone(),
        kind: group.kind.number(),
        owner_agency_id: group.owner_agency_id.as_ref().map(Uuid::to_string).unwrap_or_default(),
        members: Vec::new(),
        expression: group.expression.as_ref().map(shape_expression),
        external_id: group.external_id.clone(),
        member_count: i32::try_from(members).unwrap_or(i32::MAX),
        revision: group.revision,
        create_time: Some(time(group.created_at)),
        update_time: Some(time(group.updated_at)),
    }
}

/// A member with what it is called.
pub(crate) fn group_member(member: &Member, name: Option<&String>) -> pb::GroupMember {
    pb::GroupMember {
        kind: member.kind.number(),
        id: member.id.to_string(),
        name: name.cloned().unwrap_or_default(),
    }
}

/// An external agency.
pub(crate) fn external_agency(agency: &ExternalAgency) -> pb::ExternalAgency {
    let identifiers = agency.identifiers.iter().map(|one| pb::ExternalIdentifier {
        scheme: one.scheme.number(),
        value: one.value.clone(),
        start_date: start(one.period),
        end_date: end(one.period),
    });
    pb::ExternalAgency {
        id: agency.id.to_string(),
        name: agency.name.clone(),
        aliases: agency.aliases.clone(),
        identifiers: identifiers.collect(),
        email: agency.email.clone(),
        address: agency.address.clone(),
        phone: agency.phone.clone(),
        website: agency.website.clone(),
        start_date: start(agency.period),
        end_date: end(agency.period),
        revision: agency.revision,
        create_time: Some(time(agency.created_at)),
        update_time: Some(time(agency.updated_at)),
    }
}
