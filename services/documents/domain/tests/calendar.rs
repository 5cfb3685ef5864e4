//! Working hours over weekends, holidays and swapped days.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base::{Date, Timestamp};
use documents_domain::{Calendar, known_days};
use proptest::prelude::*;

/// A moment in Vietnam.
fn at(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').unwrap();
    format!("{day}T{time}:00+07:00").parse().unwrap()
}

#[test]
fn working_hours_pass_over_nights_weekends_and_holidays() {
    let calendar = Calendar::default();
    for (from, hours, due) in [
        ("2019-11-20 08:37", 25 * 8, "2019-12-25 08:37"), // as a real receipt of Đồng Tháp
        ("2026-04-23 10:00", 3 * 8, "2026-04-29 10:00"),
        ("2026-02-13 09:15", 10 * 8, "2026-03-06 09:15"),
        ("2026-08-21 14:00", 5 * 8, "2026-08-27 14:00"), // Saturday 22 August is worked
        ("2026-11-20 16:00", 5 * 8, "2026-11-30 16:00"),
        ("2026-02-13 16:00", 2, "2026-02-23 08:30"),
        ("2026-11-23 16:30", 4, "2026-11-25 11:00"),
        ("2026-04-29 11:00", 8, "2026-05-04 11:00"),
        ("2026-11-23 12:10", 1, "2026-11-23 14:00"),
        ("2026-11-21 23:00", 1, "2026-11-23 08:30"),
    ] {
        assert_eq!(calendar.after(at(from), hours), at(due), "{hours} hours from {from}");
    }
}

#[test]
fn what_has_waited_two_working_hours_came_before_lunch_or_before_the_holiday() {
    let calendar = Calendar::default();
    for (now, since) in [
        ("2026-11-23 10:00", "2026-11-23 08:00"),
        ("2026-11-23 14:00", "2026-11-23 10:30"),
        ("2026-11-23 09:00", "2026-11-20 16:30"), // Monday: since Friday
        ("2026-11-25 08:00", "2026-11-23 15:30"), // over the Day of Culture
        ("2026-11-22 12:00", "2026-11-20 15:00"), // on a Sunday
    ] {
        assert_eq!(calendar.before(at(now), 2), at(since), "two hours before {now}");
    }
    assert_eq!(calendar.before(at("2026-11-22 12:00"), 0), at("2026-11-20 17:00"));
}

#[test]
fn swapped_days_are_swapped_and_what_is_not_announced_is_expected() {
    let calendar = Calendar::default();
    let works = |day: &str| calendar.works(day.parse().unwrap());
    assert!(works("2026-08-22") && !works("2026-08-31"), "a Saturday for a Monday");
    assert!(!works("2026-11-24") && works("2025-11-24"), "the Day of Culture, from 2026 on");
    assert!(!works("2031-09-02"), "National Day in a year of which nothing is known");
    let worked =
        (1..=366).filter_map(|day| Date::new(2026, 1, 1).unwrap().checked_add(jiff_days(day - 1)).ok());
    assert_eq!(worked.filter(|day| day.year() == 2026 && calendar.works(*day)).count(), 249);
    assert!(Calendar::is_announced(2026) && !Calendar::is_announced(2027));
    assert!(known_days().all(|day| day.announced == (day.day.year() < 2027)));
}

/// So many days, as dates are counted on.
fn jiff_days(days: i64) -> std::time::Duration {
    std::time::Duration::from_secs(u64::try_from(days).unwrap() * 86_400)
}

#[test]
fn an_office_may_have_other_hours_and_days() {
    let day: Date = "2026-11-24".parse().unwrap();
    let calendar = Calendar::default().with(vec![(480, 720)], [(day, true)]);
    assert_eq!(calendar.after(at("2026-11-23 11:00"), 2), at("2026-11-24 09:00"));
    let never = Calendar::default().with(vec![(600, 600)], []);
    assert_eq!(never.after(at("2026-11-23 11:00"), 1), Timestamp::MAX, "an office that never works");
}

proptest! {
    /// Counting back undoes counting on, from any moment at which offices work.
    #[test]
    fn back_and_forth(minutes in 0..1_500_000_u32, hours in 1..200_u32) {
        let calendar = Calendar::default();
        let from = at("2024-01-02 08:00").as_microsecond() + i64::from(minutes) * 60_000_000;
        let due = calendar.after(Timestamp::from_microsecond(from).unwrap(), hours);
        let back = calendar.before(due, hours);
        prop_assert!(back.as_microsecond() >= from, "no working time lies before {back} and after the start");
        prop_assert_eq!(calendar.after(back, hours), due);
    }
}
