//! What happened to deliveries: the status that each has now, and the list of those that it had.

use base::{Timestamp, Uuid};
use documents_domain::{
    Delivery, DeliveryChange, DeliveryEvent, DeliveryStatus, PartyState, Refusal, RefusalCode, Signatory,
};
use sql::{Queries, Result, Row, Value, Write, params};

use super::{
    delivery::{recall, status},
    inconsistent, signatory,
};

sql::statements! {
    SAVE = "UPDATE delivery SET revision = $2, status = $3, updated_at = $4, arrival_number = coalesce($5, arrival_number),
            decided_at = $6, decider_id = $7, decider_name = $8, decider_position = $9, refusal_code = $10,
            refusal_reason = $11, assigned_unit_id = $12, assigned_unit_name = $13, assignee_id = $14, assignee_name = $15,
            directive = $16, handling_due = $17, result = $18, reply_document_id = $19, reply_notation = $20
        WHERE id = $1";
    NOTE = "INSERT INTO delivery_status (delivery_id, revision, status, occurred_at, officer_id, officer_name,
            officer_position, reason, refusal_code, concerned)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    HISTORY = "SELECT status, recall_state, occurred_at, officer_id, officer_name, officer_position, reason, refusal_code, concerned
        FROM delivery_status WHERE delivery_id = $1 ORDER BY revision";
}

/// A status that a delivery had.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    pub(crate) status: DeliveryStatus,
    pub(crate) at: Timestamp,
    pub(crate) officer: Option<Signatory>,
    /// Why it was refused or sent back; what was directed; what came of it.
    pub(crate) words: Option<String>,
    pub(crate) refusal_code: Option<RefusalCode>,
    /// Who it was assigned to; number and symbol of the reply.
    pub(crate) concerned: Option<String>,
    /// Set if it is a step of a recall.
    pub(crate) recall: Option<PartyState>,
}

/// Stores a change and adds it to the history.
pub(crate) async fn save(tx: &mut Write, change: &DeliveryChange, arrival_number: Option<i32>) -> Result<()> {
    tx.execute(&SAVE, state(&change.delivery, arrival_number)).await?;
    tx.execute(&NOTE, entry(change)).await.map(drop)
}

fn state(delivery: &Delivery, arrival_number: Option<i32>) -> Vec<Value> {
    let Delivery { decision, refusal, assignment, completion, .. } = delivery;
    let (decision, refusal) = (decision.as_ref(), refusal.as_ref());
    let (assignment, completion) = (assignment.as_ref(), completion.as_ref());
    let person = assignment.and_then(|assignment| assignment.person.as_ref());
    params![
        delivery.id,
        delivery.revision,
        delivery.status.code(),
        delivery.updated_at,
        arrival_number,
        decision.map(|decision| decision.at),
        decision.map(|decision| decision.by.user_id),
        decision.map(|decision| decision.by.full_name.clone()),
        decision.map(|decision| decision.by.position.clone()),
        refusal.map(|refusal| refusal.code.code()),
        refusal.map(|refusal| refusal.reason.clone()),
        assignment.map(|assignment| assignment.unit_id),
        assignment.map(|assignment| assignment.unit_name.clone()),
        person.map(|person| person.user_id),
        person.map(|person| person.full_name.clone()),
        assignment.map(|assignment| assignment.directive.clone()),
        assignment.and_then(|assignment| assignment.due),
        completion.map(|completion| completion.result.clone()),
        completion.and_then(|completion| completion.reply_document_id),
        completion.map(|completion| completion.reply_notation.clone()),
    ]
}

fn entry(change: &DeliveryChange) -> Vec<Value> {
    let DeliveryChange { delivery, by, event } = change;
    let refusal = || delivery.refusal.as_ref();
    let (words, code, concerned) = match event {
        DeliveryEvent::Accepted { .. } | DeliveryEvent::Started => (None, None, None),
        DeliveryEvent::Refused | DeliveryEvent::Returned => {
            let reason = refusal().map(|Refusal { reason, .. }| reason.clone());
            (reason, refusal().map(|refusal| refusal.code.code()), None)
        }
        DeliveryEvent::Assigned => {
            let assignment = delivery.assignment.as_ref();
            let names = assignment.map(|assignment| match &assignment.person {
                Some(person) => format!("{}, {}", person.full_name, assignment.unit_name),
                None => assignment.unit_name.clone(),
            });
            (assignment.map(|assignment| assignment.directive.clone()), None, names)
        }
        DeliveryEvent::Completed => {
            let completion = delivery.completion.as_ref();
            let reply = completion.map(|completion| completion.reply_notation.clone());
            (completion.map(|completion| completion.result.clone()), None, reply)
        }
    };
    params![
        delivery.id,
        delivery.revision,
        delivery.status.code(),
        delivery.updated_at,
        by.user_id,
        &by.full_name,
        &by.position,
        words,
        code,
        concerned,
    ]
}

/// Every status that a delivery had, oldest first.
pub(crate) async fn of(db: &mut impl Queries, id: Uuid) -> Result<Vec<Past>> {
    db.all(&HISTORY, params![id]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Past> {
    let code = row.get::<Option<String>>("refusal_code")?;
    Ok(Past {
        status: status(row)?,
        at: row.get("occurred_at")?,
        officer: signatory(row, "officer")?,
        words: row.get("reason")?,
        refusal_code: code
            .map(|code| inconsistent(RefusalCode::coded(&code), "code of refusal"))
            .transpose()?,
        concerned: row.get("concerned")?,
        recall: recall(row)?,
    })
}
