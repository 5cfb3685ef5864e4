//! Background work in steps: the loop, the waiting and the backing off are here, the work is a [`Worker`].

use std::{future::Future, sync::Arc, time::Duration};

use tokio::sync::Notify;

use crate::{Fault, lifecycle::Lifecycle};

/// How long to wait after a failed step; doubled after each further one.
const FIRST_BACKOFF: Duration = Duration::from_millis(100);

/// The longest wait after a failed step.
const LONGEST_BACKOFF: Duration = Duration::from_secs(10);

/// Work that is done step by step, each step whole in itself. Tests call [`Worker::step`] themselves.
pub trait Worker: Send + 'static {
    /// Name in logs and metrics.
    fn name(&self) -> &'static str;

    /// Does what there is to do, a bounded amount of it.
    fn step(&mut self) -> impl Future<Output = Result<Step, Fault>> + Send;
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Something was done; there may be more.
    Busy,
    /// Nothing to do; look again after so long at the latest, or when woken.
    Idle(Duration),
}

/// Wakes workers and streams early. A wake-up is a hint: each also looks by itself now and then.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Wakes everyone who waits now, and the next who will.
    pub fn wake(&self) {
        self.0.notify_waiters();
        self.0.notify_one();
    }

    /// Waits for a wake-up.
    pub async fn wait(&self) {
        self.0.notified().await;
    }

    /// Waits for a wake-up, or so long.
    pub async fn wait_or(&self, limit: Duration) {
        let _ = tokio::time::timeout(limit, self.wait()).await;
    }
}

impl Lifecycle {
    /// Runs a worker until the process stops; a step in progress is finished first. Failed steps are repeated with growing waits.
    pub fn work(&self, mut worker: impl Worker, wake: Wake) {
        let soft = self.soft().clone();
        self.spawn(worker.name(), async move {
            let mut backoff = FIRST_BACKOFF;
            while !soft.is_cancelled() {
                let wait = match worker.step().await {
                    Ok(Step::Busy) => Duration::ZERO,
                    Ok(Step::Idle(wait)) => wait,
                    Err(fault) => {
                        metrics::counter!("congvan_worker_failures_total", "worker" => worker.name())
                            .increment(1);
                        tracing::warn!(
                            worker = worker.name(),
                            reason = fault.reason(),
                            cause = fault.cause_chain(),
                            "step failed; trying again"
                        );
                        soft.run_until_cancelled(tokio::time::sleep(backoff)).await;
                        backoff = (backoff * 2).min(LONGEST_BACKOFF);
                        continue;
                    }
                };
                backoff = FIRST_BACKOFF;
                if !wait.is_zero() {
                    soft.run_until_cancelled(wake.wait_or(wait)).await;
                }
            }
            Ok::<_, std::convert::Infallible>(())
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    struct Scripted {
        script: Vec<Result<Step, Fault>>,
        done: Arc<Mutex<u32>>,
        stop: Lifecycle,
    }

    impl Worker for Scripted {
        fn name(&self) -> &'static str {
            "scripted"
        }

        async fn step(&mut self) -> Result<Step, Fault> {
            *self.done.lock().unwrap() += 1;
            self.script.pop().unwrap_or_else(|| {
                self.stop.stop();
                Ok(Step::Idle(Duration::from_hours(1)))
            })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn failed_steps_are_repeated_until_they_pass() {
        let life = Lifecycle::default();
        let done = Arc::new(Mutex::new(0));
        let script = vec![Ok(Step::Busy), Err(Fault::unavailable("away")), Err(Fault::unavailable("away"))];
        life.work(Scripted { script, done: done.clone(), stop: life.clone() }, Wake::default());
        assert!(life.run().await);
        assert_eq!(*done.lock().unwrap(), 4);
    }
}
