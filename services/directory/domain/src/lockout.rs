use base::Timestamp;
use jiff::SignedDuration;

/// How many wrong passwords in a row cost nothing.
const FREE: u32 = 4;

/// The longest wait after a wrong password: nobody can shut another out for longer.
pub const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// The wrong passwords given in a row under one sign-in name.
///
/// Attempts made while waiting are refused unseen and do not count, so that a stranger who keeps trying cannot make the wait
/// last; a right password starts the count anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last was given.
    pub last: Timestamp,
}

impl Failures {
    /// How long the next attempt must still wait; none if it may be made now. Two seconds after the fifth wrong password in a
    /// row, doubled with each further one, up to [`LONGEST_WAIT`].
    pub fn wait(&self, now: Timestamp) -> Option<SignedDuration> {
        let doublings = self.count.checked_sub(FREE).filter(|doublings| *doublings > 0)?;
        let whole =
            2_i64.checked_pow(doublings).map_or(LONGEST_WAIT, SignedDuration::from_secs).min(LONGEST_WAIT);
        // Either way from the failure: a clock that was set back must not make the wait longer.
        let since = now.duration_since(self.last).abs();
        (since < whole).then(|| whole - since)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn the_wait_doubles_from_the_fifth_failure_and_ends() {
        for (count, seconds) in
            [(0, None), (4, None), (5, Some(2)), (6, Some(4)), (12, Some(256)), (13, Some(300))]
        {
            let failures = Failures { count, last: at(0) };
            assert_eq!(failures.wait(at(0)), seconds.map(SignedDuration::from_secs), "{count} failures");
        }
        let failures = Failures { count: 6, last: at(0) };
        assert_eq!(failures.wait(at(3)), Some(SignedDuration::from_secs(1)));
        assert_eq!(failures.wait(at(4)), None);
    }

    proptest! {
        #[test]
        fn nobody_is_shut_out_for_ever(count: u32, last in 0_i64..1_000_000, later in 0_i64..1_000_000) {
            let failures = Failures { count, last: at(last) };
            let wait = failures.wait(at(later));
            prop_assert!(wait.is_none_or(|wait| wait.is_positive() && wait <= LONGEST_WAIT));
            prop_assert_eq!(failures.wait(at(last + 300)), None);
            prop_assert_eq!(failures.wait(at(last - 300)), None, "a clock set back");
            let more = Failures { count: count.saturating_add(1), last: at(last) };
            prop_assert!(more.wait(at(later)) >= wait, "more failures never shorten the wait");
        }
    }
}
