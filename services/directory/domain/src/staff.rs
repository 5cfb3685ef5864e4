use std::collections::HashMap;

use base::{Date, Timestamp, Uuid};

use crate::{Capacity, Duties, Period, Position, Roles, Tenure, Unseated};

/// The positions of some units with everybody appointed to them, and what a command changes about them.
#[derive(Debug, Clone, Default)]
pub struct Staff {
    positions: HashMap<Uuid, Position>,
    tenures: HashMap<Uuid, Tenure>,
    /// Positions by unit and title.
    by_post: HashMap<(Uuid, String), Vec<Uuid>>,
    /// Positions that lead alone.
    heads: Vec<Uuid>,
    /// Which agency each unit belongs to, and when.
    agencies: HashMap<Uuid, Vec<(Uuid, Period)>>,
    by_position: HashMap<Uuid, Vec<Uuid>>,
    by_person: HashMap<Uuid, Vec<Uuid>>,
    /// Positions made by the command.
    pub new_positions: Vec<Position>,
    /// Appointments made by the command.
    pub new_tenures: Vec<Tenure>,
    /// Appointments that now end on another day: as they were, and as they are.
    pub ended: Vec<(Tenure, Tenure)>,
    /// Appointments taken back as if they had never been.
    pub withdrawn: Vec<Tenure>,
}

/// That a unit belongs to an agency for some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Belonging {
    /// The unit.
    pub unit_id: Uuid,
    /// The agency; the unit itself, if it is one.
    pub agency_id: Uuid,
    /// When.
    pub period: Period,
}

/// A post that a person is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The unit.
    pub unit_id: Uuid,
    /// Official title.
    pub title: String,
    /// What it allows.
    pub roles: Roles,
    /// In what capacity.
    pub capacity: Capacity,
    /// Whether it is the main post.
    pub is_primary: bool,
    /// When.
    pub period: Period,
}

impl Staff {
    /// These positions and appointments, in units that belong to these agencies.
    pub fn new(positions: Vec<Position>, tenures: Vec<Tenure>, belongings: Vec<Belonging>) -> Self {
        let mut staff = Self::default();
        for Belonging { unit_id, agency_id, period } in belongings {
            staff.agencies.entry(unit_id).or_default().push((agency_id, period));
        }
        for position in positions {
            staff.know(position);
        }
        for tenure in tenures {
            staff.hold(tenure);
        }
        staff
    }

    /// A position.
    pub fn position(&self, id: Uuid) -> Option<&Position> {
        self.positions.get(&id)
    }

    /// The appointments of a person on a day, in order.
    pub fn of(&self, person_id: Uuid, on: Date) -> Vec<(&Tenure, &Position)> {
        let held = self.by_person.get(&person_id).into_iter().flatten();
        let held = held.filter_map(|id| self.tenures.get(id)).filter(|tenure| tenure.period.contains(on));
        let mut held: Vec<_> =
            held.filter_map(|one| Some((one, self.positions.get(&one.position_id)?))).collect();
        held.sort_unstable_by_key(|(tenure, _)| (tenure.place, tenure.id));
        held
    }

    /// Whether the person has exactly this post on the first day of it.
    pub fn has(&self, person_id: Uuid, wanted: &Wanted) -> Option<Uuid> {
        let held = self.of(person_id, wanted.period.from);
        let same = held.into_iter().find(|(tenure, position)| {
            position.unit_id == wanted.unit_id
                && position.duties.title == wanted.title
                && position.duties.roles == wanted.roles
                && tenure.capacity == wanted.capacity
        });
        same.map(|(tenure, _)| tenure.id)
    }

    /// Ends an appointment: `on` is the first day on which it is not held. On or before its first day, it is taken back.
    pub fn end(&mut self, tenure_id: Uuid, on: Date) {
        let Some(tenure) = self.tenures.get_mut(&tenure_id) else { return };
        if on <= tenure.period.from {
            self.withdrawn.extend(self.tenures.remove(&tenure_id));
        } else {
            let before = tenure.clone();
            tenure.period = tenure.period.ending(on);
            self.ended.push((before, tenure.clone()));
        }
    }

