//! Groups that hold groups: never in a circle, and not too deep.

use std::{
    collections::{HashMap, HashSet},
    hash::BuildHasher,
};

use base::Uuid;

/// Which groups each group holds. Who holds none need not be there.
type Links<S> = HashMap<Uuid, HashSet<Uuid>, S>;

/// The shortest way from a group through those it holds back to itself, the group at both ends; none if there is no such way.
pub fn circle<S: BuildHasher>(links: &Links<S>, start: Uuid) -> Option<Vec<Uuid>> {
    let mut reached_from: HashMap<Uuid, Uuid> = HashMap::new();
    let mut level = vec![start];
    while !level.is_empty() {
        let mut next = Vec::new();
        for holder in level {
            for &held in sorted(links.get(&holder)) {
                if held == start {
                    return Some(way(&reached_from, start, holder));
                }
                if let std::collections::hash_map::Entry::Vacant(place) = reached_from.entry(held) {
                    place.insert(holder);
                    next.push(held);
                }
            }
        }
        level = next;
    }
    None
}

/// The way from `start` to `last` and back to `start`.
fn way(reached_from: &HashMap<Uuid, Uuid>, start: Uuid, last: Uuid) -> Vec<Uuid> {
    let mut way = vec![start, last];
    let mut at = last;
    while at != start {
        at = reached_from[&at];
        way.push(at);
    }
    way.reverse();
    way
}

/// In one order, so that the same circle is told alike each time.
fn sorted(held: Option<&HashSet<Uuid>>) -> Vec<&Uuid> {
    let mut held: Vec<_> = held.into_iter().flatten().collect();
    held.sort_unstable();
    held
}

/// How many groups the longest way through this group has, from one that nobody holds down to one that holds none: 1 for a
/// group that stands alone. The links must have no circle.
pub fn depth<S: BuildHasher>(links: &Links<S>, group: Uuid) -> usize {
    let mut holders: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for (&holder, held) in links {
        for &held in held {
            holders.entry(held).or_default().insert(holder);
        }
    }
    longest(links, group, &mut HashMap::new()) + longest(&holders, group, &mut HashMap::new()) - 1
}

/// Groups on the longest way down from this one, itself included.
fn longest<S: BuildHasher>(links: &Links<S>, group: Uuid, known: &mut HashMap<Uuid, usize>) -> usize {
    if let Some(&length) = known.get(&group) {
        return length;
    }
    let below = links.get(&group).into_iter().flatten().map(|&held| longest(links, held, known)).max();
    let length = 1 + below.unwrap_or(0);
    known.insert(group, length);
    length
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(number: u8) -> Uuid {
        Uuid::from_u128(u128::from(number))
    }

    fn links(pairs: &[(u8, u8)]) -> HashMap<Uuid, HashSet<Uuid>> {
        let mut links: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
        for &(holder, held) in pairs {
            links.entry(id(holder)).or_default().insert(id(held));
        }
        links
    }

    #[test]
    fn a_circle_is_told_from_its_start_to_its_start() {
        let three = links(&[(1, 2), (2, 3), (3, 1), (1, 4), (4, 5)]);
        assert_eq!(circle(&three, id(1)), Some([1, 2, 3, 1].map(id).to_vec()));
        assert_eq!(circle(&three, id(2)), Some([2, 3, 1, 2].map(id).to_vec()));
        assert_eq!(circle(&three, id(4)), None, "it is held by a circle, and in none");
        assert_eq!(circle(&links(&[(1, 1)]), id(1)), Some([1, 1].map(id).to_vec()));
        assert_eq!(circle(&links(&[(1, 2), (2, 1)]), id(1)), Some([1, 2, 1].map(id).to_vec()));
    }

    #[test]
    fn depth_counts_the_groups_above_and_below() {
        let chain = links(&[(1, 2), (2, 3), (3, 4), (7, 3), (1, 4)]);
        for (group, expected) in [(1, 4), (2, 4), (3, 4), (4, 4), (7, 3), (9, 1)] {
            assert_eq!(depth(&chain, id(group)), expected, "group {group}");
        }
    }

    proptest! {
        #[test]
        fn groups_that_hold_only_later_ones_have_no_circle(pairs in prop::collection::vec((0_u8..12, 0_u8..12), 0..30)) {
            let forward: Vec<_> = pairs.iter().map(|&(a, b)| (a.min(b), a.max(b) + 1)).collect();
            let forward = links(&forward);
            for group in 0..13 {
                prop_assert_eq!(circle(&forward, id(group)), None);
                prop_assert!((1..=13).contains(&depth(&forward, id(group))));
            }
        }

        #[test]
        fn a_circle_is_a_way_along_the_links(pairs in prop::collection::vec((0_u8..8, 0_u8..8), 0..20)) {
            let links = links(&pairs);
            for group in 0..8 {
                if let Some(way) = circle(&links, id(group)) {
                    prop_assert_eq!((way[0], way[way.len() - 1]), (id(group), id(group)));
                    for step in way.windows(2) {
                        prop_assert!(links[&step[0]].contains(&step[1]));
                    }
                }
            }
        }
    }
}
