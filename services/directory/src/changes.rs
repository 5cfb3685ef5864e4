//! What the directory tells of its changes.

use base::{Ids, Timestamp, Uuid};
use congvan_proto::directory::v1 as pb;
use directory_domain::{
    Absence, Authority, ExternalAgency, Group, Plan, Position, StandIn, StandInRule, UnitHistory, User,
};
use events::NewEvent;

use crate::{api_key::ApiKey, store::reorganisation::Reorganisation};

/// Who stands in on a day must be asked anew.
const STAND_IN_CHANGED: &str = "congvan.directory.stand_in.changed";

/// A unit was created or changed.
pub(crate) fn unit_changed(ids: &Ids, unit: &UnitHistory) -> NewEvent {
    let data = pb::UnitChanged { unit_id: unit.id.to_string(), revision: unit.revision };
    NewEvent::new(ids.next(), "congvan.directory.unit.changed", unit.id, unit.updated_at, &data)
}

/// A user, or the posts of one, were created or changed.
pub(crate) fn user_changed(ids: &Ids, user: &User) -> NewEvent {
    let data = pb::UserChanged { user_id: user.id.to_string(), revision: user.revision };
    NewEvent::new(ids.next(), "congvan.directory.user.changed", user.id, user.updated_at, &data)
}

/// The posts of a person were changed by something that touched many.
pub(crate) fn person_changed(ids: &Ids, (id, revision): (Uuid, i64), at: Timestamp) -> NewEvent {
    let data = pb::UserChanged { user_id: id.to_string(), revision };
    NewEvent::new(ids.next(), "congvan.directory.user.changed", id, at, &data)
}

/// Units were merged or split.
pub(crate) fn reorganised(ids: &Ids, applied: &Reorganisation, plan: &Plan) -> NewEvent {
    let succession = |one: &directory_domain::Takeover| pb::reorganisation_applied::Succession {
        predecessor_id: one.predecessor_id.to_string(),
        successor_id: one.successor_id.to_string(),
        takes_over: one.takes_over,
    };
    let data = pb::ReorganisationApplied {
        reorganisation_id: applied.id.to_string(),
        effective_date: applied.on.to_string(),
        successions: plan.successions.iter().map(succession).collect(),
    };
    let kind = "congvan.directory.reorganisation.applied";
    NewEvent::new(ids.next(), kind, applied.id, applied.updated_at, &data)
}

/// An API key was made or revoked.
pub(crate) fn api_key_changed(ids: &Ids, key: &ApiKey, at: Timestamp) -> NewEvent {
    let data = pb::ApiKeyChanged {
        api_key_id: key.id.to_string(),
        user_id: key.person_id.to_string(),
        revoked: key.revoked_at.is_some(),
    };
    NewEvent::new(ids.next(), "congvan.directory.api_key.changed", key.id, at, &data)
}

/// A position was created, changed or closed.
pub(crate) fn position_changed(ids: &Ids, position: &Position) -> NewEvent {
    let data = pb::PositionChanged { position_id: position.id.to_string(), revision: position.revision };
    NewEvent::new(ids.next(), "congvan.directory.position.changed", position.id, position.updated_at, &data)
}

/// A group or its members were created, changed or deleted.
pub(crate) fn group_changed(ids: &Ids, group: &Group, deleted: bool) -> NewEvent {
    let data = pb::GroupChanged { group_id: group.id.to_string(), revision: group.revision, deleted };
    NewEvent::new(ids.next(), "congvan.directory.group.changed", group.id, group.updated_at, &data)
}

/// An external agency was recorded, changed or closed.
pub(crate) fn external_agency_changed(ids: &Ids, agency: &ExternalAgency) -> NewEvent {
    let data =
        pb::ExternalAgencyChanged { external_agency_id: agency.id.to_string(), revision: agency.revision };
    NewEvent::new(
        ids.next(),
        "congvan.directory.external_agency.changed",
        agency.id,
        agency.updated_at,
        &data,
    )
}

/// A right to sign was handed on or revoked.
pub(crate) fn signing_authority_changed(ids: &Ids, authority: &Authority) -> NewEvent {
    let data = pb::SigningAuthorityChanged {
        signing_authority_id: authority.id.to_string(),
        agency_id: authority.agency_id.to_string(),
        revision: authority.revision,
    };
    let kind = "congvan.directory.signing_authority.changed";
    NewEvent::new(ids.next(), kind, authority.id, authority.updated_at, &data)
}

/// A stand-in was named or ended.
pub(crate) fn stand_in_changed(ids: &Ids, stand_in: &StandIn) -> NewEvent {
    let data = pb::StandInChanged {
        stand_in_id: stand_in.id.to_string(),
        revision: stand_in.revision,
        ..pb::StandInChanged::default()
    };
    NewEvent::new(ids.next(), STAND_IN_CHANGED, stand_in.id, stand_in.updated_at, &data)
}

/// An absence was noted or ended: whoever stands in by rule may be another now.
pub(crate) fn absence_changed(ids: &Ids, absence: &Absence) -> NewEvent {
    let data = pb::StandInChanged {
        absence_id: absence.id.to_string(),
        revision: absence.revision,
        ..pb::StandInChanged::default()
    };
    NewEvent::new(ids.next(), STAND_IN_CHANGED, absence.id, absence.updated_at, &data)
}

/// The rule of a position was set.
pub(crate) fn stand_in_rule_changed(ids: &Ids, rule: &StandInRule, now: Timestamp) -> NewEvent {
    let data = pb::StandInChanged {
        rule_position_id: rule.position_id.to_string(),
        revision: rule.revision,
        ..pb::StandInChanged::default()
    };
    NewEvent::new(ids.next(), STAND_IN_CHANGED, rule.position_id, now, &data)
}
