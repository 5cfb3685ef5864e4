use std::{pin::Pin, time::Duration};

use base::Timestamp;
use congvan_proto::{
    events::v1::{
        Event, SubscribeRequest, SubscribeResponse,
        event_service_server::{EventService, EventServiceServer},
    },
    time_to_proto,
};
use futures::Stream;
use kit::{Fault, Text, caller::Caller, lifecycle::Lifecycle, worker::Wake};
use prost_types::Any;
use sql::{Db, Queries, Row, Write, params};
use tokio_util::sync::CancellationToken;
use tonic::{Code, Request, Response, Status};

use crate::outbox;

/// How many events are read at once.
const BATCH: i64 = 200;

/// How long to wait for a wake-up before looking all the same.
const REST: Duration = Duration::from_secs(1);

/// After how many looks without an event a heartbeat is sent.
const HEARTBEAT_EVERY: u32 = 10;

sql::statements! {
    OLDEST = "SELECT coalesce(min(sequence), 0) AS sequence FROM event";
    AFTER = "SELECT id, sequence, type, subject, occurred_at, traceparent, data_type, data
        FROM event WHERE sequence > $1 ORDER BY sequence LIMIT $2";
    PRUNE = "DELETE FROM event WHERE sequence IS NOT NULL AND occurred_at < $1
        AND sequence < (SELECT sequence FROM event_head WHERE one = 1)";
}

/// Serves the events of one service.
#[derive(Clone)]
pub struct Publisher {
    db: Db,
    source: &'static str,
    wake: Wake,
    soft: CancellationToken,
}

impl Publisher {
    /// A publisher of the events in `db`; `source` names the service. `wake` is the one that the sequencer wakes.
    pub fn new(db: Db, source: &'static str, wake: Wake, life: &Lifecycle) -> Self {
        Self { db, source, wake, soft: life.soft().clone() }
    }

    /// The gRPC service.
    pub fn service(self) -> EventServiceServer<Self> {
        EventServiceServer::new(self)
    }

    /// Drops events from before this time, but never the newest. Subscribers that have not seen them must read the state anew.
    pub async fn prune(tx: &mut Write, before: Timestamp) -> sql::Result<u64> {
        tx.execute(&PRUNE, params![before]).await
    }

    async fn batch(&self, after: i64) -> sql::Result<(Vec<Event>, i64)> {
        let mut read = self.db.read("read_events").await?;
        let rows = read.all(&AFTER, params![after, BATCH]).await?;
        let head = outbox::head(&mut read).await?;
        let events = rows.iter().map(|row| self.event(row)).collect::<sql::Result<_>>()?;
        Ok((events, head))
    }

    fn event(&self, row: &Row) -> sql::Result<Event> {
        Ok(Event {
            id: row.get::<base::Uuid>("id")?.to_string(),
            source: self.source.to_owned(),
            r#type: row.get("type")?,
            subject: row.get::<base::Uuid>("subject")?.to_string(),
            time: Some(time_to_proto(row.get::<Timestamp>("occurred_at")?.as_microsecond())),
            sequence: row.get("sequence")?,
            traceparent: row.get("traceparent")?,
            data: Some(Any { type_url: row.get("data_type")?, value: row.get("data")? }),
        })
    }

    fn stream(
        self,
        mut after: i64,
        types: Vec<String>,
    ) -> impl Stream<Item = Result<SubscribeResponse, Status>> {
        async_stream::try_stream! {
            let mut quiet = HEARTBEAT_EVERY; // the first answer tells the head at once
            while !self.soft.is_cancelled() {
                let (events, head) = self.batch(after).await.map_err(Fault::from)?;
                if events.is_empty() {
                    if quiet >= HEARTBEAT_EVERY {
                        quiet = 0;
                        yield SubscribeResponse { event: None, head };
                    }
                    quiet += 1;
                    self.soft.run_until_cancelled(self.wake.wait_or(REST)).await;
                }
                for event in events {
                    after = event.sequence;
                    quiet = 0;
                    if types.is_empty() || types.contains(&event.r#type) {
                        yield SubscribeResponse { event: Some(event), head };
                    }
                }
            }
        }
    }
}

type Subscription = Pin<Box<dyn Stream<Item = Result<SubscribeResponse, Status>> + Send>>;

#[tonic::async_trait]
impl EventService for Publisher {
    async fn subscribe(&self, request: Request<SubscribeRequest>) -> Result<Response<Subscription>, Status> {
        if !Caller::of(&request)?.is_service() {
            return Err(Fault::not_allowed(&Text::new(
                "các dịch vụ của hệ thống",
                "the services of the system",
            ))
            .into());
        }
        let SubscribeRequest { after, types } = request.into_inner();
        let mut read = self.db.read("subscribe").await.map_err(Fault::from)?;
        let oldest: i64 =
            read.one(&OLDEST, params![]).await.and_then(|row| row.get("sequence")).map_err(Fault::from)?;
        let head = outbox::head(&mut read).await.map_err(Fault::from)?;
        drop(read);
        if after + 1 < oldest || after > head {
            return Err(out_of_range(after, oldest, head).into());
        }
        Ok(Response::new(Box::pin(self.clone().stream(after, types))))
    }
}

fn out_of_range(after: i64, oldest: i64, head: i64) -> Fault {
    let text = Text::new(
        format!("Vị trí {after} nằm ngoài các sự kiện còn lưu ({oldest} đến {head})."),
        format!("Position {after} lies outside the events kept ({oldest} to {head})."),
    );
    Fault::new(Code::OutOfRange, "events.congvan", "CURSOR_OUT_OF_RANGE", text)
        .with("oldest", oldest)
        .with("head", head)
}
