use std::collections::HashMap;

use base::{Date, Timestamp, Uuid};

use crate::{Capacity, Duties, Period, Position, Roles, Tenure, Unseated};

/// The positions of some units with everybody appointed to them, and what a command changes about them.
#[derive(Debug, Clone, Default)]
pub struct Staff {
    positions: HashMap<Uuid, Position>,
    tenures: HashMap<Uuid, Tenure>,
    by_unit: HashMap<Uuid, Vec<Uuid>>,
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
    /// These positions and appointments.
    pub fn new(positions: Vec<Position>, tenures: Vec<Tenure>) -> Self {
        let mut staff = Self::default();
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
        let alike = |position: &&Position| {
            position.duties.title == wanted.title
                && position.duties.roles == wanted.roles
                && position.period.overlaps(wanted.period)
        };
        let here = self.by_unit.get(&wanted.unit_id).into_iter().flatten();
        let mut alike: Vec<&Position> = here.filter_map(|id| self.positions.get(id)).filter(alike).collect();
        alike.sort_unstable_by_key(|position| position.id);
        let mut refused = self.head_in_office(person_id, wanted);
        if let Some(unseated) = refused {
            return Err(unseated);
        }
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

    /// Why the person cannot head the unit: somebody does on some of the days, in a position with another title or other roles.
    fn head_in_office(&self, person_id: Uuid, wanted: &Wanted) -> Option<Unseated> {
        let here = self.by_unit.get(&wanted.unit_id).into_iter().flatten();
        let heading = here.filter_map(|id| self.positions.get(id)).filter(|position| {
            position.duties.roles.heads_with(wanted.roles)
                && (position.duties.title != wanted.title || position.duties.roles != wanted.roles)
        });
        let rivals = heading.filter_map(|position| self.by_position.get(&position.id)).flatten();
        let rivals = rivals.filter_map(|id| self.tenures.get(id));
        let mut rivals =
            rivals.filter(|one| one.person_id != person_id && one.period.overlaps(wanted.period));
        rivals.next().map(|one| Unseated::Occupied { by: vec![one.person_id], when: one.period })
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
            self.by_unit.entry(position.unit_id).or_default().push(position.id);
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
