use std::{
    io::{IsTerminal, Write, stdout},
    time::{Duration, Instant},
};

/// Shows what is going on and how long each step took.
#[derive(Default)]
pub(super) struct Progress {
    steps: Vec<(String, Duration)>,
    current: Option<(String, Instant)>,
}

impl Progress {
    /// Begins a step.
    pub(super) fn begin(&mut self, what: &str) {
        print!("▸ {what} …");
        flush();
        self.current = Some((what.to_owned(), Instant::now()));
    }

    /// How far a long step is; shown on terminals only.
    pub(super) fn tick(&self, done: usize, total: usize) {
        if let Some((what, _)) = self.current.as_ref().filter(|_| stdout().is_terminal()) {
            let filled = done * 25 / total.max(1);
            print!("\r▸ {what} … [{}{}] {done}/{total}", "█".repeat(filled), "·".repeat(25 - filled));
            flush();
        }
    }

    /// Ends the step.
    pub(super) fn done(&mut self, result: &str) {
        if let Some((what, start)) = self.current.take() {
            let took = start.elapsed();
            let result = if result.is_empty() { String::new() } else { format!("  {result}") };
            let back = if stdout().is_terminal() { "\r\x1b[K" } else { "\n" };
            println!("{back}✓ {what}{result}  ({})", shown(took));
            self.steps.push((what, took));
        }
    }

    /// All steps with their times.
    pub(super) fn summary(&self) {
        println!("\nThời gian / time");
        for (what, took) in &self.steps {
            println!("  {:>9}  {what}", shown(*took));
        }
    }
}

fn shown(took: Duration) -> String {
    if took < Duration::from_secs(10) {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

fn flush() {
    // A closed terminal is no reason to stop.
    let _ = stdout().flush();
}
