use std::time::Duration;

/// What one round showed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// Documents per second.
    pub(crate) rate: f64,
    /// Half of the documents took no longer, in milliseconds.
    pub(crate) p50: f64,
    /// 95 of 100 documents took no longer, in milliseconds.
    pub(crate) p95: f64,
    /// What a document took on average, in milliseconds.
    pub(crate) mean: f64,
}

impl Sample {
    /// The sample of a round that took `whole` for documents that took `each`.
    pub(crate) fn new(whole: Duration, each: &[Duration]) -> Self {
        let mut millis: Vec<_> = each.iter().map(|took| took.as_secs_f64() * 1e3).collect();
        millis.sort_by(f64::total_cmp);
        let at = |hundredths: usize| millis[(millis.len() - 1) * hundredths / 100];
        let count = f64::from(u32::try_from(each.len()).expect("some hundred documents"));
        Self {
            rate: count / whole.as_secs_f64(),
            p50: at(50),
            p95: at(95),
            mean: millis.iter().sum::<f64>() / count,
        }
    }
}

/// The middle one; of an even number the higher of the two in the middle.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
