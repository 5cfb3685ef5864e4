use std::sync::atomic::{AtomicU64, Ordering};

/// Gives random bytes. Handed to whatever needs them.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's source, fit for secrets.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

/// The same bytes for the same seed. For tests and sample data only: worthless for secrets.
#[derive(Debug)]
pub struct SeededRandom(AtomicU64);

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

impl SeededRandom {
    /// A source that repeats for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// A number from 0 to `bound` - 1; `bound` must not be zero.
    pub fn below(&self, bound: usize) -> usize {
        let wide = u64::try_from(bound).expect("usize fits u64");
        usize::try_from(self.next() % wide).expect("smaller than a usize")
    }

    /// SplitMix64: small, well spread, and the same on every machine.
    fn next(&self) -> u64 {
        let state =
            self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.next().to_le_bytes()[..part.len()]);
        }
    }
}
