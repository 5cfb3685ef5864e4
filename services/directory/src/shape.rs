//! The facts of this service in the messages of the contracts.

use base::{Timestamp, Uuid};
use congvan_proto::{directory::v1 as pb, time_to_proto};
use directory_domain::{Appointment, Roles, Unit, User};
use prost_types::Timestamp as ProtoTime;

use crate::{
    api_key::ApiKey,
    store::{audit::Record, session::Session},
};

/// Title of the administrator who holds no post.
const FIRST_ADMINISTRATOR: &str = "Quản trị hệ thống";

fn time(at: Timestamp) -> ProtoTime {
    time_to_proto(at.as_microsecond())
}

pub(crate) fn unit(unit: &Unit) -> pb::Unit {
    pb::Unit {
        id: unit.id.to_string(),
        code: unit.code.clone(),
        synthetic_code: unit.synthetic_code,
        name: unit.name.clone(),
        abbreviation: unit.abbreviation.clone(),
        kind: unit.kind.number(),
        parent_id: unit.parent_id.as_ref().map(Uuid::to_string).unwrap_or_default(),
        agency_id: unit.agency_id.to_string(),
        email: unit.email.clone(),
        revision: unit.revision,
        create_time: Some(time(unit.created_at)),
        update_time: Some(time(unit.updated_at)),
    }
}

pub(crate) fn user(user: &User) -> pb::User {
    // The right of the first administrator is shown as a post in no unit: the nil UUID.
    let first = user.is_administrator.then(|| pb::Appointment {
        unit_id: Uuid::nil().to_string(),
        agency_id: Uuid::nil().to_string(),
        position: FIRST_ADMINISTRATOR.to_owned(),
        roles: Roles::ADMINISTRATOR.numbers(),
    });
    pb::User {
        id: user.id.to_string(),
        sign_in_name: user.sign_in_name.clone(),
        full_name: user.full_name.clone(),
        email: user.email.clone(),
        appointments: first.into_iter().chain(user.appointments.iter().map(appointment)).collect(),
        revision: user.revision,
        create_time: Some(time(user.created_at)),
        update_time: Some(time(user.updated_at)),
    }
}

fn appointment(post: &Appointment) -> pb::Appointment {
    pb::Appointment {
        unit_id: post.unit_id.to_string(),
        agency_id: post.agency_id.to_string(),
        position: post.position.clone(),
        roles: post.roles.numbers(),
    }
}

pub(crate) fn session(session: &Session) -> pb::Session {
    pb::Session {
        id: session.id.to_string(),
        user: Some(user(&session.user)),
        create_time: Some(time(session.created_at)),
        expire_time: Some(time(session.expires_at)),
        opening: session.opening.number(),
        last_use_time: Some(time(session.last_used_at)),
        client: session.client.clone(),
        must_change_password: session.must_change_password,
    }
}

pub(crate) fn audit_entry(record: &Record) -> pb::AuditEntry {
    let actor = (!record.actor_id.is_nil()).then(|| record.actor_id.to_string());
    pb::AuditEntry {
        id: record.id.to_string(),
        create_time: Some(time(record.at)),
        actor_id: actor.unwrap_or_default(),
        actor_name: record.actor_name.clone(),
        action: record.action.clone(),
        subject_kind: record.subject_kind.clone(),
        subject_id: record.subject_id.to_string(),
        reason: record.reason.clone(),
        before: record.before.clone(),
        after: record.after.clone(),
    }
}

pub(crate) fn api_key(key: &ApiKey) -> pb::ApiKey {
    pb::ApiKey {
        id: key.id.to_string(),
        user_id: key.person_id.to_string(),
        name: key.name.clone(),
        scopes: key.scopes.each().map(i32::from).collect(),
        create_time: Some(time(key.created_at)),
        creator_id: key.creator_id.to_string(),
        expire_time: Some(time(key.expires_at)),
        last_use_time: key.last_used_at.map(time),
        revoke_time: key.revoked_at.map(time),
    }
}
