use std::collections::{HashMap, HashSet};

use base::{Date, Timestamp, Uuid};

use crate::{
    Identifier, NotThen, Patch, Period, Scheme, Structure, StructureFault, Succession, Traits, UnitHistory,
};

/// Some units end or shrink, and others take over from them: a merger, a split, or both at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitChange {
    /// Those that end. One that is among the successors too goes on.
    pub predecessors: Vec<Uuid>,
    /// Those that take over.
    pub successors: Vec<Successor>,
    /// Which of the successors takes inbox, registers and open work.
    pub heir: usize,
    /// Whether inner units go on below the heir; otherwise they end.
    pub keeps_inner_units: bool,
}

/// A unit that takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Successor {
    /// One that there is.
    Known(Uuid),
    /// One that begins with the new order.
    New {
        /// Its id.
        id: Uuid,
        /// What it is.
        traits: Box<Traits>,
        /// What it is known as: its code, and others.
        identifiers: Vec<Identifier>,
    },
}

/// What comes of a reorganisation.
#[derive(Debug, Clone)]
pub struct Plan {
    /// All units afterwards.
    pub after: Structure,
    /// The units that begin.
    pub created: Vec<Uuid>,
    /// The units that end, inner units among them.
    pub closed: Vec<Uuid>,
    /// The units that stand elsewhere.
    pub moved: Vec<Uuid>,
    /// Who takes over from whom.
    pub successions: Vec<Takeover>,
    /// What stands against it; it cannot be applied while there is anything.
    pub problems: Vec<Problem>,
}

/// That one unit takes over from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takeover {
    /// The unit that ends or shrinks.
    pub predecessor_id: Uuid,
    /// The unit that takes over.
    pub successor_id: Uuid,
    /// Whether inbox, registers and open work go there.
    pub takes_over: bool,
}

/// What stands against a reorganisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A unit does not exist on the day before the new order, or one that is to take over not on its first day.
    Absent(Uuid),
    /// Somebody took over from the unit already, or will.
    Succeeded {
        /// The unit.
        unit_id: Uuid,
        /// Who.
        successor_id: Uuid,
        /// Since when.
        from: Date,
    },
    /// An end of the heir is recorded, from which nobody takes over: inbox, registers and open work would go nowhere.
    HeirCloses {
        /// The unit.
        unit_id: Uuid,
        /// The heir.
        heir_id: Uuid,
        /// The first day without it.
        on: Date,
    },
    /// A unit ends in more than one of the changes.
    EndsTwice(Uuid),
    /// The heir of a unit ends itself: inbox, registers and open work would go nowhere.
    HeirEnds {
        /// The unit.
        unit_id: Uuid,
        /// The heir.
        heir_id: Uuid,
    },
    /// An agency would hand over to an inner unit, which has no inbox and no registers.
    HeirIsNoAgency {
        /// The agency.
        unit_id: Uuid,
        /// The heir.
        heir_id: Uuid,
    },
    /// The unit has a mailbox and its heir none: mail would be lost.
    MailboxLost {
        /// The unit.
        unit_id: Uuid,
        /// The heir.
        heir_id: Uuid,
    },
    /// An identifier of a new unit is borne by a unit that goes on.
    IdentifierTaken {
        /// The identifier.
        value: String,
        /// Who bears it.
        by: Uuid,
    },
    /// Something is recorded for a later day about a unit that ends.
    LaterChange {
        /// The unit.
        unit_id: Uuid,
        /// The day.
        day: Date,
    },
    /// A unit could not stand where it would be.
    Misplaced(StructureFault),
}

impl Successor {
    /// Its id.
    pub fn id(&self) -> Uuid {
        match self {
            Self::Known(id) | Self::New { id, .. } => *id,
        }
    }
}

impl UnitChange {
    /// The unit that takes inbox, registers and open work.
    pub fn heir_id(&self) -> Option<Uuid> {
        self.successors.get(self.heir).map(Successor::id)
    }

    /// The predecessors that end.
    fn ending(&self) -> impl Iterator<Item = Uuid> {
        let goes_on: HashSet<Uuid> = self.successors.iter().map(Successor::id).collect();
        self.predecessors.iter().copied().filter(move |id| !goes_on.contains(id))
    }
}

