//! Puts issued documents with a delivery each straight into the tables.

use base::{Clock, Ids, SystemClock, Timestamp, Uuid, legal_date};
use congvan_proto::documents::v1::{RecipientPurpose, Urgency};
use sql::{Column, Db, Engine, Kind, Queries, Value, params, statement};

use crate::stock::Letter;

/// How many documents wait in an inbox, whatever its size: as many as its office has not come to yet.
const WAITING: usize = 100;

/// How many documents are made at once.
const BATCH: usize = 10_000;

const RELEASE: [Column; 6] = [
    Column::new("id", Kind::Uuid),
    Column::new("stage", Kind::Text),
    Column::new("number", Kind::Int),
    Column::new("symbol", Kind::Text),
    Column::new("issued_on", Kind::Date),
    Column::new("issued_at", Kind::Time),
];

const DELIVERY: [Column; 11] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("document_id", Kind::Uuid),
    Column::new("sender_id", Kind::Uuid),
    Column::new("recipient_id", Kind::Uuid),
    Column::new("recipient_name", Kind::Text),
    Column::new("purpose", Kind::Int),
    Column::new("urgency", Kind::Int),
    Column::new("status", Kind::Text),
    Column::new("arrived_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

/// An inbox that is being filled.
pub(super) struct Inbox<'a> {
    pub(super) db: &'a Db,
    pub(super) ids: &'a Ids,
    pub(super) letter: Letter,
    /// Agency and name.
    pub(super) recipient: (Uuid, String),
}

impl Inbox<'_> {
    /// Puts so many documents into it.
    pub(super) async fn fill(&self, count: usize) -> anyhow::Result<()> {
        for first in (0..count).step_by(BATCH) {
            let documents = self.letter.fill(self.db, self.ids, BATCH.min(count - first)).await?;
            let numbered = || (i64::try_from(first).expect("a million") + 1..).zip(&documents);
            let now = SystemClock.now();
            let mut tx = self.db.write("inbox").await?;
            let releases = numbered().map(|(number, id)| release(*id, number, now)).collect();
            tx.update("document", &RELEASE, releases).await?;
            let apart = i64::try_from(count / WAITING)?;
            let deliveries = numbered().map(|(number, id)| self.delivery(*id, number, apart, now)).collect();
            tx.insert("delivery", &DELIVERY, deliveries).await?;
            tx.commit().await?;
        }
        if self.db.engine() == Engine::Postgres {
            // What autovacuum does within a minute or two. SQLite has nobody who would, and gets nothing.
            self.db.read("inbox").await?.all(&statement("VACUUM", "VACUUM (ANALYZE)"), vec![]).await?;
        }
        Ok(())
    }

    /// One delivery; of so many documents one waits, and every third that waits is urgent.
    fn delivery(&self, document: Uuid, number: i64, apart: i64, now: Timestamp) -> Vec<Value> {
        let (recipient, name) = &self.recipient;
        let urgency = if number % (3 * apart) == 0 { Urgency::Flash } else { Urgency::Normal };
        params![
            self.ids.next(),
            1_i64,
            document,
            self.letter.agency_id(),
            *recipient,
            name,
            i32::from(RecipientPurpose::Execute),
            i32::from(urgency),
            status(number, apart),
            now,
            now,
        ]
    }
}

fn release(document: Uuid, number: i64, now: Timestamp) -> Vec<Value> {
    params![document, "ISSUED", number, "SNV-VP", legal_date(now), now]
}

/// Nearly all is completed, ten of a hundred are under way, a few wait; the three oldest were refused.
fn status(number: i64, apart: i64) -> &'static str {
    match number {
        ..=3 => "REFUSED",
        _ if number % apart == 0 => "ARRIVED",
        _ if number % 10 == 0 => "IN_PROGRESS",
        _ => "COMPLETED",
    }
}
