//! Lanes: commands that wait for the same thing are done together, and questions of the same sort are asked together. What comes while
//! a batch is at work is the next batch, so that alone a command waits for nobody, and a crowd shares one transaction and one wait for
//! the disk.

use std::{
    collections::{HashSet, VecDeque},
    convert::Infallible,
    future::Future,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard},
};

use base::Uuid;
use tokio::sync::oneshot;
use tonic::Code;

use crate::{Fault, lifecycle::Lifecycle};

/// How many commands go into one batch.
const MOST: usize = 256;

/// Work that is done for many callers at once.
pub trait Batch: Send + Sync + 'static {
    /// What one caller asks for.
    type Command: Send + Sync + 'static;
    /// What that caller is answered.
    type Answer: Send + 'static;

    /// Name in logs and metrics.
    fn name(&self) -> &'static str;

    /// What the command queues for: commands that would wait for one another anyway share a lane.
    fn lane(&self, command: &Self::Command) -> impl Hash;

    /// What the command changes. Two commands about the same never come in one batch: the later finds what the earlier left. None for a
    /// question, which changes nothing.
    fn subject(&self, command: &Self::Command) -> Option<Uuid>;

    /// Does all of it in one transaction: an answer for each command, in order. A command that is refused changes nothing and does not
    /// keep the others from being done. A fault of the whole is as if nothing had been asked.
    fn run(
        &self,
        commands: &[Self::Command],
    ) -> impl Future<Output = Result<Vec<Result<Self::Answer, Fault>>, Fault>> + Send;
}

/// Some lanes for one sort of work. Clones share them.
pub struct Lanes<B: Batch>(Arc<Inner<B>>);

struct Inner<B: Batch> {
    batch: B,
    life: Lifecycle,
    lanes: Vec<Mutex<Lane<B>>>,
}

/// Who waits in one lane, and whether somebody works there.
struct Lane<B: Batch> {
    waiting: VecDeque<Waiting<B>>,
    attended: bool,
}

struct Waiting<B: Batch> {
    command: B::Command,
    answer: oneshot::Sender<Result<B::Answer, Fault>>,
}

impl<B: Batch> Clone for Lanes<B> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<B: Batch> Lanes<B> {
    /// So many lanes, each of which does one batch at a time.
    pub fn new(batch: B, lanes: usize, life: Lifecycle) -> Self {
        let lane = || Mutex::new(Lane { waiting: VecDeque::new(), attended: false });
        Self(Arc::new(Inner { batch, life, lanes: (0..lanes).map(|_| lane()).collect() }))
    }

    /// Does the command, together with others that wait. Once begun it is done though its caller goes away.
    pub async fn run(&self, command: B::Command) -> Result<B::Answer, Fault> {
        let mut hasher = DefaultHasher::new();
        self.0.batch.lane(&command).hash(&mut hasher);
        let place = usize::try_from(hasher.finish() % self.0.lanes.len() as u64).expect("less than a length");
        let (answer, answered) = oneshot::channel();
        if self.0.queue(place, Waiting { command, answer }) {
            let attendant = Attendant { inner: self.0.clone(), place, done: false };
            // Drain waits for it, as for every task; it ends when nobody waits any more.
            self.0.life.spawn(self.0.batch.name(), async move {
                attendant.work().await;
                Ok::<_, Infallible>(())
            });
        }
        answered.await.unwrap_or_else(|_| Err(Fault::unavailable("the work was given up at a hard stop")))
    }
}

impl<B: Batch> Inner<B> {
    fn lane(&self, place: usize) -> MutexGuard<'_, Lane<B>> {
        self.lanes[place].lock().expect("never held across a panic")
    }

    /// Lines up in a lane; true for the one who has to bring an attendant.
    fn queue(&self, place: usize, waiting: Waiting<B>) -> bool {
        let mut lane = self.lane(place);
        lane.waiting.push_back(waiting);
        !std::mem::replace(&mut lane.attended, true)
    }
}

/// Whoever works in a lane until nobody waits.
struct Attendant<B: Batch> {
    inner: Arc<Inner<B>>,
    place: usize,
    done: bool,
}

impl<B: Batch> Attendant<B> {
    async fn work(mut self) {
        while let Some(some) = self.next() {
            self.answer(some).await;
        }
        self.done = true; // whoever comes from now on has another attendant
    }

    /// The next batch: those who wait, in order, up to the first about a subject that is in it already.
    fn next(&self) -> Option<Vec<Waiting<B>>> {
        let mut lane = self.inner.lane(self.place);
        let (mut some, mut subjects) = (Vec::new(), HashSet::new());
        while some.len() < MOST
            && let Some(next) = lane.waiting.front()
        {
            let given_up = next.answer.is_closed(); // before it was begun: its caller's time was over
            let subject = self.inner.batch.subject(&next.command).filter(|_| !given_up);
            if subject.is_some_and(|subject| !subjects.insert(subject)) {
                break;
            }
            let next = lane.waiting.pop_front().expect("it is the front");
            if !given_up {
                some.push(next);
            }
        }
        lane.attended = !some.is_empty();
        lane.attended.then_some(some)
    }

    /// Does a batch. If it fails as a whole each is tried alone, so that one whose data are broken spoils nobody else's work.
    async fn answer(&self, some: Vec<Waiting<B>>) {
        let batch = &self.inner.batch;
        let (commands, answers): (Vec<_>, Vec<_>) =
            some.into_iter().map(|waiting| (waiting.command, waiting.answer)).unzip();
        let size = u32::try_from(commands.len()).expect("at most MOST");
        metrics::histogram!("congvan_batch_commands", "name" => batch.name()).record(f64::from(size));
        let results = match batch.run(&commands).await {
            Ok(results) => results,
            Err(fault) if commands.len() == 1 => vec![Err(fault)],
            Err(_) => self.one_by_one(&commands).await,
        };
        for (answer, result) in answers.into_iter().zip(results) {
            let _ = answer.send(result); // whoever went away does not hear it
        }
    }

