use std::{future::Future, time::Duration};

use congvan_proto::events::v1::{
    Event, SubscribeRequest, SubscribeResponse, event_service_client::EventServiceClient,
};
use kit::{
    Fault, telemetry,
    transport::Transport,
    worker::{Step, Worker},
};
use sql::{Db, Migration, Queries, Write, params};
use tonic::Streaming;
use tracing::Instrument;

/// The table of a service that consumes.
pub const CONSUMER_MIGRATION: Migration = Migration {
    name: "events/0002_consumer",
    text: "CREATE TABLE event_cursor (
        consumer TEXT NOT NULL,
        source TEXT NOT NULL,
        sequence BIGINT NOT NULL,
        PRIMARY KEY (consumer, source)
    );",
};

/// How long one step waits for an event.
const PATIENCE: Duration = Duration::from_millis(250);

sql::statements! {
    BEGIN_CURSOR = "INSERT INTO event_cursor (consumer, source, sequence) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING";
    CURSOR = "SELECT sequence FROM event_cursor WHERE consumer = $1 AND source = $2";
    LOCK_CURSOR = "SELECT sequence FROM event_cursor WHERE consumer = $1 AND source = $2 FOR UPDATE";
    MOVE_CURSOR = "UPDATE event_cursor SET sequence = $3 WHERE consumer = $1 AND source = $2 AND sequence < $3";
}

/// What a service does about events.
pub trait Handler: Send + 'static {
    /// What is found out before the transaction, by asking other services for example.
    type Prepared: Send;

    /// Name of the consumer, never changed: its cursor is kept under it.
    fn name(&self) -> &'static str;

    /// The types of events wanted.
    fn types(&self) -> &'static [&'static str];

    /// Finds out what [`Self::apply`] needs. May be repeated.
    fn prepare(&mut self, event: &Event) -> impl Future<Output = Result<Self::Prepared, Fault>> + Send;

    /// Writes the effect. The cursor moves in the same transaction.
    fn apply(
        &mut self,
        tx: &mut Write,
        event: &Event,
        prepared: Self::Prepared,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Reads the events of one source and lets a [`Handler`] act on each exactly once. Any number of replicas may run it: the
/// cursor lets one of them through.
pub struct Consumer<H> {
    db: Db,
    source: &'static str,
    client: EventServiceClient<Transport>,
    handler: H,
    stream: Option<Streaming<SubscribeResponse>>,
}

impl<H: Handler> Consumer<H> {
    /// A consumer with its cursor in `db`; `transport` leads to the source and signs as this service.
    pub fn new(db: Db, source: &'static str, transport: Transport, handler: H) -> Self {
        Self { db, source, client: EventServiceClient::new(transport), handler, stream: None }
    }

    async fn subscribe(&mut self) -> Result<Streaming<SubscribeResponse>, Fault> {
        let mut tx = self.db.write("begin_cursor").await?;
        tx.execute(&BEGIN_CURSOR, params![self.handler.name(), self.source]).await?;
        tx.commit().await?;
        let mut read = self.db.read("read_cursor").await?;
        let after = cursor(&mut read, self.handler.name(), self.source).await?;
        drop(read);
        let types = self.handler.types().iter().map(|kind| (*kind).to_owned()).collect();
        let answer = self.client.subscribe(SubscribeRequest { after, types }).await;
        answer.map(tonic::Response::into_inner).map_err(Fault::upstream)
    }

    async fn handle(&mut self, event: Event) -> Result<(), Fault> {
        let prepared = self.handler.prepare(&event).await?;
        let mut tx = self.db.write("consume_event").await?;
        let moved = params![self.handler.name(), self.source, event.sequence];
        if tx.execute(&MOVE_CURSOR, moved).await? == 1 {
            self.handler.apply(&mut tx, &event, prepared).await?;
            tx.commit().await?;
        }
        Ok(()) // otherwise another replica, or we before a lost connection, acted on it
    }

    async fn next(&mut self) -> Result<Step, Fault> {
        if self.stream.is_none() {
            self.stream = Some(self.subscribe().await?);
        }
        let stream = self.stream.as_mut().expect("set above");
        let Ok(message) = tokio::time::timeout(PATIENCE, stream.message()).await else {
            return Ok(Step::Idle(Duration::from_millis(1))); // it was waited for already
        };
        let Some(SubscribeResponse { event, head }) = message.map_err(Fault::upstream)? else {
            self.stream = None; // the source is draining
            return Ok(Step::Idle(PATIENCE));
        };
        if let Some(event) = event {
            let lag = head.saturating_sub(event.sequence);
            let span = tracing::info_span!("consume", otel.name = %event.r#type, sequence = event.sequence);
            telemetry::continue_traceparent(&span, &event.traceparent);
            self.handle(event).instrument(span).await?;
            #[expect(clippy::cast_precision_loss, reason = "a lag of 2^52 events is out of reach")]
            metrics::gauge!("congvan_consumer_lag", "consumer" => self.handler.name()).set(lag as f64);
        }
        Ok(Step::Busy)
    }
}

impl<H: Handler> Worker for Consumer<H> {
    fn name(&self) -> &'static str {
        self.handler.name()
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let done = self.next().await;
        if done.is_err() {
            self.stream = None; // begin again from the cursor
        }
        done
    }
}

/// Sequence of the last event that the consumer acted on; zero before the first.
pub async fn cursor(db: &mut impl Queries, consumer: &str, source: &str) -> sql::Result<i64> {
    let row = db.optional(&CURSOR, params![consumer, source]).await?;
    row.map_or(Ok(0), |row| row.get("sequence"))
}

/// The same, and nothing is consumed until the transaction ends; none if the consumer never subscribed.
pub async fn lock_cursor(tx: &mut Write, consumer: &str, source: &str) -> sql::Result<Option<i64>> {
    let row = tx.optional(&LOCK_CURSOR, params![consumer, source]).await?;
    row.map(|row| row.get("sequence")).transpose()
}
