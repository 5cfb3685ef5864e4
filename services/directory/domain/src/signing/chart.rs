use base::{Date, Uuid};

use crate::{Authority, Capacity, Roles, UnitKind};

/// Who decides in an agency, and so in whose name its head signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Regime {
    /// The head alone.
    SingleHead,
    /// A collective, for which the head signs: TM.
    Collective,
}

impl Regime {
    /// The regime of agencies of this kind: People's Committees decide as a collective (Law on Organisation of Local Government),
    /// all others are led by one head.
    pub fn of(kind: UnitKind) -> Self {
        match kind {
            UnitKind::ProvincialPeoplesCommittee
            | UnitKind::DistrictPeoplesCommittee
            | UnitKind::Ward
            | UnitKind::Commune
            | UnitKind::SpecialZone
            | UnitKind::Township => Self::Collective,
            _ => Self::SingleHead,
        }
    }

    /// What stands after TM.: of a People's Committee neither level nor place (Appendix I, Part I.II.7), of another body its name.
    pub fn collective(self, name: &str) -> &str {
        const COMMITTEE: &str = "Ủy ban nhân dân";
        if name.to_lowercase().starts_with(&COMMITTEE.to_lowercase()) { COMMITTEE } else { name }
    }
}

/// Somebody who holds a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub person_id: Uuid,
    /// Full name, printed under the signature.
    pub full_name: String,
    /// How.
    pub capacity: Capacity,
}

/// A position with whoever holds it on the day of the [`Chart`]; nobody, while it is vacant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Id of the position.
    pub position_id: Uuid,
    /// Its unit.
    pub unit_id: Uuid,
    /// The agency of that unit.
    pub agency_id: Uuid,
    /// Name of that agency, for heads who sign what another agency issues.
    pub agency_name: String,
    /// Official title.
    pub title: String,
    /// What the position allows.
    pub roles: Roles,
    /// Who holds it.
    pub holders: Vec<Holder>,
}

impl Office {
    /// Whether it leads this agency.
    pub fn heads(&self, agency_id: Uuid) -> bool {
        self.agency_id == agency_id && self.roles.any_of(Roles::AGENCY_HEAD) && !self.never_signs()
    }

    /// Whether nobody signs anything in this position.
    pub fn never_signs(&self) -> bool {
        never_sign(self.roles)
    }

    /// Whether somebody holds it or acts as its holder.
    pub fn is_filled(&self) -> bool {
        self.holders.iter().any(|holder| holder.capacity != Capacity::InCharge)
    }

    /// How the person holds it.
    pub fn held_by(&self, person_id: Uuid) -> Option<&Holder> {
        self.holders.iter().find(|holder| holder.person_id == person_id)
    }
}

/// Whether a position with these roles leads an agency or a unit, alone or as a deputy.
pub(super) fn lead(roles: Roles) -> bool {
    roles.any_of(Roles::AGENCY_HEAD.and(Roles::DEPUTY_HEAD).and(Roles::UNIT_HEAD))
}

/// Whether nobody signs anything in a position with these roles: secretaries prepare, administrators keep the directory.
pub(super) fn never_sign(roles: Roles) -> bool {
    roles.any_of(Roles::SECRETARY.and(Roles::ADMINISTRATOR))
}

/// Everything that decides on a day who may sign for an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// The agency.
    pub agency_id: Uuid,
    /// The day.
    pub date: Date,
    /// Who decides there.
    pub regime: Regime,
    /// What the collective is called after TM.: "Ủy ban nhân dân".
    pub collective: String,
    /// The positions of the agency, and those outside that sign for it.
    pub offices: Vec<Office>,
    /// Every authority to sign for the agency, whether or not it lives on the day.
    pub authorities: Vec<Authority>,
}

impl Chart {
    /// The position with this id, if there is one on the day.
    pub fn office(&self, position_id: Uuid) -> Option<&Office> {
        self.offices.iter().find(|office| office.position_id == position_id)
    }

    /// The own deputy's position of somebody who is in charge of `of`: held in full, in the same unit, of leading rank.
    pub(super) fn deputy_post(&self, person_id: Uuid, of: &Office) -> Option<(&Office, &Holder)> {
        let posts = self.offices.iter().filter(|office| {
            office.unit_id == of.unit_id
                && office.position_id != of.position_id
                && lead(office.roles)
                && !office.never_signs()
        });
        posts
            .filter_map(|office| Some((office, office.held_by(person_id)?)))
            .find(|(_, holder)| holder.capacity != Capacity::InCharge)
    }
}
