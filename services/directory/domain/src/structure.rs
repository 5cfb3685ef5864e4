use std::collections::{BTreeSet, HashMap};

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

    /// The days from `from` on, it included, on which any unit begins, changes or ends.
    fn turns(&self, from: Date) -> BTreeSet<Date> {
        let versions = self.units.values().flat_map(|unit| &unit.versions);
        let days = versions.flat_map(|version| [version.period.from, version.period.until]);
        let mut turns: BTreeSet<Date> = days.filter(|day| *day > from && *day < Period::END).collect();
        turns.insert(from);
        turns
    }
}
