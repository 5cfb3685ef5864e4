//! All deliveries of one document: folded into counts, and those that match a filter. What was destroyed in a recall keeps the status it
//! had, and waits for nobody any more.

use base::{Date, Timestamp, Uuid};
use documents_domain::{DeliveryStatus, Purpose};
use sql::{Queries, Result, Value, params};

use super::{
    delivery::{Shown, shown, status},
    inconsistent,
};

sql::statements! {
    FOLD = "SELECT delivery.status, delivery.purpose, count(*) AS n, max(delivery.updated_at) AS updated_at,
            sum(CASE WHEN delivery.status = 'ARRIVED' AND delivery.purpose <> 6 AND delivery.arrived_at <= $2
                AND coalesce(delivery.recall_state, '') <> 'AGREED' THEN 1 ELSE 0 END) AS undecided,
            sum(CASE WHEN delivery.status NOT IN ('REFUSED', 'RETURNED', 'COMPLETED') AND delivery.purpose < 5
                AND coalesce(delivery.recall_state, '') <> 'AGREED'
                AND coalesce(delivery.handling_due, document.reply_due) < $3 THEN 1 ELSE 0 END) AS overdue
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.document_id = $1 AND delivery.forwarded_from IS NULL GROUP BY delivery.status, delivery.purpose";
    FORWARDED = "SELECT count(*) AS n FROM delivery WHERE document_id = $1 AND forwarded_from IS NOT NULL";
    MATCHING = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id,
            document.number, document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.document_id = $1 AND delivery.forwarded_from IS NULL AND delivery.status = ANY($2) AND CAST(delivery.purpose AS TEXT) = ANY($3)
            AND ($4::timestamptz IS NULL OR delivery.status = 'ARRIVED' AND delivery.purpose <> 6
                AND coalesce(delivery.recall_state, '') <> 'AGREED' AND delivery.arrived_at <= $4::timestamptz)
            AND ($5::date IS NULL OR delivery.status NOT IN ('REFUSED', 'RETURNED', 'COMPLETED') AND delivery.purpose < 5
                AND coalesce(delivery.recall_state, '') <> 'AGREED'
                AND coalesce(delivery.handling_due, document.reply_due) < $5::date)
            AND ($6::uuid IS NULL OR delivery.id > $6::uuid)
        ORDER BY delivery.id LIMIT $7";
}

/// Which deliveries of a document.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// With one of these statuses.
    pub(crate) statuses: Vec<DeliveryStatus>,
    /// For one of these purposes.
    pub(crate) purposes: Vec<Purpose>,
    /// Neither accepted nor refused, though they came by then and a receipt is asked of them.
    pub(crate) undecided_since: Option<Timestamp>,
    /// To be handled before this day, and not handled: by the recipient's own deadline or else by the one that the document names.
    pub(crate) overdue_on: Option<Date>,
}

/// How many deliveries of a document stand in one status for one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) status: DeliveryStatus,
    pub(crate) purpose: Purpose,
    pub(crate) deliveries: i32,
    /// Of these, how many are not decided though they came by a time.
    pub(crate) undecided: i32,
    /// Of these, how many are overdue on a day.
    pub(crate) overdue: i32,
    pub(crate) updated_at: Timestamp,
}

/// Folds all deliveries of a document in one pass.
pub(crate) async fn fold(
    db: &mut impl Queries,
    document_id: Uuid,
    since: Timestamp,
    today: Date,
) -> Result<Vec<Count>> {
    let rows = db.all(&FOLD, params![document_id, since, today]).await?;
    let counts = rows.iter().map(|row| {
        Ok(Count {
            status: status(row)?,
            purpose: inconsistent(Purpose::numbered(row.get("purpose")?), "purpose")?,
            deliveries: row.get("n")?,
            undecided: row.get("undecided")?,
            overdue: row.get("overdue")?,
            updated_at: row.get("updated_at")?,
        })
    });
    counts.collect()
}

/// How many deliveries of a document came of forwarding.
pub(crate) async fn forwarded(db: &mut impl Queries, document_id: Uuid) -> Result<i32> {
    db.one(&FORWARDED, params![document_id]).await?.get("n")
}

/// The deliveries of a document that match, in the order of its recipients.
pub(crate) async fn matching(
    db: &mut impl Queries,
    document_id: Uuid,
    filter: &Filter,
    after: Option<Uuid>,
    size: u16,
) -> Result<Vec<Shown>> {
    let mut values = vec![Value::from(document_id)];
    values.extend(conditions(filter));
    values.extend(params![after, size]);
    db.all(&MATCHING, values).await?.iter().map(shown).collect()
}

fn conditions(filter: &Filter) -> Vec<Value> {
    let statuses = filter.statuses.iter().map(|status| status.code().to_owned()).collect::<Vec<_>>();
    let purposes = filter.purposes.iter().map(|purpose| purpose.number().to_string()).collect::<Vec<_>>();
    params![statuses, purposes, filter.undecided_since, filter.overdue_on]
}
