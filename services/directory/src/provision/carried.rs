use std::collections::{HashMap, HashSet};

use base::Uuid;
use directory_domain::{Position, Staff, Tenure};

/// What earlier parts of a file do to leading positions: later parts find these seats taken or free, as they will be.
#[derive(Debug, Default)]
pub(super) struct Carried {
    positions: HashMap<Uuid, Position>,
    tenures: HashMap<Uuid, Tenure>,
    gone: HashSet<Uuid>,
}

impl Carried {
    /// Adds what a part of the file did.
    pub(super) fn add(&mut self, staff: &Staff) {
        let leads = |position: &Position| position.duties.seats > 0;
        let new = staff.new_positions.iter().filter(|position| leads(position));
        self.positions.extend(new.map(|position| (position.id, position.clone())));
        let tenures = staff.new_tenures.iter().chain(staff.ended.iter().map(|(_, after)| after));
        let leading = tenures.filter(|tenure| staff.position(tenure.position_id).is_some_and(leads));
        self.tenures.extend(leading.map(|tenure| (tenure.id, tenure.clone())));
        self.gone.extend(staff.withdrawn.iter().map(|tenure| tenure.id));
    }

    /// Positions and appointments as the directory has them, with what was carried.
    pub(super) fn merge(&self, positions: &mut Vec<Position>, tenures: &mut Vec<Tenure>) {
        positions.extend(self.positions.values().cloned());
        tenures.retain(|tenure| !self.tenures.contains_key(&tenure.id) && !self.gone.contains(&tenure.id));
        tenures.extend(self.tenures.values().cloned());
    }
}