    /// Gives a person a post: a position of that unit with this title and these roles that has a seat free, or else a new one.
    /// A leading position that is taken refuses. Tells which position it is.
    pub fn seat(
        &mut self,
        person_id: Uuid,
        wanted: &Wanted,
        place: u32,
        mut next_id: impl FnMut() -> Uuid,
        now: Timestamp,
    ) -> Result<Uuid, Unseated> {
        let mut tenure = Tenure {
            id: next_id(),
            person_id,
            position_id: Uuid::nil(),
            place,
            capacity: wanted.capacity,
            is_primary: wanted.is_primary,
            basis: String::new(),
            period: wanted.period,
            created_at: now,
        };
        if let Some(unseated) = self.head_in_office(person_id, wanted) {
            return Err(unseated);
        }
        let alike = |position: &&Position| {
            position.duties.roles == wanted.roles && position.period.overlaps(wanted.period)
        };
        let titled = self.by_post.get(&(wanted.unit_id, wanted.title.clone())).into_iter().flatten();
        let mut alike: Vec<&Position> =
            titled.filter_map(|id| self.positions.get(id)).filter(alike).collect();
        alike.sort_unstable_by_key(|position| position.id);
        let mut refused = None;
        for position in alike {
            tenure.position_id = position.id;
            match tenure.fits(position, self.rivals(position, person_id)) {
                Ok(()) => {
                    let position_id = position.id;
                    self.add(tenure);
                    return Ok(position_id);
                }
                Err(unseated) => refused = Some(unseated),
            }
        }
        match refused {
            Some(unseated) if wanted.roles.leads_alone() => Err(unseated),
            Some(unseated @ Unseated::AlreadyHeld(_)) => Err(unseated),
            _ => {
                let position = Position {
                    id: next_id(),
                    revision: 1,
                    unit_id: wanted.unit_id,
                    duties: Duties::usual(wanted.title.clone(), wanted.roles),
                    period: Period::since(wanted.period.from),
                    created_at: now,
                    updated_at: now,
                };
                let position_id = position.id;
                tenure.position_id = position_id;
                self.know(position.clone());
                self.new_positions.push(position);
                self.add(tenure);
                Ok(position_id)
            }
        }
    }

    /// Why the person cannot head the unit or the agency: somebody does on some of the days, in a position with another title,
    /// with other roles, or in another unit of the agency.
    fn head_in_office(&self, person_id: Uuid, wanted: &Wanted) -> Option<Unseated> {
        if !wanted.roles.leads_alone() {
            return None;
        }
        let heads = self.heads.iter().filter_map(|id| self.positions.get(id)).filter(|position| {
            let unit = position.unit_id == wanted.unit_id;
            // The seats of a position that is wanted by its title are counted where it is taken.
            let same = unit && position.duties.title == wanted.title && position.duties.roles == wanted.roles;
            let both = |role| position.duties.roles.any_of(role) && wanted.roles.any_of(role);
            !same && (both(Roles::AGENCY_HEAD) || unit && both(Roles::UNIT_HEAD))
        });
        for position in heads {
            let tenures = self.by_position.get(&position.id).into_iter().flatten();
            let rival = tenures.filter_map(|id| self.tenures.get(id)).find(|one| {
                one.person_id != person_id
                    && one.period.overlaps(wanted.period)
                    && self.share_agency(position.unit_id, wanted.unit_id, [one.period, wanted.period])
            });
            if let Some(rival) = rival {
                return Some(Unseated::Occupied { by: vec![rival.person_id], when: rival.period });
            }
        }
        None
    }

    /// Whether both units belong to one agency on some day that is in each of the periods, which overlap.
    fn share_agency(&self, one: Uuid, other: Uuid, periods: [Period; 2]) -> bool {
        let of = |unit_id: Uuid| self.agencies.get(&unit_id).into_iter().flatten();
        // Periods of which every two overlap have a day in common.
        let then = |days: &Period| periods.iter().all(|period| period.overlaps(*days));
        one == other
            || of(one).any(|(agency_id, days)| {
                then(days)
                    && of(other)
                        .any(|(own, own_days)| own == agency_id && then(own_days) && days.overlaps(*own_days))
            })
    }

