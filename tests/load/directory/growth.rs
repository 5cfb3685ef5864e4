use std::time::{Duration, Instant};

use anyhow::Context;

use super::{
    question::{Answer, Question},
    site::Site,
};
use crate::sample::{Sample, median};

/// How often a question is asked of each site, at most.
const TURNS: usize = 400;

/// How long a question is asked of both, at most; it is asked [`FEWEST`] times in any case.
const LONGEST: Duration = Duration::from_secs(6);

/// How often a question is asked of each site, at least: the 95th of a hundred is the p95.
const FEWEST: usize = 100;

/// How often it is asked before: every connection has prepared its statements then.
const WARM_UP: usize = 20;

/// What a question costs on the small site and on the full one.
pub(crate) struct Growth {
    question: Question,
    small: Side,
    full: Side,
}

struct Side {
    sample: Sample,
    /// How much was in an answer; the median.
    found: f64,
}

impl Growth {
    /// Asks both in turn.
    pub(crate) async fn measure(question: Question, small: &Site, full: &Site) -> anyhow::Result<Self> {
        let failed = || format!("question: {}", question.name());
        for turn in 0..WARM_UP {
            question.ask(small, turn).await.with_context(failed)?;
            question.ask(full, turn).await.with_context(failed)?;
        }
        let (mut of_small, mut of_full) = (Vec::new(), Vec::new());
        let start = Instant::now();
        for turn in (0..TURNS).map(|turn| WARM_UP + turn) {
            of_small.push(question.ask(small, turn).await.with_context(failed)?);
            of_full.push(question.ask(full, turn).await.with_context(failed)?);
            if of_full.len() >= FEWEST && start.elapsed() > LONGEST {
                break;
            }
        }
        Ok(Self { question, small: Side::new(&of_small)?, full: Side::new(&of_full)? })
    }

    /// The row of the table.
    pub(crate) fn row(&self) -> Vec<String> {
        let Self { question, small, full } = self;
        let mut row = vec![question.name().to_owned()];
        row.extend([small.found, full.found].map(|found| format!("{found:.0}")));
        let times = [small.sample.p50, full.sample.p50, small.sample.p95, full.sample.p95];
        row.extend(times.map(|millis| format!("{millis:.2}")));
        row.push(format!("{:.1}", full.sample.p95 / small.sample.p95));
        row
    }
}

impl Side {
    fn new(answers: &[Answer]) -> anyhow::Result<Self> {
        let each: Vec<_> = answers.iter().map(|answer| answer.took).collect();
        let found = answers.iter().map(|answer| u32::try_from(answer.found).map(f64::from));
        let found = median(found.collect::<Result<Vec<_>, _>>()?);
        Ok(Self { sample: Sample::new(each.iter().sum(), &each), found })
    }
}
