use base::Timestamp;
use jiff::SignedDuration;

/// How long to wait after the first failed attempt; doubled after each further one.
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(1);

/// The longest wait between two attempts.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(6);

/// How long sending is tried before it is given up.
const PATIENCE: SignedDuration = SignedDuration::from_hours(5 * 24);

/// When to try again after the `attempts`-th attempt failed at `now`; none when it is time to give up.
pub(crate) fn next_attempt(created_at: Timestamp, attempts: i32, now: Timestamp) -> Option<Timestamp> {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(20);
    let wait = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
    retry_at(created_at, now, wait)
}

/// When to try again after nothing could be sent at `now`, to nobody; none when it is time to give up.
pub(crate) fn after_outage(created_at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    retry_at(created_at, now, FIRST_WAIT)
}

fn retry_at(created_at: Timestamp, now: Timestamp, wait: SignedDuration) -> Option<Timestamp> {
    if now.duration_since(created_at) >= PATIENCE { None } else { now.checked_add(wait).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_six_hours_and_end_after_five_days() {
        let created: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let wait = |attempts| {
            next_attempt(created, attempts, created).map(|at| at.duration_since(created).as_mins())
        };
        for (attempts, minutes) in [(1, 1), (2, 2), (3, 4), (9, 256), (10, 360), (11, 360), (i32::MAX, 360)] {
            assert_eq!(wait(attempts), Some(minutes), "after attempt {attempts}");
        }
        let late = created.checked_add(PATIENCE).unwrap();
        assert_eq!(next_attempt(created, 30, late), None);
        assert_eq!(after_outage(created, late), None);
        let just = late.checked_sub(SignedDuration::from_micros(1)).unwrap();
        assert!(next_attempt(created, 30, just).is_some());
    }
}