    /// The appointments that a new one to this position could collide with: where seats are counted all of the position,
    /// otherwise those of the person.
    fn rivals(&self, position: &Position, person_id: Uuid) -> impl Iterator<Item = &Tenure> + Clone {
        let ids = match position.duties.seats {
            0 => self.by_person.get(&person_id),
            _ => self.by_position.get(&position.id),
        };
        ids.into_iter().flatten().filter_map(|id| self.tenures.get(id))
    }

    fn add(&mut self, tenure: Tenure) {
        self.hold(tenure.clone());
        self.new_tenures.push(tenure);
    }

    fn know(&mut self, position: Position) {
        if !self.positions.contains_key(&position.id) {
            let post = (position.unit_id, position.duties.title.clone());
            self.by_post.entry(post).or_default().push(position.id);
            if position.duties.roles.leads_alone() {
                self.heads.push(position.id);
            }
            self.positions.insert(position.id, position);
        }
    }

    fn hold(&mut self, tenure: Tenure) {
        if !self.tenures.contains_key(&tenure.id) {
            self.by_position.entry(tenure.position_id).or_default().push(tenure.id);
            self.by_person.entry(tenure.person_id).or_default().push(tenure.id);
            self.tenures.insert(tenure.id, tenure);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16) -> Date {
        Date::constant(year, 1, 1)
    }

    fn wanted(unit: u128, title: &str, roles: Roles, from: i16) -> Wanted {
        Wanted {
            unit_id: Uuid::from_u128(unit),
            title: title.to_owned(),
            roles,
            capacity: Capacity::Holder,
            is_primary: true,
            period: Period::since(day(from)),
        }
    }

    /// Two units of one agency, of which the second goes to another agency in 2030.
    fn staff() -> Staff {
        let belonging = |unit, agency, period| Belonging {
            unit_id: Uuid::from_u128(unit),
            agency_id: Uuid::from_u128(agency),
            period,
        };
        let until = Period { from: day(2000), until: day(2030) };
        let belongings = vec![
            belonging(1, 1, Period::since(day(2000))),
            belonging(2, 1, until),
            belonging(2, 9, Period::since(day(2030))),
        ];
        Staff::new(Vec::new(), Vec::new(), belongings)
    }

    fn seat(staff: &mut Staff, person: u128, wanted: &Wanted) -> Result<Uuid, Unseated> {
        let mut next = 1000 * person;
        let next_id = || {
            next += 1;
            Uuid::from_u128(next)
        };
        staff.seat(Uuid::from_u128(person), wanted, 1, next_id, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn an_agency_has_one_head_in_whichever_unit_the_position_is() {
        let mut staff = staff();
        seat(&mut staff, 1, &wanted(1, "Giám đốc", Roles::AGENCY_HEAD, 2020)).unwrap();
        let refused = seat(&mut staff, 2, &wanted(2, "Quyền Giám đốc", Roles::AGENCY_HEAD, 2025));
        assert!(matches!(refused, Err(Unseated::Occupied { .. })), "{refused:?}");
        seat(&mut staff, 2, &wanted(2, "Giám đốc", Roles::AGENCY_HEAD, 2030))
            .expect("it heads another agency");
    }

    #[test]
    fn a_unit_has_one_head_and_an_agency_many_units() {
        let mut staff = staff();
        seat(&mut staff, 1, &wanted(1, "Trưởng phòng", Roles::UNIT_HEAD, 2020)).unwrap();
        assert!(seat(&mut staff, 2, &wanted(1, "Phụ trách phòng", Roles::UNIT_HEAD, 2025)).is_err());
        seat(&mut staff, 2, &wanted(2, "Trưởng phòng", Roles::UNIT_HEAD, 2025)).unwrap();
        seat(&mut staff, 3, &wanted(1, "Giám đốc", Roles::AGENCY_HEAD, 2025)).unwrap();
    }
}
