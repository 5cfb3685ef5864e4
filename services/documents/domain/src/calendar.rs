//! Working time in Vietnam: the days on which offices work, and the hours. Time limits of the law are counted in it (Decree
//! 30/2020/NĐ-CP, Articles 4.2c, 15.2, 18.1, 21.2c and 23.1).

mod days;

use std::collections::BTreeMap;

use base::{Date, Timestamp, legal_date, legal_midnight};

pub use days::{SpecialDay, known_days};

/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;

/// How far working time is looked for, in days: a calendar without working hours ends there.
const FARTHEST: u32 = 4_000;

/// When offices work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Working hours of a day, in minutes after midnight: from, to; in order and apart.
    hours: Vec<(u16, u16)>,
    /// Days on which it is otherwise than the week says: whether offices work.
    days: BTreeMap<Date, bool>,
}

impl Default for Calendar {
    /// Mornings 07:30 to 11:30 and afternoons 13:00 to 17:00, the days that the government announced, and those that the law
    /// names for the years of which nothing is announced yet.
    fn default() -> Self {
        Self {
            hours: vec![(450, 690), (780, 1020)],
            days: known_days().map(|day| (day.day, day.works)).collect(),
        }
    }
}

impl Calendar {
    /// With these hours in place of the usual ones, if there are any, and days that count more than those known.
    #[must_use]
    pub fn with(mut self, hours: Vec<(u16, u16)>, days: impl IntoIterator<Item = (Date, bool)>) -> Self {
        if !hours.is_empty() {
            self.hours = hours;
        }
        self.days.extend(days);
        self
    }

    /// Whether the days of a year were announced; a limit that reaches into another year may move.
    pub fn is_announced(year: i16) -> bool {
        known_days().any(|day| day.day.year() == year && day.announced)
    }

    /// Whether offices work on a day. What is announced counts more than the week; what is not announced but fixed by the law is
    /// free: New Year, 30 April, 1 May, 2 September, and from 2026 on 24 November (Resolution 28/2026/QH16).
    pub fn works(&self, day: Date) -> bool {
        if let Some(works) = self.days.get(&day) {
            return *works;
        }
        let free = matches!((day.month(), day.day()), (1 | 5, 1) | (4, 30) | (9, 2));
        let culture = (day.month(), day.day()) == (11, 24) && day.year() >= 2026;
        day.weekday().to_monday_one_offset() <= 5 && !free && !culture
    }

    /// The moment at which so many working hours have passed.
    pub fn after(&self, from: Timestamp, hours: u32) -> Timestamp {
        let (from, mut left) = (from.as_microsecond(), i64::from(hours) * 60 * MINUTE);
        let mut day = legal_date(moment(from));
        for _ in 0..FARTHEST {
            for (start, end) in self.sessions(day) {
                let start = start.max(from);
                if end <= start {
                    continue;
                }
                if end - start >= left {
                    return moment(start + left);
                }
                left -= end - start;
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        Timestamp::MAX
    }

    /// The latest moment since which so many working hours have passed: what came by then has waited as long.
    pub fn before(&self, to: Timestamp, hours: u32) -> Timestamp {
        let (to, mut left) = (to.as_microsecond(), i64::from(hours) * 60 * MINUTE);
        let mut day = legal_date(moment(to));
        for _ in 0..FARTHEST {
            for (start, end) in self.sessions(day).into_iter().rev() {
                let end = end.min(to);
                if end <= start {
                    continue;
                }
                if end - start >= left {
                    return moment(end - left);
                }
                left -= end - start;
            }
            let Ok(last) = day.yesterday() else { break };
            day = last;
        }
        Timestamp::MIN
    }

    /// The working hours of a day as moments.
    fn sessions(&self, day: Date) -> Vec<(i64, i64)> {
        if !self.works(day) {
            return Vec::new();
        }
        let midnight = legal_midnight(day).as_microsecond();
        let at = |minute: u16| midnight + i64::from(minute) * MINUTE;
        self.hours.iter().map(|(from, to)| (at(*from), at(*to))).collect()
    }
}

fn moment(microsecond: i64) -> Timestamp {
    Timestamp::from_microsecond(microsecond).unwrap_or(Timestamp::MAX)
}