/// What comes of these changes when the new order begins `on` a day. `known` are the successions recorded so far.
pub fn plan(
    before: &Structure,
    known: &[Succession],
    changes: &[UnitChange],
    on: Date,
    now: Timestamp,
) -> Plan {
    let mut plan = Plan {
        after: before.clone(),
        created: Vec::new(),
        closed: Vec::new(),
        moved: Vec::new(),
        successions: Vec::new(),
        problems: Vec::new(),
    };
    let ending: HashSet<Uuid> = changes.iter().flat_map(UnitChange::ending).collect();
    plan.find_absent(changes, on);
    plan.find_succeeded(known, changes, on);
    plan.begin_new(changes, on, now);
    for change in changes {
        plan.hand_over(change, &ending, before, on);
    }
    for id in plan.closed.clone() {
        plan.close(id, on);
    }
    let misplaced = plan.after.settle_since(before, on);
    plan.problems.extend(misplaced.into_iter().map(Problem::Misplaced));
    plan.find_taken(on);
    plan
}

impl Plan {
    fn find_absent(&mut self, changes: &[UnitChange], on: Date) {
        let eve = on.yesterday().unwrap_or(on);
        let mut seen = HashSet::new();
        for change in changes {
            for &id in &change.predecessors {
                if self.after.get(id).is_none_or(|unit| unit.version(eve).is_none()) {
                    self.problems.push(Problem::Absent(id));
                } else if !seen.insert(id) {
                    self.problems.push(Problem::EndsTwice(id));
                }
            }
            for successor in &change.successors {
                let Successor::Known(id) = successor else { continue };
                let lives = |unit: &UnitHistory| unit.version(eve).is_some() && unit.version(on).is_some();
                if !self.after.get(*id).is_some_and(lives) {
                    self.problems.push(Problem::Absent(*id));
                }
            }
        }
    }

    /// Units from which somebody took over already, and heirs that end and leave nobody to take over.
    fn find_succeeded(&mut self, known: &[Succession], changes: &[UnitChange], on: Date) {
        for change in changes {
            let ending: HashSet<Uuid> = change.ending().collect();
            for &unit_id in &change.predecessors {
                let again = known.iter().filter(|one| one.predecessor_id == unit_id).find(|one| {
                    let same =
                        one.from == on && change.successors.iter().any(|to| to.id() == one.successor_id);
                    same || one.takes_over && ending.contains(&unit_id)
                });
                self.problems.extend(again.map(|one| Problem::Succeeded {
                    unit_id,
                    successor_id: one.successor_id,
                    from: one.from,
                }));
            }
            let Some(Successor::Known(heir_id)) = change.successors.get(change.heir) else { continue };
            let end = self.after.get(*heir_id).map_or(Period::END, |heir| heir.period().until);
            let followed = known.iter().any(|one| one.predecessor_id == *heir_id && one.takes_over);
            if end > on && end != Period::END && !followed {
                let heir_id = *heir_id;
                self.problems.extend(change.ending().map(|unit_id| Problem::HeirCloses {
                    unit_id,
                    heir_id,
                    on: end,
                }));
            }
        }
    }

    fn begin_new(&mut self, changes: &[UnitChange], on: Date, now: Timestamp) {
        for successor in changes.iter().flat_map(|change| &change.successors) {
            let Successor::New { id, traits, identifiers } = successor else { continue };
            if self.created.contains(id) {
                continue;
            }
            let mut identifiers =
                identifiers.iter().map(|one| Identifier { period: Period::since(on), ..one.clone() });
            let code = identifiers.next().expect("a new unit has its code first");
            let mut unit = UnitHistory::begin(*id, (**traits).clone(), code, now);
            unit.identifiers.extend(identifiers);
            self.after.add(unit);
            self.created.push(*id);
        }
    }