    /// Does each alone. Where the database is away for one it is away for those behind, who need not wait for that one after the other.
    async fn one_by_one(&self, commands: &[B::Command]) -> Vec<Result<B::Answer, Fault>> {
        let mut results = Vec::with_capacity(commands.len());
        for command in commands {
            let alone = self.inner.batch.run(std::slice::from_ref(command)).await;
            let away = alone.as_ref().is_err_and(|fault| fault.code() == Code::Unavailable);
            results.push(alone.and_then(|mut one| one.pop().expect("an answer for each command")));
            if away {
                let rest = commands.len() - results.len();
                results.extend((0..rest).map(|_| Err(Fault::unavailable("it was away for the one before"))));
                break;
            }
        }
        results
    }
}

/// A panic must not leave others waiting for an attendant who is gone.
impl<B: Batch> Drop for Attendant<B> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        if let Ok(mut lane) = self.inner.lanes[self.place].lock() {
            lane.attended = false;
            lane.waiting.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::future::join_all;
    use tokio::sync::Semaphore;

    use super::*;

    /// Notes its batches. Refuses what is odd, fails as a whole where a 7 is among others, is away for a 9, and waits for leave.
    struct Noting {
        batches: Arc<Mutex<Vec<Vec<u32>>>>,
        leave: Arc<Semaphore>,
    }

    /// A number, and what it is about.
    type Asked = (u32, Uuid);

    impl Batch for Noting {
        type Command = Asked;
        type Answer = u32;

        fn name(&self) -> &'static str {
            "noting"
        }

        fn lane(&self, _: &Asked) -> impl Hash {}

        fn subject(&self, (_, subject): &Asked) -> Option<Uuid> {
            (!subject.is_nil()).then_some(*subject)
        }

        async fn run(&self, commands: &[Asked]) -> Result<Vec<Result<u32, Fault>>, Fault> {
            self.leave.acquire().await.expect("open").forget();
            let numbers: Vec<_> = commands.iter().map(|(number, _)| *number).collect();
            self.batches.lock().unwrap().push(numbers.clone());
            if numbers.contains(&7) {
                return Err(Fault::internal("a seven"));
            }
            if numbers.contains(&9) {
                return Err(Fault::unavailable("a nine"));
            }
            let answer = |number: u32| {
                if number.is_multiple_of(2) { Ok(number * 10) } else { Err(Fault::internal("odd")) }
            };
            Ok(numbers.into_iter().map(answer).collect())
        }
    }

    /// What these are answered; and the batches in which they were done.
    async fn run(asked: &[Asked]) -> (Vec<Option<u32>>, Vec<Vec<u32>>) {
        let (batches, leave) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Semaphore::new(0)));
        let life = Lifecycle::default();
        let noting = Noting { batches: batches.clone(), leave: leave.clone() };
        let lanes = Lanes::new(noting, 3, life.clone());
        let answers = join_all(asked.iter().map(|command| lanes.run(*command)));
        let open = async {
            tokio::task::yield_now().await; // all wait by now
            leave.add_permits(100);
        };
        let (answers, ()) = tokio::join!(answers, open);
        assert!(life.drain(tokio::time::sleep(Duration::from_secs(1))).await, "nobody works any more");
        let batches = batches.lock().unwrap().clone();
        (answers.into_iter().map(Result::ok).collect(), batches)
    }

    fn about(subject: u128) -> Uuid {
        Uuid::from_u128(subject)
    }

    #[tokio::test]
    async fn who_waits_is_done_together_and_a_refusal_is_one_callers_own() {
        let asked: Vec<_> = (0..6).map(|number| (number, about(u128::from(number)))).collect();
        let (answers, batches) = run(&asked).await;
        assert_eq!(answers, [Some(0), None, Some(20), None, Some(40), None]);
        assert_eq!(batches.concat(), [0, 1, 2, 3, 4, 5]);
        assert!(batches.len() <= 2, "{batches:?}");
    }

    #[tokio::test]
    async fn of_two_about_the_same_the_later_comes_in_a_later_batch() {
        let (answers, batches) = run(&[(2, about(1)), (4, about(2)), (6, about(1)), (8, about(3))]).await;
        assert_eq!(answers, [Some(20), Some(40), Some(60), Some(80)]);
        assert!(batches.iter().all(|batch| !(batch.contains(&2) && batch.contains(&6))), "{batches:?}");
        assert_eq!(batches.concat(), [2, 4, 6, 8]);
    }

    #[tokio::test]
    async fn what_fails_as_a_whole_is_tried_one_by_one() {
        let (answers, _) = run(&[(2, about(1)), (7, about(2)), (4, about(3))]).await;
        assert_eq!(answers, [Some(20), None, Some(40)]);
    }

    #[tokio::test]
    async fn who_asks_the_same_is_answered_together() {
        let (answers, batches) = run(&[(2, about(0)), (4, about(0)), (6, about(0))]).await;
        assert_eq!(answers, [Some(20), Some(40), Some(60)]);
        assert!(batches.len() <= 2, "{batches:?}");
    }

    #[tokio::test]
    async fn what_is_away_for_one_is_not_waited_for_by_those_behind() {
        let (answers, batches) = run(&[(2, about(1)), (9, about(2)), (4, about(3)), (6, about(4))]).await;
        assert_eq!(answers, [Some(20), None, None, None]);
        assert!(!batches.contains(&vec![4]), "{batches:?}");
    }
}
