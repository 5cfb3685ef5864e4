use base::Date;

/// A stretch of days in Vietnam: from its first day up to, not including, `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The first day on which it no longer holds; [`Period::END`] if it has no end.
    pub until: Date,
}

impl Period {
    /// Stands for "since before the records".
    pub const BEGINNING: Date = Date::constant(1, 1, 1);

    /// Stands for no end.
    pub const END: Date = Date::constant(9999, 12, 31);

    /// All days.
    pub const ALWAYS: Self = Self { from: Self::BEGINNING, until: Self::END };

    /// From a day on, without an end.
    pub fn since(from: Date) -> Self {
        Self { from, until: Self::END }
    }

    /// Whether it holds on this day.
    pub fn contains(self, day: Date) -> bool {
        self.from <= day && day < self.until
    }

    /// Whether both hold on some day.
    pub fn overlaps(self, other: Self) -> bool {
        self.from < other.until && other.from < self.until
    }

    /// Whether it holds on every day of the other.
    pub fn covers(self, other: Self) -> bool {
        self.from <= other.from && other.until <= self.until
    }

    /// Whether it holds on no day at all.
    pub fn is_empty(self) -> bool {
        self.until <= self.from
    }

    /// Whether it goes on without an end.
    pub fn is_open(self) -> bool {
        self.until == Self::END
    }

    /// The same, ending on this day at the latest.
    #[must_use]
    pub fn ending(self, until: Date) -> Self {
        Self { until: until.min(self.until), ..self }
    }

    /// The days of both.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        Self { from: self.from.max(other.from), until: self.until.min(other.until) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: i16) -> Date {
        Date::constant(2000 + number, 1, 1)
    }

    prop_compose! {
        fn period()(from in 0_i16..12, days in 1_i16..12) -> Period {
            Period { from: day(from), until: day(from + days) }
        }
    }

    proptest! {
        #[test]
        fn overlap_cover_and_intersection_agree_with_the_days(one in period(), other in period()) {
            let days: Vec<_> = (0..24).map(day).collect();
            let both = |at: &&Date| one.contains(**at) && other.contains(**at);
            prop_assert_eq!(one.overlaps(other), days.iter().any(|at| both(&at)));
            prop_assert_eq!(one.covers(other), days.iter().all(|at| !other.contains(*at) || one.contains(*at)));
            let common = one.within(other);
            prop_assert!(days.iter().all(|at| common.contains(*at) == both(&at)));
        }
    }

    #[test]
    fn the_last_day_is_the_one_before_the_end() {
        let june = Period { from: Date::constant(2025, 6, 1), until: Date::constant(2025, 7, 1) };
        assert!(june.contains(Date::constant(2025, 6, 30)));
        assert!(!june.contains(Date::constant(2025, 7, 1)));
        assert!(Period::ALWAYS.covers(june) && Period::ALWAYS.is_open());
        assert_eq!(Period::since(june.from).ending(june.until), june);
    }
}
