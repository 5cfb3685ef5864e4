//! Recipients of each kind as they are on the day.

use std::collections::HashSet;

use base::{Uuid, fold};
use congvan_proto::directory::v1::{self as pb, FallOutCause as Cause};
use directory_domain::MemberKind;
use sql::{Queries, Result};

use super::{
    Resolution, Wanted,
    fallen::{self, absent},
};
use crate::store::{
    self,
    recipient::{Addressee, Roll},
};

/// Units: from the roll, and read if they are not on it. One that does not exist on the day falls out with who took over from it.
pub(super) async fn units(
    db: &mut impl Queries,
    wanted: &Wanted,
    ids: Vec<Uuid>,
    roll: &mut Roll,
    resolution: &mut Resolution,
) -> Result<()> {
    let (known, unknown): (Vec<Uuid>, Vec<Uuid>) = ids.into_iter().partition(|id| roll.contains_key(id));
    let read = store::recipient::units(db, unknown.clone(), wanted.on).await?;
    let there: HashSet<Uuid> = read.iter().map(|unit| unit.id).collect();
    for unit in known.iter().filter_map(|id| roll.remove(id)).chain(read) {
        if wanted.agencies_only && unit.agency_id != unit.id {
            resolution.fall(MemberKind::Unit, unit.id, &unit.name, Cause::NotAnAgency);
        } else {
            resolution.add(&unit.code, recipient(&unit));
        }
    }
    let missing: Vec<Uuid> = unknown.into_iter().filter(|id| !there.contains(id)).collect();
    if !missing.is_empty() {
        resolution.fallen_out.extend(fallen::units(db, missing, wanted.on).await?);
    }
    Ok(())
}

/// External agencies.
pub(super) async fn external_agencies(
    db: &mut impl Queries,
    wanted: &Wanted,
    ids: Vec<Uuid>,
    resolution: &mut Resolution,
) -> Result<()> {
    let kind = MemberKind::ExternalAgency;
    for agency in store::recipient::externals(db, ids).await? {
        if agency.period.contains(wanted.on) {
            resolution.add(&fold(&agency.name), named(kind, &agency));
        } else {
            resolution.fallen_out.push(absent(kind, &agency, wanted.on));
        }
    }
    Ok(())
}

/// Positions. One that nobody holds falls out.
pub(super) async fn positions(
    db: &mut impl Queries,
    wanted: &Wanted,
    ids: Vec<Uuid>,
    resolution: &mut Resolution,
) -> Result<()> {
    let kind = MemberKind::Position;
    for seat in store::recipient::positions(db, ids, wanted.on).await? {
        let (id, name) = (seat.named.id, seat.named.name.as_str());
        match seat.agency_id {
            _ if !seat.named.period.contains(wanted.on) => {
                resolution.fallen_out.push(absent(kind, &seat.named, wanted.on));
            }
            None => resolution.fall(kind, id, name, Cause::Closed),
            Some(_) if wanted.agencies_only => resolution.fall(kind, id, name, Cause::NotAnAgency),
            Some(_) if seat.holders.is_empty() => resolution.fall(kind, id, name, Cause::Vacant),
            Some(agency_id) => {
                let recipient = pb::Recipient {
                    agency_id: agency_id.to_string(),
                    unit_id: seat.unit_id.to_string(),
                    holder_ids: seat.holders.iter().map(Uuid::to_string).collect(),
                    ..named(kind, &seat.named)
                };
                resolution.add(&fold(&seat.named.name), recipient);
            }
        }
    }
    Ok(())
}

/// Users. One that may not sign in any more falls out.
pub(super) async fn users(
    db: &mut impl Queries,
    wanted: &Wanted,
    ids: Vec<Uuid>,
    resolution: &mut Resolution,
) -> Result<()> {
    let kind = MemberKind::User;
    for (user, is_active) in store::recipient::users(db, ids).await? {
        if !is_active {
            resolution.fall(kind, user.id, &user.name, Cause::Inactive);
        } else if wanted.agencies_only {
            resolution.fall(kind, user.id, &user.name, Cause::NotAnAgency);
        } else {
            resolution.add(&fold(&user.name), named(kind, &user));
        }
    }
    Ok(())
}

impl Resolution {
    fn add(&mut self, sort: &str, recipient: pb::Recipient) {
        self.recipients.insert(format!("{}{sort}\n{}", recipient.kind, recipient.id), recipient);
    }

    fn fall(&mut self, kind: MemberKind, id: Uuid, name: &str, cause: Cause) {
        self.fallen_out.push(pb::FallenOut {
            kind: kind.number(),
            id: id.to_string(),
            name: name.to_owned(),
            cause: cause.into(),
            date: String::new(),
            successors: Vec::new(),
        });
    }
}

/// A unit as a recipient.
pub(super) fn recipient(unit: &Addressee) -> pb::Recipient {
    pb::Recipient {
        kind: MemberKind::Unit.number(),
        id: unit.id.to_string(),
        name: unit.name.clone(),
        code: unit.code.clone(),
        unit_kind: unit.kind.number(),
        agency_id: unit.agency_id.to_string(),
        email: unit.email.clone(),
        ..pb::Recipient::default()
    }
}

fn named(kind: MemberKind, named: &store::recipient::Named) -> pb::Recipient {
    pb::Recipient {
        kind: kind.number(),
        id: named.id.to_string(),
        name: named.name.clone(),
        email: named.email.clone(),
        ..pb::Recipient::default()
    }
}
