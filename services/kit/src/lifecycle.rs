//! From "ready" to "gone": tasks that drain can wait for, readiness that nobody writes as a boolean, soft and hard stop.

use std::{
    fmt::Display,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long a soft stop may take before it becomes a hard one.
const PATIENCE: Duration = Duration::from_secs(25);

/// What is done at the very end.
type Ending = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The life of one process, or of one world in a test. Clones share it.
#[derive(Clone)]
pub struct Lifecycle {
    soft: CancellationToken,
    hard: CancellationToken,
    tasks: TaskTracker,
    endings: Arc<Mutex<Vec<Ending>>>,
    crashed: Arc<AtomicBool>,
    readiness: Readiness,
}

/// Whether the process is ready: when every latch has been dropped and no stop was asked for.
#[derive(Clone)]
pub struct Readiness {
    latches: Arc<Mutex<Vec<Weak<str>>>>,
    soft: CancellationToken,
}

/// Keeps the process from being ready until it is dropped.
pub struct Latch(#[expect(dead_code, reason = "held, and let go by drop")] Arc<str>);

impl Default for Lifecycle {
    fn default() -> Self {
        let hard = CancellationToken::new();
        let soft = hard.child_token();
        let readiness = Readiness { latches: Arc::default(), soft: soft.clone() };
        let (tasks, endings, crashed) = (TaskTracker::new(), Arc::default(), Arc::default());
        Self { soft, hard, tasks, endings, crashed, readiness }
    }
}

impl Lifecycle {
    /// Runs a task that drain waits for. The task watches [`Self::soft`]; it is dropped at a hard stop. When one fails the
    /// whole process stops: a half-dead service helps nobody.
    #[expect(clippy::disallowed_methods, reason = "the one place where tasks are spawned")]
    pub fn spawn<E: Display>(
        &self,
        name: &'static str,
        task: impl Future<Output = Result<(), E>> + Send + 'static,
    ) {
        let (soft, hard, crashed) = (self.soft.clone(), self.hard.clone(), self.crashed.clone());
        let watched = async move {
            let crash = tokio::select! {
                done = task => done.err().map(|error| error.to_string()),
                () = hard.cancelled() => None,
            };
            if let Some(error) = crash {
                tracing::error!(task = name, error, "task failed; stopping");
                crashed.store(true, Ordering::SeqCst);
                soft.cancel();
            }
        };
        tokio::spawn(self.tasks.track_future(watched));
    }

    /// Has something done when every task has ended: what the last calls in progress left behind. Whatever it waits for must
    /// give up by itself; it is done after a hard stop, too.
    pub fn at_end(&self, ending: impl Future<Output = ()> + Send + 'static) {
        self.endings.lock().expect("never held across a panic").push(Box::pin(ending));
    }

    /// Cancelled when work should be finished and none begun.
    pub fn soft(&self) -> &CancellationToken {
        &self.soft
    }

    /// Asks for a soft stop.
    pub fn stop(&self) {
        self.soft.cancel();
    }

    /// Holds back readiness while `what` is not done.
    pub fn latch(&self, what: &str) -> Latch {
        let latch: Arc<str> = what.into();
        self.readiness.latches.lock().expect("never held across a panic").push(Arc::downgrade(&latch));
        Latch(latch)
    }

    /// Tells whether the process is ready.
    pub fn readiness(&self) -> Readiness {
        self.readiness.clone()
    }

    /// Waits for a soft stop (asked for, a task's failure, SIGTERM or Ctrl-C), then for the tasks; a second signal or the
    /// end of patience stops them hard. True if all ended well.
    pub async fn run(self) -> bool {
        tokio::select! {
            () = self.soft.cancelled() => {}
            () = signal() => tracing::info!("draining; a second signal stops at once"),
        }
        self.drain(signal()).await
    }

    /// Stops softly and waits for the tasks; hard when `hurry` or patience ends. True if no task failed and none had to be dropped.
    pub async fn drain(self, hurry: impl Future<Output = ()>) -> bool {
        self.soft.cancel();
        self.tasks.close();
        let in_time = tokio::select! {
            () = self.tasks.wait() => true,
            () = hurry => false,
            () = tokio::time::sleep(PATIENCE) => false,
        };
        if !in_time {
            tracing::warn!("stopping hard: work in progress is dropped");
            self.hard.cancel();
            self.tasks.wait().await;
        }
        let endings = std::mem::take(&mut *self.endings.lock().expect("never held across a panic"));
        for ending in endings {
            ending.await;
        }
        in_time && !self.crashed.load(Ordering::SeqCst)
    }
}

impl Readiness {
    /// What still holds the process back; empty when it is ready.
    pub fn waiting_for(&self) -> Vec<String> {
        if self.soft.is_cancelled() {
            return vec!["stopping".to_owned()];
        }
        let mut latches = self.latches.lock().expect("never held across a panic");
        latches.retain(|latch| latch.strong_count() > 0);
        latches.iter().filter_map(Weak::upgrade).map(|latch| latch.to_string()).collect()
    }
}

async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut term = signal(SignalKind::terminate()).expect("signals can be watched");
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ready_when_the_last_latch_is_dropped() {
        let life = Lifecycle::default();
        let ready = life.readiness();
        let (database, port) = (life.latch("database"), life.latch("port"));
        assert_eq!(ready.waiting_for(), ["database", "port"]);
        drop(database);
        assert_eq!(ready.waiting_for(), ["port"]);
        drop(port);
        assert!(ready.waiting_for().is_empty());
        life.stop();
        assert_eq!(ready.waiting_for(), ["stopping"]);
    }

    #[tokio::test]
    async fn drain_waits_for_work_in_progress() {
        let life = Lifecycle::default();
        let (tell, told) = tokio::sync::oneshot::channel();
        let soft = life.soft().clone();
        life.spawn("worker", async move {
            soft.cancelled().await;
            tell.send("finished").map_err(|_| "nobody waits")
        });
        assert!(life.drain(std::future::pending()).await);
        assert_eq!(told.await, Ok("finished"));
    }

    #[tokio::test]
    async fn an_ending_comes_when_all_tasks_have_ended() {
        let life = Lifecycle::default();
        let told = Arc::new(Mutex::new(Vec::new()));
        let (task, ending) = (told.clone(), told.clone());
        life.at_end(async move { ending.lock().unwrap().push("ending") });
        let soft = life.soft().clone();
        life.spawn("call", async move {
            soft.cancelled().await;
            task.lock().unwrap().push("call");
            Ok::<_, String>(())
        });
        assert!(life.drain(std::future::pending()).await);
        assert_eq!(*told.lock().unwrap(), ["call", "ending"]);
    }

    #[tokio::test]
    async fn a_failed_task_stops_the_process_and_is_reported() {
        let life = Lifecycle::default();
        life.spawn("worker", async { Err("the disk is gone") });
        assert!(!life.run().await);
    }

    #[tokio::test]
    async fn a_second_signal_drops_what_hangs() {
        let life = Lifecycle::default();
        life.spawn("stuck", std::future::pending::<Result<(), String>>());
        assert!(!life.drain(std::future::ready(())).await);
    }
}
