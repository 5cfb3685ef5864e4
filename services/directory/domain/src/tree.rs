use std::{collections::HashMap, hash::BuildHasher};

use base::Uuid;

use crate::UnitKind;

/// Where a unit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What the unit is.
    pub kind: UnitKind,
    /// The unit directly above; none for a root.
    pub parent_id: Option<Uuid>,
}

/// Why a unit cannot stand where it is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Misplaced {
    /// An inner unit has no agency above it.
    NoAgencyAbove,
    /// The way up never ends: the unit stands below itself, or below one that does.
    BelowItself,
    /// The unit directly above does not exist on that day.
    ParentAbsent,
    /// Such a unit never stands below one of the kind above it; see [`UnitKind::may_stand_below`].
    WrongKindAbove,
}

/// The agency of every unit of a whole tree: the unit itself if it is an agency, otherwise the nearest agency above.
pub fn agencies<S: BuildHasher>(units: &HashMap<Uuid, Place, S>) -> HashMap<Uuid, Result<Uuid, Misplaced>> {
    let mut settled = HashMap::with_capacity(units.len());
    for &start in units.keys() {
        let mut path = Vec::new();
        let mut next = Some(start);
        while let Some((id, place)) = next.and_then(|id| Some((id, units.get(&id)?))) {
            if settled.contains_key(&id) || path.len() > units.len() {
                break;
            }
            path.push((id, place));
            next = place.parent_id;
        }
        if path.len() > units.len() {
            settled.extend(path.into_iter().map(|(id, _)| (id, Err(Misplaced::BelowItself))));
            continue;
        }
        while let Some((id, place)) = path.pop() {
            let above = place.parent_id.and_then(|parent_id| settled.get(&parent_id).copied());
            let agency = match above {
                Some(Err(Misplaced::BelowItself)) => Err(Misplaced::BelowItself),
                _ if place.kind.is_agency() => Ok(id),
                Some(above) => above,
                None => Err(Misplaced::NoAgencyAbove),
            };
            settled.insert(id, agency);
        }
    }
    settled
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: u8) -> Uuid {
        Uuid::from_u128(u128::from(number))
    }

    fn tree(units: &[(u8, UnitKind, u8)]) -> HashMap<Uuid, Place> {
        let place = |kind, parent: u8| Place { kind, parent_id: (parent != 0).then(|| id(parent)) };
        units.iter().map(|&(unit, kind, parent)| (id(unit), place(kind, parent))).collect()
    }

    #[test]
    fn an_inner_unit_belongs_to_the_nearest_agency_above() {
        use UnitKind::{
            Commune, InnerDivision, ProvincialDepartment, ProvincialPeoplesCommittee, ServiceCentre,
        };
        let units = tree(&[
            (1, ProvincialPeoplesCommittee, 0),
            (2, ProvincialDepartment, 1),
            (3, InnerDivision, 2),
            (4, InnerDivision, 3),
            (5, Commune, 1),
            (6, ServiceCentre, 5),
            (7, InnerDivision, 0),
            (8, InnerDivision, 7),
        ]);
        let agencies = agencies(&units);
        for (unit, agency) in [(1, 1), (2, 2), (3, 2), (4, 2), (5, 5), (6, 5)] {
            assert_eq!(agencies[&id(unit)], Ok(id(agency)), "unit {unit}");
        }
        assert_eq!(agencies[&id(7)], Err(Misplaced::NoAgencyAbove));
        assert_eq!(agencies[&id(8)], Err(Misplaced::NoAgencyAbove));
    }

    #[test]
    fn nothing_stands_below_itself() {
        use UnitKind::{InnerDivision, ProvincialDepartment};
        let units = tree(&[
            (1, ProvincialDepartment, 2),
            (2, ProvincialDepartment, 1),
            (3, InnerDivision, 2),
            (4, ProvincialDepartment, 4),
            (5, ProvincialDepartment, 0),
        ]);
        let agencies = agencies(&units);
        for unit in 1..=4 {
            assert_eq!(agencies[&id(unit)], Err(Misplaced::BelowItself), "unit {unit}");
        }
        assert_eq!(agencies[&id(5)], Ok(id(5)));
    }

    proptest! {
        #[test]
        fn every_tree_is_settled_and_an_agency_is_an_agency(parents in prop::collection::vec((0_u8..12, 0_usize..9), 1..12)) {
            let units: Vec<_> = (1_u8..)
                .zip(parents)
                .map(|(unit, (parent, kind))| (unit, UnitKind::ALL[kind], parent))
                .collect();
            let units = tree(&units);
            let agencies = agencies(&units);
            prop_assert_eq!(agencies.len(), units.len());
            for (unit, agency) in agencies {
                if let Ok(agency) = agency {
                    prop_assert!(units[&agency].kind.is_agency());
                    prop_assert!(!units[&unit].kind.is_agency() || agency == unit);
                }
            }
        }
    }
}
