use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use uuid::{Builder, Uuid};

use crate::{Clock, Random};

/// Makes ids: UUID version 7, so that newer ones sort after older ones. Those of one process always do, also within a millisecond
/// and when the clock goes back: they count on from the last one (RFC 9562, section 6.2, method 1).
#[derive(Clone)]
pub struct Ids {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// The millisecond of the last id, and behind it in twelve bits how many there were in it.
    last: Arc<AtomicU64>,
}

/// Bits of the counter behind the millisecond.
const COUNTER_BITS: u32 = 12;

impl Ids {
    /// Ids drawn from this clock and this randomness.
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { clock, random, last: Arc::default() }
    }

    /// The next id.
    pub fn next(&self) -> Uuid {
        let mut bytes = [0; 10];
        self.random.fill(&mut bytes);
        let now = u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0) << COUNTER_BITS;
        let after = |last: u64| now.max(last + 1);
        let last = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(after(last)));
        let place = after(last.unwrap_or_else(|last| last));
        [bytes[0], bytes[1]] = [place.to_be_bytes()[6], place.to_be_bytes()[7]];
        Builder::from_unix_timestamp_millis(place >> COUNTER_BITS, &bytes).into_uuid()
    }

    /// 32 random bytes as 64 hexadecimal digits, for tokens that must not be guessed.
    pub fn secret(&self) -> String {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        hex::encode(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ManualClock, SeededRandom};

    #[test]
    fn ids_of_a_process_keep_their_order_whatever_the_clock_does() {
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        let ids = Ids::new(Arc::new(clock.clone()), Arc::new(SeededRandom::new(1)));
        let mut made: Vec<Uuid> = (0..10_000).map(|_| ids.clone().next()).collect();
        clock.set("2026-11-23T00:00:00Z".parse().unwrap());
        made.push(ids.next());
        clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        made.push(ids.next());
        assert!(made.is_sorted_by(|earlier, later| earlier < later));
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }
}