    /// One change: who takes over, what ends, what moves.
    fn hand_over(&mut self, change: &UnitChange, ending: &HashSet<Uuid>, before: &Structure, on: Date) {
        let Some(heir_id) = change.heir_id() else { return };
        let eve = on.yesterday().unwrap_or(on);
        for &predecessor_id in &change.predecessors {
            let others = change.successors.iter().map(Successor::id).filter(|id| *id != predecessor_id);
            self.successions.extend(others.map(|successor_id| Takeover {
                predecessor_id,
                successor_id,
                takes_over: successor_id == heir_id && ending.contains(&predecessor_id),
            }));
        }
        for unit_id in change.ending() {
            self.check_heir(unit_id, heir_id, ending, before, on);
            self.close_below(
                unit_id,
                change.keeps_inner_units.then_some(heir_id),
                heir_id,
                (ending, before, eve),
                on,
            );
            if !self.closed.contains(&unit_id) {
                self.closed.push(unit_id);
            }
        }
    }

    fn check_heir(
        &mut self,
        unit_id: Uuid,
        heir_id: Uuid,
        ending: &HashSet<Uuid>,
        before: &Structure,
        on: Date,
    ) {
        let eve = on.yesterday().unwrap_or(on);
        let Some(unit) = before.get(unit_id).and_then(|unit| unit.version(eve)) else { return };
        let Some(heir) = self.after.get(heir_id).and_then(|heir| heir.version(on)) else { return };
        if ending.contains(&heir_id) {
            self.problems.push(Problem::HeirEnds { unit_id, heir_id });
        }
        if unit.traits.kind.is_agency() && !heir.traits.kind.is_agency() {
            self.problems.push(Problem::HeirIsNoAgency { unit_id, heir_id });
        }
        if !unit.traits.email.is_empty() && heir.traits.email.is_empty() {
            self.problems.push(Problem::MailboxLost { unit_id, heir_id });
        }
    }

    /// What stands below a unit that ends: agencies go below the heir, inner units too if they are kept, or else they end.
    fn close_below(
        &mut self,
        unit_id: Uuid,
        keeper: Option<Uuid>,
        heir_id: Uuid,
        (ending, before, eve): (&HashSet<Uuid>, &Structure, Date),
        on: Date,
    ) {
        let mut children = before.children(unit_id, eve);
        children.sort_unstable();
        for child in children.into_iter().filter(|child| !ending.contains(child)) {
            let is_agency = before
                .get(child)
                .and_then(|unit| unit.place(eve))
                .is_some_and(|place| place.kind.is_agency());
            if is_agency || keeper.is_some() {
                let patch = Patch { parent_id: Some(Some(heir_id)), ..Patch::default() };
                let moved = self.after.get_mut(child).map(|unit| unit.change(on, &patch));
                match moved {
                    Some(Ok(())) => self.moved.push(child),
                    Some(Err(why)) => self.object(child, why),
                    None => {}
                }
            } else {
                self.close_below(child, None, heir_id, (ending, before, eve), on);
                self.closed.push(child);
            }
        }
    }

    fn close(&mut self, id: Uuid, on: Date) {
        let Some(unit) = self.after.get_mut(id) else { return };
        if unit.period().until == on {
            return; // its end on this day was recorded before
        }
        if let Err(why) = unit.close(on) {
            self.object(id, why);
        }
    }

    fn object(&mut self, unit_id: Uuid, why: NotThen) {
        let problem = match why {
            NotThen::Absent => Problem::Absent(unit_id),
            NotThen::LaterChange(day) => Problem::LaterChange { unit_id, day },
        };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Identifiers of new units that somebody else bears from then on. One that ends with its bearer is free again.
    fn find_taken(&mut self, on: Date) {
        let mut bearers: HashMap<(Scheme, &str), Vec<(Uuid, Period)>> = HashMap::new();
        for unit in self.after.units() {
            for one in &unit.identifiers {
                bearers.entry((one.scheme, &one.value)).or_default().push((unit.id, one.period));
            }
        }
        let mut taken = Vec::new();
        for id in &self.created {
            let Some(unit) = self.after.get(*id) else { continue };
            for one in &unit.identifiers {
                let others = bearers.get(&(one.scheme, one.value.as_str())).into_iter().flatten();
                let other =
                    others.into_iter().find(|(by, period)| by != id && period.overlaps(Period::since(on)));
                taken.extend(
                    other.map(|(by, _)| Problem::IdentifierTaken { value: one.value.clone(), by: *by }),
                );
            }
        }
        self.problems.extend(taken);
    }
}
