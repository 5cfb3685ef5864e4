//! Which recipients an expression stands for, once it is known what each of its leaves holds.

use std::collections::{BTreeSet, HashMap};

use base::Uuid;

use super::{Below, Expression};
use crate::{Member, MemberKind, UnitKind};

/// Recipients, each once. Never a group: that stands for what belongs to it.
pub type Set = BTreeSet<Member>;

/// What the leaves of expressions hold on a day. What is not there holds nothing.
#[derive(Debug, Clone, Default)]
pub struct Leaves {
    /// Every agency.
    pub agencies: Set,
    /// The units of each kind.
    pub kinds: HashMap<UnitKind, Set>,
    /// The units below a unit.
    pub below: HashMap<Below, Set>,
    /// The groups.
    pub groups: HashMap<Uuid, Composition>,
}

/// Of what a group is made.
#[derive(Debug, Clone, Default)]
pub struct Composition {
    /// Who belongs to it by name, other groups among them.
    pub members: BTreeSet<Member>,
    /// Who else belongs to it.
    pub expression: Option<Expression>,
}

impl Expression {
    /// The recipients it stands for. Units and others that are named belong to it whether or not they exist on the day.
    pub fn evaluate(&self, leaves: &Leaves) -> Set {
        Evaluation { leaves, groups: HashMap::new() }.set(self)
    }
}

struct Evaluation<'a> {
    leaves: &'a Leaves,
    /// What was found before: a group may be named in many places. A group at work holds nothing, so that even a circle ends.
    groups: HashMap<Uuid, Set>,
}

