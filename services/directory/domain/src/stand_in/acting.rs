use std::collections::HashMap;

use base::{Date, Uuid};

use super::{Absence, Origin, StandIn, handed_over};
use crate::Roles;

/// Who holds a position on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The position.
    pub position_id: Uuid,
    /// Its unit.
    pub unit_id: Uuid,
    /// The agency of that unit.
    pub agency_id: Uuid,
    /// Official title.
    pub title: String,
    /// What the position allows.
    pub roles: Roles,
    /// Who holds it.
    pub person_id: Uuid,
    /// Full name of that person.
    pub full_name: String,
    /// The first day of the appointment: of several holders, the one there longest stands in.
    pub since: Date,
}

/// Everything that decides on a day who stands in for whom in some agencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// The day.
    pub date: Date,
    /// Everybody's positions there.
    pub held: Vec<Held>,
    /// The stand-ins named there.
    pub stand_ins: Vec<StandIn>,
    /// The absences of the people there.
    pub absences: Vec<Absence>,
    /// For positions with a rule the positions that stand in, the first choice first.
    pub substitutes: HashMap<Uuid, Vec<Uuid>>,
}

/// Somebody who stands in on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// For which position, held by whom.
    pub of: Held,
    /// Who stands in.
    pub person_id: Uuid,
    /// Full name of that person.
    pub full_name: String,
    /// What the position allows whoever stands in.
    pub roles: Roles,
    /// Who decided it.
    pub origin: Origin,
    /// Why: the words of the stand-in or of the absence.
    pub reason: String,
    /// The stand-in named; none if it comes from the rule.
    pub stand_in_id: Option<Uuid>,
}

/// Everybody who stands in on the day: for each holder who is away whoever was named, otherwise the first by the rule who can.
pub fn acting(situation: &Situation) -> Vec<Acting> {
    let held = situation.held.iter();
    held.filter_map(|of| situation.named(of).or_else(|| situation.by_rule(of))).collect()
}

impl Situation {
    /// Whoever was named for this holder and can.
    fn named(&self, of: &Held) -> Option<Acting> {
        let stand_in = self.stand_in_of(of)?;
        let by = self.held.iter().find(|held| held.person_id == stand_in.person_id)?;
        self.can(by, of).then(|| Acting {
            of: of.clone(),
            person_id: by.person_id,
            full_name: by.full_name.clone(),
            roles: handed_over(of.roles),
            origin: stand_in.origin,
            reason: stand_in.reason.clone(),
            stand_in_id: Some(stand_in.id),
        })
    }

    /// The first of the substitute positions with a holder who can; of several holders the one there longest.
    fn by_rule(&self, of: &Held) -> Option<Acting> {
        let substitutes = self.substitutes.get(&of.position_id)?;
        let absence = self.absence_of(of.person_id).map(|absence| absence.reason.as_str());
        let reason = absence.or_else(|| self.stand_in_of(of).map(|stand_in| stand_in.reason.as_str()))?;
        let by = substitutes.iter().find_map(|position_id| {
            let holders = self.held.iter().filter(|held| held.position_id == *position_id);
            holders.filter(|by| self.can(by, of)).min_by_key(|by| (by.since, by.person_id))
        })?;
        Some(Acting {
            of: of.clone(),
            person_id: by.person_id,
            full_name: by.full_name.clone(),
            roles: handed_over(of.roles),
            origin: Origin::Rule,
            reason: reason.to_owned(),
            stand_in_id: None,
        })
    }

    fn stand_in_of(&self, of: &Held) -> Option<&StandIn> {
        self.stand_ins.iter().find(|stand_in| {
            stand_in.position_id == of.position_id
                && stand_in.absent_person_id == of.person_id
                && stand_in.period.contains(self.date)
        })
    }

    fn absence_of(&self, person_id: Uuid) -> Option<&Absence> {
        let mut absences = self.absences.iter();
        absences.find(|absence| absence.person_id == person_id && absence.period.contains(self.date))
    }

    /// Whether the person is away: absent, or stood in for. Who is away stands in for nobody, so that there are neither chains nor
    /// circles.
    fn is_away(&self, person_id: Uuid) -> bool {
        let named = |stand_in: &StandIn| {
            stand_in.absent_person_id == person_id && stand_in.period.contains(self.date)
        };
        self.absence_of(person_id).is_some() || self.stand_ins.iter().any(named)
    }

    /// Whether the person can stand in there: another, who is not away, works in the same agency, and whose own duties may go
    /// together with those of the position.
    fn can(&self, by: &Held, of: &Held) -> bool {
        let own = self.held.iter().filter(|held| held.person_id == by.person_id);
        let duties = own.clone().fold(handed_over(of.roles), |duties, held| duties.and(held.roles));
        by.person_id != of.person_id
            && !self.is_away(by.person_id)
            && own.into_iter().any(|held| held.agency_id == of.agency_id)
            && duties.conflict().is_none()
    }
}
