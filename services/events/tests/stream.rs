//! Events arrive once, in order and without gap, whoever commits when and whoever falls away.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use base::{Clock, Ids, ManualClock, SystemRandom, Uuid};
use congvan_proto::directory::v1::UnitChanged;
use congvan_proto::events::v1::{Event, SubscribeRequest, event_service_client::EventServiceClient};
use events::{CONSUMER_MIGRATION, Consumer, Handler, NewEvent, PUBLISHER_MIGRATION, Publisher, Sequencer};
use kit::{
    Fault,
    caller::{Signer, Verifier, generate},
    layers,
    lifecycle::Lifecycle,
    serving,
    transport::Transport,
    worker::{Step, Wake, Worker},
};
use sql::{Db, Migration, Queries, Write, params, testing};
use tonic::service::Routes;

const TALLY: Migration = Migration {
    name: "test/0001_tally",
    text: "CREATE TABLE tally (event_id UUID PRIMARY KEY, sequence BIGINT NOT NULL)",
};

sql::statements! {
    COUNT_IN = "INSERT INTO tally (event_id, sequence) VALUES ($1, $2)";
    TALLIED = "SELECT sequence FROM tally ORDER BY sequence";
}

struct Bench {
    db: Db,
    clock: ManualClock,
    ids: Ids,
    wake: Wake,
    life: Lifecycle,
    transport: Transport,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new(url: &str) -> Self {
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        let ids = Ids::new(Arc::new(clock.clone()), Arc::new(SystemRandom));
        let db = Db::open(url).unwrap();
        db.migrate(&[PUBLISHER_MIGRATION, CONSUMER_MIGRATION, TALLY], &clock).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        generate("notifications", folder.path()).unwrap();
        let signer = Signer::read("notifications", &folder.path().join("notifications.key.pem")).unwrap();
        let verifier = Verifier::read(&folder.path().join("trust"), Arc::new(clock.clone())).unwrap();
        let (life, wake) = (Lifecycle::default(), Wake::default());
        let publisher = Publisher::new(db.clone(), "test", wake.clone(), &life);
        let routes = serving::grpc(Routes::new(publisher.service()), &[], &life).await;
        let transport = Transport::local(layers::service(routes, verifier, ids.clone()))
            .signed_by(signer, Arc::new(clock.clone()));
        Self { db, clock, ids, wake, life, transport, _folder: folder }
    }

    fn event(&self) -> NewEvent {
        let subject = self.ids.next();
        let data = UnitChanged { unit_id: subject.to_string(), revision: 1 };
        NewEvent::new(self.ids.next(), "test.changed", subject, self.clock.now(), &data)
    }

    async fn publish(&self, count: usize) {
        let mut tx = self.db.write("test").await.unwrap();
        events::append(&mut tx, (0..count).map(|_| self.event()).collect()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Steps until there is nothing left to number.
    async fn sequence(&self) {
        let mut sequencer = Sequencer::new(self.db.clone(), self.wake.clone());
        while sequencer.step().await.unwrap() == Step::Busy {}
    }

    async fn head(&self) -> i64 {
        events::head(&mut self.db.read("test").await.unwrap()).await.unwrap()
    }

    async fn tallied(&self) -> Vec<i64> {
        let rows = self.db.read("test").await.unwrap().all(&TALLIED, vec![]).await.unwrap();
        rows.iter().map(|row| row.get("sequence").unwrap()).collect()
    }
}

async fn benches() -> Vec<Bench> {
    let folder = tempfile::tempdir().unwrap().keep();
    let mut benches = vec![Bench::new(&format!("sqlite:{}", folder.join("test.db").display())).await];
    if let Some(administrator) = testing::postgres_url() {
        let name = format!("events_{}", benches[0].ids.next().simple());
        benches.push(Bench::new(&testing::create_postgres(&administrator, &name).await.unwrap()).await);
    }
    benches
}

/// Writes each event into the tally; fails when told to.
struct Tally {
    failing: Arc<Mutex<u32>>,
}

impl Handler for Tally {
    type Prepared = Uuid;

    fn name(&self) -> &'static str {
        "tally"
    }

    fn types(&self) -> &'static [&'static str] {
        &["test.changed"]
    }

    async fn prepare(&mut self, event: &Event) -> Result<Uuid, Fault> {
        event.id.parse().map_err(Fault::internal)
    }

