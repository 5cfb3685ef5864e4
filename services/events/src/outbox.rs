use base::{Timestamp, Uuid};
use kit::telemetry;
use prost::{Message, Name};
use sql::{Column, Kind, Migration, Queries, Result, Write, params};

/// The tables of a service that publishes.
pub const PUBLISHER_MIGRATION: Migration = Migration {
    name: "events/0001_publisher",
    text: "CREATE TABLE event (
        id UUID PRIMARY KEY,
        ordinal BIGSERIAL, -- order of insertion; SQLite leaves it empty and has its rowid
        sequence BIGINT UNIQUE,
        type TEXT NOT NULL,
        subject UUID NOT NULL,
        occurred_at TIMESTAMPTZ NOT NULL,
        traceparent TEXT NOT NULL,
        data_type TEXT NOT NULL,
        data BYTEA NOT NULL
    );
    CREATE INDEX event_unsequenced ON event (id) WHERE sequence IS NULL;
    CREATE TABLE event_head (one BIGINT PRIMARY KEY, sequence BIGINT NOT NULL);
    INSERT INTO event_head (one, sequence) VALUES (1, 0);",
};

sql::statements! {
    HEAD = "SELECT sequence FROM event_head WHERE one = 1";
}

const COLUMNS: [Column; 7] = [
    Column::new("id", Kind::Uuid),
    Column::new("type", Kind::Text),
    Column::new("subject", Kind::Uuid),
    Column::new("occurred_at", Kind::Time),
    Column::new("traceparent", Kind::Text),
    Column::new("data_type", Kind::Text),
    Column::new("data", Kind::Bytes),
];

/// Something that has just happened, to be told once it is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    id: Uuid,
    kind: &'static str,
    subject: Uuid,
    at: Timestamp,
    traceparent: String,
    data_type: String,
    data: Vec<u8>,
}

impl NewEvent {
    /// An event of type `kind` ("congvan.documents.document.issued") about `subject`, with its facts; part of the trace in which this is
    /// called.
    pub fn new<M: Message + Name>(
        id: Uuid,
        kind: &'static str,
        subject: Uuid,
        at: Timestamp,
        data: &M,
    ) -> Self {
        let traceparent = telemetry::traceparent();
        Self { id, kind, subject, at, traceparent, data_type: M::type_url(), data: data.encode_to_vec() }
    }
}

/// Writes events in the transaction of the change that they tell of.
pub async fn append(tx: &mut Write, events: Vec<NewEvent>) -> Result<()> {
    let rows = events.into_iter().map(|event| {
        params![event.id, event.kind, event.subject, event.at, event.traceparent, event.data_type, event.data]
    });
    tx.insert("event", &COLUMNS, rows.collect()).await.map(drop)
}

/// Sequence of the newest event; zero before the first.
pub async fn head(db: &mut impl Queries) -> Result<i64> {
    db.one(&HEAD, params![]).await?.get("sequence")
}
