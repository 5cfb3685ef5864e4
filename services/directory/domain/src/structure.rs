use std::collections::{BTreeSet, HashMap, HashSet};

use base::{Date, Uuid};

use crate::{Misplaced, Period, Place, UnitHistory, agencies};

/// All units through time.
#[derive(Debug, Clone, Default)]
pub struct Structure {
    units: HashMap<Uuid, UnitHistory>,
}

/// A unit that cannot stand where it is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The unit.
    pub unit_id: Uuid,
    /// From which day on.
    pub from: Date,
    /// Why.
    pub why: Misplaced,
}

impl Structure {
    /// These units.
    pub fn new(units: impl IntoIterator<Item = UnitHistory>) -> Self {
        Self { units: units.into_iter().map(|unit| (unit.id, unit)).collect() }
    }

    /// A unit.
    pub fn get(&self, id: Uuid) -> Option<&UnitHistory> {
        self.units.get(&id)
    }

    /// A unit, to change it; [`Structure::settle`] afterwards.
    pub fn get_mut(&mut self, id: Uuid) -> Option<&mut UnitHistory> {
        self.units.get_mut(&id)
    }

    /// Adds a unit; [`Structure::settle`] afterwards.
    pub fn add(&mut self, unit: UnitHistory) {
        self.units.insert(unit.id, unit);
    }

    /// All units, in no order.
    pub fn units(&self) -> impl Iterator<Item = &UnitHistory> {
        self.units.values()
    }

    /// The units directly below one on a day, in no order.
    pub fn children(&self, parent_id: Uuid, on: Date) -> Vec<Uuid> {
        let below =
            |unit: &&UnitHistory| unit.place(on).is_some_and(|place| place.parent_id == Some(parent_id));
        self.units.values().filter(below).map(|unit| unit.id).collect()
    }

    /// Gives every unit its agency on each day from `from` on; all that cannot stand where they are.
    pub fn settle(&mut self, from: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        for day in self.turns(from) {
            let places: HashMap<Uuid, Place> =
                self.units.values().filter_map(|unit| Some((unit.id, unit.place(day)?))).collect();
            for (unit_id, place) in &places {
                if place.parent_id.is_some_and(|parent_id| !places.contains_key(&parent_id)) {
                    faults.push(Fault { unit_id: *unit_id, from: day, why: Misplaced::ParentAbsent });
                }
            }
            for (unit_id, agency) in agencies(&places) {
                match agency {
                    Ok(agency_id) => {
                        let place = &places[&unit_id];
                        let parent = place.parent_id.and_then(|parent_id| places.get(&parent_id));
                        if parent.is_some_and(|parent| !place.kind.may_stand_below(parent.kind)) {
                            faults.push(Fault { unit_id, from: day, why: Misplaced::WrongKindAbove });
                        }
                        let unit = self.units.get_mut(&unit_id).expect("its place was read from here");
                        unit.settle(day, agency_id);
                    }
                    Err(_) if faults.iter().any(|fault| fault.unit_id == unit_id && fault.from == day) => {}
                    Err(why) => faults.push(Fault { unit_id, from: day, why }),
                }
            }
        }
        for unit in self.units.values_mut() {
            unit.join();
        }
        faults.sort_by_key(|fault| (fault.from, fault.unit_id));
        faults
    }

    /// The same after a change: only what did not stand wrong before it, each unit once.
    pub fn settle_since(&mut self, before: &Self, from: Date) -> Vec<Fault> {
        let known: HashSet<_> =
            before.clone().settle(from).into_iter().map(|fault| (fault.unit_id, fault.why)).collect();
        let mut told = HashSet::new();
        let mut faults = self.settle(from);
        faults.retain(|fault| !known.contains(&(fault.unit_id, fault.why)) && told.insert(fault.unit_id));
        faults
    }

    /// The days from `from` on, it included, on which any unit begins, changes or ends.
    fn turns(&self, from: Date) -> BTreeSet<Date> {
        let versions = self.units.values().flat_map(|unit| &unit.versions);
        let days = versions.flat_map(|version| [version.period.from, version.period.until]);
        let mut turns: BTreeSet<Date> = days.filter(|day| *day > from && *day < Period::END).collect();
        turns.insert(from);
        turns
    }
}

#[cfg(test)]
mod tests {
    use base::Timestamp;

    use super::*;
    use crate::{Identifier, Patch, Scheme, Traits, UnitKind};

    const FROM: Date = Date::constant(2026, 1, 1);

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn unit(number: u128, kind: UnitKind, parent: u128) -> UnitHistory {
        let traits = Traits {
            name: String::new(),
            abbreviation: String::new(),
            kind,
            parent_id: (parent != 0).then(|| id(parent)),
            email: String::new(),
            address: String::new(),
            phone: String::new(),
        };
        let code = Identifier {
            scheme: Scheme::Decision20,
            value: format!("H{number}"),
            synthetic: true,
            period: Period::since(Date::constant(2020, 1, 1)),
        };
        UnitHistory::begin(id(number), traits, code, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_stood_wrong_before_keeps_nobody_from_moving_another_unit() {
        use UnitKind::{InnerDivision, ProvincialDepartment, ProvincialPeoplesCommittee, Ward};
        let before = Structure::new([
            unit(1, ProvincialPeoplesCommittee, 0),
            unit(2, ProvincialDepartment, 1),
            unit(3, ProvincialDepartment, 1),
            unit(4, InnerDivision, 2),
            unit(5, Ward, 2), // from a time when nobody looked
        ]);
        let moved = |number: u128, to: u128| {
            let mut after = before.clone();
            let patch = Patch { parent_id: Some(Some(id(to))), ..Patch::default() };
            after.get_mut(id(number)).unwrap().change(FROM, &patch).unwrap();
            let faults = after.settle_since(&before, FROM);
            (after, faults)
        };
        let (after, faults) = moved(4, 3);
        assert_eq!(faults, []);
        assert_eq!(after.get(id(4)).unwrap().version(FROM).unwrap().agency_id, id(3));
        let wrong = Fault { unit_id: id(3), from: FROM, why: Misplaced::WrongKindAbove };
        assert_eq!(moved(3, 5).1, [wrong]);
        assert_eq!(moved(5, 1).1, [], "and it may be put right");
    }
}
