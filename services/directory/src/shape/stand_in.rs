//! Stand-ins and absences in the messages of the contracts.

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use directory_domain::{Absence, Acting, Capacity, StandIn, StandInRule};

use super::{end, time};

pub(crate) fn stand_in(stand_in: &StandIn) -> pb::StandIn {
    pb::StandIn {
        id: stand_in.id.to_string(),
        position_id: stand_in.position_id.to_string(),
        absent_user_id: stand_in.absent_person_id.to_string(),
        user_id: stand_in.person_id.to_string(),
        start_date: stand_in.period.from.to_string(),
        end_date: end(stand_in.period),
        origin: stand_in.origin.number(),
        reason: stand_in.reason.clone(),
        revision: stand_in.revision,
        create_time: Some(time(stand_in.created_at)),
        update_time: Some(time(stand_in.updated_at)),
    }
}

pub(crate) fn absence(absence: &Absence) -> pb::Absence {
    pb::Absence {
        id: absence.id.to_string(),
        user_id: absence.person_id.to_string(),
        start_date: absence.period.from.to_string(),
        end_date: end(absence.period),
        reason: absence.reason.clone(),
        revision: absence.revision,
        create_time: Some(time(absence.created_at)),
        update_time: Some(time(absence.updated_at)),
    }
}

pub(crate) fn rule(rule: &StandInRule) -> pb::StandInRule {
    pb::StandInRule {
        position_id: rule.position_id.to_string(),
        substitute_position_ids: rule.substitutes.iter().map(Uuid::to_string).collect(),
        revision: rule.revision,
    }
}

pub(crate) fn acting(acting: &Acting) -> pb::Acting {
    let of = &acting.of;
    pb::Acting {
        position_id: of.position_id.to_string(),
        position: of.title.clone(),
        unit_id: of.unit_id.to_string(),
        agency_id: of.agency_id.to_string(),
        absent_user_id: of.person_id.to_string(),
        absent_full_name: of.full_name.clone(),
        user_id: acting.person_id.to_string(),
        full_name: acting.full_name.clone(),
        roles: acting.roles.numbers(),
        origin: acting.origin.number(),
        reason: acting.reason.clone(),
        stand_in_id: acting.stand_in_id.as_ref().map(Uuid::to_string).unwrap_or_default(),
    }
}

/// The post of another as whoever stands in has it: no appointment of the own, and without the head's role.
pub(crate) fn post(acting: &Acting) -> pb::Appointment {
    let of = &acting.of;
    pb::Appointment {
        unit_id: of.unit_id.to_string(),
        agency_id: of.agency_id.to_string(),
        position: of.title.clone(),
        roles: acting.roles.numbers(),
        position_id: of.position_id.to_string(),
        capacity: Capacity::Holder.number(),
        stands_in_for: Some(pb::StandsInFor {
            position_id: of.position_id.to_string(),
            user_id: of.person_id.to_string(),
            full_name: of.full_name.clone(),
        }),
        ..pb::Appointment::default()
    }
}