    async fn apply(&mut self, tx: &mut Write, event: &Event, id: Uuid) -> Result<(), Fault> {
        tx.execute(&COUNT_IN, params![id, event.sequence]).await?;
        let mut failing = self.failing.lock().unwrap();
        if *failing > 0 {
            *failing -= 1;
            return Err(Fault::unavailable("told to fail after the effect"));
        }
        Ok(())
    }
}

/// Steps the consumer, through failures, until it has caught up.
async fn catch_up(consumer: &mut Consumer<Tally>, bench: &Bench) {
    let head = bench.head().await;
    while bench.tallied().await.last().copied().unwrap_or(0) < head {
        let _ = consumer.step().await; // failures are tried again, as the loop in kit does
    }
}

#[tokio::test]
async fn numbers_follow_commits_without_gap() {
    for bench in &benches().await {
        // Fifty writers at once, a third of them rolling back.
        let writers = (0..50).map(|writer| async move {
            let mut tx = bench.db.write("test").await.unwrap();
            events::append(&mut tx, vec![bench.event(), bench.event()]).await.unwrap();
            if writer % 3 != 0 {
                tx.commit().await.unwrap();
            }
        });
        futures::future::join_all(writers).await;
        // Several replicas number at once.
        futures::future::join_all((0..4).map(|_| bench.sequence())).await;
        bench.sequence().await;
        assert_eq!(bench.head().await, 66);

        let request = SubscribeRequest { after: 0, types: vec![] };
        let mut stream =
            EventServiceClient::new(bench.transport.clone()).subscribe(request).await.unwrap().into_inner();
        let mut seen = HashSet::new();
        for expected in 1..=66 {
            let event = stream.message().await.unwrap().unwrap().event.unwrap();
            assert_eq!(event.sequence, expected);
            assert!(seen.insert(event.id));
        }
        bench.publish(1).await;
        bench.sequence().await;
        let event = loop {
            if let Some(event) = stream.message().await.unwrap().unwrap().event {
                break event;
            }
        };
        assert_eq!(event.sequence, 67, "the stream follows");
        bench.life.stop();
    }
}

#[tokio::test]
async fn an_effect_happens_once_though_consumers_fail_and_compete() {
    for bench in &benches().await {
        bench.publish(20).await;
        bench.sequence().await;
        let failing = Arc::new(Mutex::new(3));
        let consumer = || {
            let handler = Tally { failing: failing.clone() };
            Consumer::new(bench.db.clone(), "test", bench.transport.clone(), handler)
        };
        let (mut first, mut second) = (consumer(), consumer());
        futures::future::join(catch_up(&mut first, bench), catch_up(&mut second, bench)).await;
        assert_eq!(bench.tallied().await, (1..=20).collect::<Vec<_>>());
        assert_eq!(*failing.lock().unwrap(), 0, "it did fail on the way");
        let mut read = bench.db.read("test").await.unwrap();
        assert_eq!(events::cursor(&mut read, "tally", "test").await.unwrap(), 20);
    }
}

#[tokio::test]
async fn a_subscriber_that_was_away_too_long_is_told() {
    for bench in &benches().await {
        bench.publish(5).await;
        bench.sequence().await;
        let later = bench.clock.now() + jiff::SignedDuration::from_secs(1);
        let mut tx = bench.db.write("test").await.unwrap();
        assert_eq!(Publisher::prune(&mut tx, later).await.unwrap(), 4, "the newest stays");
        tx.commit().await.unwrap();
        let mut client = EventServiceClient::new(bench.transport.clone());
        for (after, ok) in [(0, false), (3, false), (4, true), (5, true), (6, false)] {
            let answer = client.subscribe(SubscribeRequest { after, types: vec![] }).await;
            assert_eq!(answer.is_ok(), ok, "after {after}");
            if let Err(status) = answer {
                assert_eq!(status.code(), tonic::Code::OutOfRange);
            }
        }
    }
}

#[tokio::test]
async fn every_statement_is_understood() {
    for bench in &benches().await {
        assert_eq!(
            bench
                .db
                .prepare_all(events::publisher_statements().chain(events::consumer_statements()))
                .await
                .unwrap(),
            Vec::<String>::new()
        );
    }
}
