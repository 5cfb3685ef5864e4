//! Sets of recipients by rule: "all communes of the province except …".

mod evaluate;
mod text;

use std::collections::HashSet;

use base::Uuid;

use crate::UnitKind;

pub use evaluate::{Composition, Leaves, Set};
pub use text::BadExpression;

/// A set of recipients, described by what belongs to it on a day rather than one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// Every agency of the directory.
    AllAgencies,
    /// Every unit of these kinds.
    Kinds(Vec<UnitKind>),
    /// What stands below a unit, without the unit itself.
    Below(Below),
    /// These units.
    Units(Vec<Uuid>),
    /// All that belongs to a group.
    Group(Uuid),
    /// What belongs to any of these.
    Union(Vec<Self>),
    /// What belongs to each of these.
    Intersection(Vec<Self>),
    /// What belongs to the first and not to the second.
    Difference(Box<Self>, Box<Self>),
}

/// A part of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Below {
    /// The unit above.
    pub unit_id: Uuid,
    /// Only what stands directly below it; otherwise the whole subtree.
    pub direct: bool,
}

/// How large an expression is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Levels of sets in sets; 1 for a set that holds no other.
    pub depth: usize,
    /// Sets, those inside others included.
    pub sets: usize,
    /// Units named.
    pub units: usize,
}

impl Expression {
    /// The sets right inside this one.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Union(parts) | Self::Intersection(parts) => parts.iter().collect(),
            Self::Difference(of, except) => vec![of, except],
            _ => Vec::new(),
        }
    }

    /// Calls `look` with this set and every set inside it.
    pub fn visit<'a>(&'a self, look: &mut impl FnMut(&'a Self)) {
        look(self);
        for part in self.parts() {
            part.visit(look);
        }
    }

    /// How large it is.
    pub fn size(&self) -> Size {
        let inside = self.parts().into_iter().map(Self::size).fold(Size::default(), |all, part| Size {
            depth: all.depth.max(part.depth),
            sets: all.sets + part.sets,
            units: all.units + part.units,
        });
        let named = if let Self::Units(units) = self { units.len() } else { 0 };
        Size { depth: inside.depth + 1, sets: inside.sets + 1, units: inside.units + named }
    }

    /// The groups that it names.
    pub fn groups(&self) -> HashSet<Uuid> {
        let mut groups = HashSet::new();
        self.visit(&mut |set| {
            if let Self::Group(id) = set {
                groups.insert(*id);
            }
        });
        groups
    }

    /// The units that it names, also those above a part of the tree.
    pub fn units(&self) -> HashSet<Uuid> {
        let mut named = HashSet::new();
        self.visit(&mut |set| match set {
            Self::Units(units) => named.extend(units),
            Self::Below(below) => {
                named.insert(below.unit_id);
            }
            _ => {}
        });
        named
    }
}