impl Evaluation<'_> {
    fn set(&mut self, expression: &Expression) -> Set {
        let leaves = self.leaves;
        match expression {
            Expression::AllAgencies => leaves.agencies.clone(),
            Expression::Kinds(kinds) => {
                kinds.iter().filter_map(|kind| leaves.kinds.get(kind)).flatten().copied().collect()
            }
            Expression::Below(below) => leaves.below.get(below).cloned().unwrap_or_default(),
            Expression::Units(units) => units.iter().map(|id| Member::unit(*id)).collect(),
            Expression::Group(id) => self.group(*id),
            Expression::Union(parts) => parts.iter().flat_map(|part| self.set(part)).collect(),
            Expression::Intersection(parts) => {
                let sets: Vec<_> = parts.iter().map(|part| self.set(part)).collect();
                sets.into_iter().reduce(|both, set| &both & &set).unwrap_or_default()
            }
            Expression::Difference(of, except) => &self.set(of) - &self.set(except),
        }
    }

    fn group(&mut self, id: Uuid) -> Set {
        if let Some(found) = self.groups.get(&id) {
            return found.clone();
        }
        self.groups.insert(id, Set::new());
        let leaves = self.leaves;
        let Some(composition) = leaves.groups.get(&id) else { return Set::new() };
        let mut set = composition.expression.as_ref().map(|rule| self.set(rule)).unwrap_or_default();
        for member in &composition.members {
            match member.kind {
                MemberKind::Group => set.extend(self.group(member.id)),
                _ => {
                    set.insert(*member);
                }
            }
        }
        self.groups.insert(id, set.clone());
        set
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    const KINDS: [UnitKind; 3] = [UnitKind::Commune, UnitKind::Ward, UnitKind::ProvincialDepartment];

    fn id(number: u8) -> Uuid {
        Uuid::from_u128(u128::from(number))
    }

    fn units(numbers: &[u8]) -> Set {
        numbers.iter().map(|number| Member::unit(id(*number))).collect()
    }

    /// Units 0 to 19: each third one of a kind, each but the first below the one half its number, the even ones agencies.
    /// Group 100 holds units 1 and 2 and a user; group 101 holds group 100 and all wards; group 102 all but group 101.
    fn leaves() -> Leaves {
        let numbers = |of: &dyn Fn(u8) -> bool| units(&(0..20).filter(|n| of(*n)).collect::<Vec<_>>());
        let kinds = (0_u8..3).zip(KINDS).map(|(rest, kind)| (kind, numbers(&|n| n % 3 == rest)));
        let direct = |above: u8| numbers(&|n| n > 0 && n / 2 == above);
        let whole = |above: u8| numbers(&|n| stands_below(n, above));
        let below = (0..20).flat_map(|n| {
            [
                (Below { unit_id: id(n), direct: true }, direct(n)),
                (Below { unit_id: id(n), direct: false }, whole(n)),
            ]
        });
        let user = Member { kind: MemberKind::User, id: id(50) };
        let group = |number| Member { kind: MemberKind::Group, id: id(number) };
        let first = Composition { members: &units(&[1, 2]) | &Set::from([user]), expression: None };
        let wards = Expression::Kinds(vec![UnitKind::Ward]);
        let second = Composition { members: Set::from([group(100)]), expression: Some(wards) };
        let rest =
            Expression::Difference(Box::new(Expression::AllAgencies), Box::new(Expression::Group(id(101))));
        let third = Composition { members: Set::new(), expression: Some(rest) };
        Leaves {
            agencies: numbers(&|n| n % 2 == 0),
            kinds: kinds.collect(),
            below: below.collect(),
            groups: [(id(100), first), (id(101), second), (id(102), third)].into(),
        }
    }

    fn stands_below(unit: u8, above: u8) -> bool {
        unit > 0 && (unit / 2 == above || stands_below(unit / 2, above))
    }

    /// Whether a member belongs to the set, asked of one member after the other.
    fn holds(expression: &Expression, leaves: &Leaves, member: Member) -> bool {
        match expression {
            Expression::AllAgencies => leaves.agencies.contains(&member),
            Expression::Kinds(kinds) => kinds.iter().any(|kind| leaves.kinds[kind].contains(&member)),
            Expression::Below(below) => leaves.below[below].contains(&member),
            Expression::Units(ids) => member.kind == MemberKind::Unit && ids.contains(&member.id),
            Expression::Group(id) => leaves.groups.get(id).is_some_and(|group| {
                let nested = group.members.iter().filter(|held| held.kind == MemberKind::Group);
                group.members.contains(&member)
                    || nested.map(|held| Expression::Group(held.id)).any(|held| holds(&held, leaves, member))
                    || group.expression.as_ref().is_some_and(|rule| holds(rule, leaves, member))
            }),
            Expression::Union(parts) => parts.iter().any(|part| holds(part, leaves, member)),
            Expression::Intersection(parts) => parts.iter().all(|part| holds(part, leaves, member)),
            Expression::Difference(of, except) => holds(of, leaves, member) && !holds(except, leaves, member),
        }
    }

    pub(crate) fn expressions() -> impl Strategy<Value = Expression> {
        let some_units = prop::collection::vec((0_u8..20).prop_map(id), 0..5);
        let some_kinds = prop::collection::vec(prop::sample::select(KINDS.to_vec()), 1..3);
        let leaf = prop_oneof![
            Just(Expression::AllAgencies),
            some_kinds.prop_map(Expression::Kinds),
            ((0_u8..20), any::<bool>())
                .prop_map(|(n, direct)| Expression::Below(Below { unit_id: id(n), direct })),
            some_units.prop_map(Expression::Units),
            (100_u8..104).prop_map(|n| Expression::Group(id(n))),
        ];
        leaf.prop_recursive(6, 40, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 1..4).prop_map(Expression::Union),
                prop::collection::vec(inner.clone(), 1..4).prop_map(Expression::Intersection),
                (inner.clone(), inner)
                    .prop_map(|(of, except)| Expression::Difference(Box::new(of), Box::new(except))),
            ]
        })
    }

    #[test]
    fn groups_in_groups_stand_for_all_that_belongs_to_them() {
        let leaves = leaves();
        let found = Expression::Group(id(101)).evaluate(&leaves);
        assert!(found.is_superset(&units(&[1, 2, 4, 7])) && found.len() == 9, "{found:?}");
        assert!(Expression::Group(id(103)).evaluate(&leaves).is_empty());
    }

    #[test]
    fn even_a_circle_of_groups_ends() {
        let group = |number| Member { kind: MemberKind::Group, id: id(number) };
        let round =
            |held| Composition { members: &units(&[held]) | &Set::from([group(held)]), expression: None };
        let groups = [(id(1), round(2)), (id(2), round(1))].into();
        let leaves = Leaves { groups, ..Leaves::default() };
        assert_eq!(Expression::Group(id(1)).evaluate(&leaves), units(&[1, 2]));
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_belongs(expression in expressions()) {
            let leaves = leaves();
            let found = expression.evaluate(&leaves);
            let users = [Member { kind: MemberKind::User, id: id(50) }];
            for member in units(&(0..20).collect::<Vec<_>>()).into_iter().chain(users) {
                prop_assert_eq!(found.contains(&member), holds(&expression, &leaves, member));
            }
            prop_assert!(found.len() <= 21);
        }

        #[test]
        fn its_size_counts_every_set(expression in expressions()) {
            let mut sets = 0;
            expression.visit(&mut |_| sets += 1);
            let size = expression.size();
            prop_assert_eq!(size.sets, sets);
            prop_assert!((1..=sets).contains(&size.depth));
        }
    }
}
