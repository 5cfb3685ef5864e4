use base::{Date, Timestamp, Uuid};

use crate::{Capacity, Period, Position};

/// That a person is appointed to a position for some days, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenure {
    /// Its id.
    pub id: Uuid,
    /// The person.
    pub person_id: Uuid,
    /// The position.
    pub position_id: Uuid,
    /// Its place in the order in which the person's posts were given.
    pub place: u32,
    /// In what capacity.
    pub capacity: Capacity,
    /// Whether it is the person's main post.
    pub is_primary: bool,
    /// Number and symbol of the decision; may be empty.
    pub basis: String,
    /// When.
    pub period: Period,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// Why a person cannot be appointed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unseated {
    /// The position does not exist on all of these days; the days on which it does.
    Outside(Period),
    /// The person holds the position on some of these days.
    AlreadyHeld(Period),
    /// Every seat is taken on some of these days; by whom, and on which days the last of them.
    Occupied {
        /// Those who sit there.
        by: Vec<Uuid>,
        /// From the first such day, as far as the seats stay taken.
        when: Period,
    },
}

impl Tenure {
    /// Whether the position admits this appointment beside those that it has: within its days, no person twice, and not more
    /// people at once than it has seats.
    pub fn fits<'a>(
        &self,
        position: &Position,
        others: impl Iterator<Item = &'a Self> + Clone,
    ) -> Result<(), Unseated> {
        if !position.period.covers(self.period) {
            return Err(Unseated::Outside(position.period));
        }
        let others = others.filter(|other| {
            other.id != self.id && other.position_id == position.id && other.period.overlaps(self.period)
        });
        if let Some(own) = others.clone().find(|other| other.person_id == self.person_id) {
            return Err(Unseated::AlreadyHeld(own.period));
        }
        let seats = usize::from(position.duties.seats);
        if seats == 0 {
            return Ok(());
        }
        // The number of those who sit there grows only on the first day of somebody.
        let days = others.clone().map(|other| other.period.from.max(self.period.from));
        let mut days: Vec<Date> = days.chain([self.period.from]).collect();
        days.sort_unstable();
        for day in days {
            let sitting: Vec<&Self> = others.clone().filter(|other| other.period.contains(day)).collect();
            if sitting.len() >= seats {
                let until = sitting.iter().map(|other| other.period.until).min().unwrap_or(day);
                let by = sitting.iter().map(|other| other.person_id).collect();
                return Err(Unseated::Occupied { by, when: Period { from: day, until } });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Duties, Roles};

    fn day(number: i16) -> Date {
        Date::constant(2000 + number, 1, 1)
    }

    fn tenure(number: u128, (from, until): (i16, i16)) -> Tenure {
        Tenure {
            id: Uuid::from_u128(number),
            person_id: Uuid::from_u128(100 + number),
            position_id: Uuid::nil(),
            place: 1,
            capacity: Capacity::Holder,
            is_primary: true,
            basis: String::new(),
            period: Period { from: day(from), until: day(until) },
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn position(seats: u16) -> Position {
        Position {
            id: Uuid::nil(),
            revision: 1,
            unit_id: Uuid::nil(),
            duties: Duties { title: String::new(), roles: Roles::NONE, seats },
            period: Period::since(day(0)),
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_head_follows_a_head_but_two_heads_are_refused() {
        let first = tenure(1, (1, 5));
        assert_eq!(tenure(2, (5, 9)).fits(&position(1), [&first].into_iter()), Ok(()));
        let refused = tenure(2, (4, 9)).fits(&position(1), [&first].into_iter());
        let when = Period { from: day(4), until: day(5) };
        assert_eq!(refused, Err(Unseated::Occupied { by: vec![first.person_id], when }));
        let twice = Tenure { person_id: first.person_id, ..tenure(2, (4, 9)) };
        assert_eq!(twice.fits(&position(0), [&first].into_iter()), Err(Unseated::AlreadyHeld(first.period)));
        let closed = Position { period: Period { from: day(0), until: day(6) }, ..position(1) };
        assert!(matches!(tenure(2, (5, 9)).fits(&closed, [].into_iter()), Err(Unseated::Outside(_))));
    }

    proptest! {
        #[test]
        fn never_more_than_there_are_seats(
            wanted in prop::collection::vec((0_i16..8, 1_i16..5), 1..12), seats in 1_u16..4,
        ) {
            let position = position(seats);
            let mut held: Vec<Tenure> = Vec::new();
            for (number, (from, length)) in (0_u128..).zip(wanted) {
                let next = tenure(number, (from, from + length));
                let sitting = |at: i16| held.iter().filter(|one| one.period.contains(day(at))).count();
                let full = (from..from + length).any(|at| sitting(at) >= usize::from(seats));
                prop_assert_eq!(next.fits(&position, held.iter()).is_err(), full);
                if !full {
                    held.push(next);
                }
            }
        }
    }
}
