//! What stands in the audit before and after a change: the facts of a thing, without secrets, as people would read them.

use directory_domain::{Position, Tenure, UnitHistory, User};
use serde_json::{Value as Json, json};

use crate::shape::{end, start};

pub(crate) fn unit(unit: &UnitHistory) -> Json {
    let versions = unit.versions.iter().map(|version| {
        json!({
            "from": start(version.period),
            "until": end(version.period),
            "name": version.traits.name,
            "abbreviation": version.traits.abbreviation,
            "kind": version.traits.kind.name(),
            "parentId": version.traits.parent_id,
            "agencyId": version.agency_id,
            "email": version.traits.email,
            "address": version.traits.address,
            "phone": version.traits.phone,
        })
    });
    let identifiers = unit.identifiers.iter().map(|one| {
        json!({
            "scheme": one.scheme.name(),
            "value": one.value,
            "from": start(one.period),
            "until": end(one.period),
        })
    });
    json!({ "versions": versions.collect::<Vec<_>>(), "identifiers": identifiers.collect::<Vec<_>>() })
}

pub(crate) fn user(user: &User) -> Json {
    let posts = user.appointments.iter().map(|post| {
        json!({
            "unitId": post.unit_id,
            "position": post.position,
            "roles": post.roles.names(),
            "capacity": post.capacity.name(),
            "primary": post.is_primary,
            "from": start(post.period),
            "until": end(post.period),
        })
    });
    json!({
        "signInName": user.sign_in_name,
        "fullName": user.full_name,
        "email": user.email,
        "phone": user.phone,
        "externalId": user.external_id,
        "active": user.is_active,
        "withdrawn": user.is_withdrawn,
        "appointments": posts.collect::<Vec<_>>(),
    })
}

pub(crate) fn position(position: &Position) -> Json {
    json!({
        "unitId": position.unit_id,
        "title": position.duties.title,
        "roles": position.duties.roles.names(),
        "seats": position.duties.seats,
        "from": start(position.period),
        "until": end(position.period),
    })
}

pub(crate) fn tenure(tenure: &Tenure, position_title: &str) -> Json {
    json!({
        "appointmentId": tenure.id,
        "userId": tenure.person_id,
        "positionId": tenure.position_id,
        "position": position_title,
        "capacity": tenure.capacity.name(),
        "primary": tenure.is_primary,
        "basis": tenure.basis,
        "from": start(tenure.period),
        "until": end(tenure.period),
    })
}
