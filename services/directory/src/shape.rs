//! The facts of this service in the messages of the contracts.

mod group;
pub(crate) mod signing;
pub(crate) mod stand_in;

use base::{Timestamp, Uuid};
use congvan_proto::{directory::v1 as pb, time_to_proto};
use directory_domain::{
    Acting, Appointment, Capacity, Identifier, Period, Position, Roles, Succession, Unit, UnitKind, User,
};
use prost_types::Timestamp as ProtoTime;

use crate::{
    api_key::ApiKey,
    store::{
        audit::Record, identity::Identity, position::Holder, reorganisation::Reorganisation, session::Session,
    },
};
pub(crate) use group::{external_agency, group, group_member};

/// Title of the administrator who holds no post.
const FIRST_ADMINISTRATOR: &str = "Quản trị hệ thống";

pub(crate) fn time(at: Timestamp) -> ProtoTime {
    time_to_proto(at.as_microsecond())
}

/// A first day; empty if it lies before the records.
pub(crate) fn start(period: Period) -> String {
    if period.from == Period::BEGINNING { String::new() } else { period.from.to_string() }
}

/// The first day after a period; empty if it has no end.
pub(crate) fn end(period: Period) -> String {
    if period.is_open() { String::new() } else { period.until.to_string() }
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
        level: level(unit.kind).into(),
        address: unit.address.clone(),
        phone: unit.phone.clone(),
        start_date: start(unit.period),
        end_date: end(unit.period),
        identifiers: Vec::new(),
    }
}

pub(crate) fn unit_with(unit_: &Unit, identifiers: &[Identifier]) -> pb::Unit {
    pb::Unit { identifiers: identifiers.iter().map(identifier).collect(), ..unit(unit_) }
}

pub(crate) fn identifier(identifier: &Identifier) -> pb::UnitIdentifier {
    pb::UnitIdentifier {
        scheme: identifier.scheme.number(),
        value: identifier.value.clone(),
        synthetic: identifier.synthetic,
        start_date: start(identifier.period),
        end_date: end(identifier.period),
    }
}

fn level(kind: UnitKind) -> pb::UnitLevel {
    match kind {
        UnitKind::ProvincialPeoplesCommittee
        | UnitKind::ProvincialOffice
        | UnitKind::ProvincialDepartment
        | UnitKind::ProvincialInspectorate => pb::UnitLevel::Province,
        UnitKind::DistrictPeoplesCommittee => pb::UnitLevel::District,
        kind if kind.is_commune_level() => pb::UnitLevel::Commune,
        _ => pb::UnitLevel::Unspecified,
    }
}

pub(crate) fn user(user: &User) -> pb::User {
    // The right of the first administrator is shown as a post in no unit: the nil UUID.
    let first = user.is_administrator.then(|| pb::Appointment {
        unit_id: Uuid::nil().to_string(),
        agency_id: Uuid::nil().to_string(),
        position: FIRST_ADMINISTRATOR.to_owned(),
        roles: Roles::ADMINISTRATOR.numbers(),
        capacity: Capacity::Holder.number(),
        ..pb::Appointment::default()
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
        phone: user.phone.clone(),
        external_id: user.external_id.clone(),
        active: user.is_active,
        withdrawn: user.is_withdrawn,
    }
}

/// A user with the posts of others for which the user stands in.
pub(crate) fn user_standing_in(user_: &User, acting: &[Acting]) -> pb::User {
    let mut shaped = user(user_);
    let own = acting.iter().filter(|acting| acting.person_id == user_.id);
    shaped.appointments.extend(own.map(stand_in::post));
    shaped
}

pub(crate) fn appointment(post: &Appointment) -> pb::Appointment {
    pb::Appointment {
        unit_id: post.unit_id.to_string(),
        agency_id: post.agency_id.to_string(),
        position: post.position.clone(),
        roles: post.roles.numbers(),
        id: post.id.to_string(),
        position_id: post.position_id.to_string(),
        capacity: post.capacity.number(),
        primary: post.is_primary,
        start_date: start(post.period),
        end_date: end(post.period),
        inherited_agency_ids: Vec::new(),
        stands_in_for: None,
    }
}

pub(crate) fn position(position: &Position, agency_id: Option<Uuid>, holders: &[Holder]) -> pb::Position {
    let held = holders.iter().filter(|holder| holder.tenure.position_id == position.id);
    pb::Position {
        id: position.id.to_string(),
        unit_id: position.unit_id.to_string(),
        agency_id: agency_id.as_ref().map(Uuid::to_string).unwrap_or_default(),
        title: position.duties.title.clone(),
        roles: position.duties.roles.numbers(),
        seats: position.duties.seats.into(),
        start_date: start(position.period),
        end_date: end(position.period),
        holders: held.map(holder).collect(),
        revision: position.revision,
        create_time: Some(time(position.created_at)),
        update_time: Some(time(position.updated_at)),
    }
}

fn holder(Holder { tenure, full_name }: &Holder) -> pb::Holder {
    pb::Holder {
        appointment_id: tenure.id.to_string(),
        user_id: tenure.person_id.to_string(),
        full_name: full_name.clone(),
        capacity: tenure.capacity.number(),
        primary: tenure.is_primary,
        basis: tenure.basis.clone(),
        start_date: start(tenure.period),
        end_date: end(tenure.period),
    }
}

/// A session of a user, who is shown as [`crate::sessions::standing`] tells.
pub(crate) fn session(session: &Session, user: pb::User) -> pb::Session {
    pb::Session {
        id: session.id.to_string(),
        user: Some(user),
        create_time: Some(time(session.created_at)),
        expire_time: Some(time(session.expires_at)),
        opening: session.opening.number(),
        last_use_time: Some(time(session.last_used_at)),
        client: session.client.clone(),
        must_change_password: session.must_change_password,
    }
}

pub(crate) fn linked_identity(identity: &Identity) -> pb::LinkedIdentity {
    pb::LinkedIdentity {
        id: identity.id.to_string(),
        user_id: identity.person_id.to_string(),
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        link_time: Some(time(identity.linked_at)),
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

pub(crate) fn succession(succession: &Succession) -> pb::UnitSuccession {
    pb::UnitSuccession {
        predecessor_id: succession.predecessor_id.to_string(),
        successor_id: succession.successor_id.to_string(),
        start_date: start(Period::since(succession.from)),
        takes_over: succession.takes_over,
    }
}

pub(crate) fn reorganisation(one: &Reorganisation) -> pb::Reorganisation {
    let state = pb::ReorganisationState::from_str_name(&format!("REORGANISATION_STATE_{}", one.state.name()));
    pb::Reorganisation {
        id: one.id.to_string(),
        title: one.title.clone(),
        basis: one.basis.clone(),
        effective_date: one.on.to_string(),
        changes: one.changes.clone(),
        state: state.unwrap_or_default().into(),
        preparer_id: one.preparer_id.to_string(),
        reviewer_id: one.reviewer_id.as_ref().map(Uuid::to_string).unwrap_or_default(),
        revision: one.revision,
        create_time: Some(time(one.created_at)),
        update_time: Some(time(one.updated_at)),
    }
}
