//! What arrived for recipients. Each list of one recipient follows an index, so that what it costs does not depend on how much
//! there is; those of several recipients, of whom an officer has few, are put together here.

use base::Uuid;
use documents_domain::{DeliveryStatus, Urgency};
use sql::{Queries, Result, params};

use super::delivery::{Shown, shown};

sql::statements! {
    NEWEST = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.recipient_id = $1 AND delivery.id < $2
        ORDER BY delivery.id DESC LIMIT $3";
    NEWEST_WITH = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.recipient_id = $1 AND delivery.status = $2 AND delivery.status <> 'ARRIVED'
            AND delivery.id < $3
        ORDER BY delivery.id DESC LIMIT $4";
    NEWEST_WAITING = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.recipient_id = $1 AND delivery.status = 'ARRIVED' AND delivery.urgency = $2 AND delivery.id < $3
        ORDER BY delivery.id DESC LIMIT $4";
    URGENT = "SELECT delivery.*, document.agency_id, document.agency_name, document.drafting_unit_id, document.number,
            document.symbol, document.issued_on, document.kind, document.other_kind_name, document.summary,
            document.signer_name
        FROM delivery JOIN document ON document.id = delivery.document_id
        WHERE delivery.recipient_id = $1 AND delivery.status = 'ARRIVED' AND delivery.urgency <= $2
            AND (delivery.urgency < $2 OR delivery.id > $3) AND coalesce(delivery.recall_state, '') <> 'AGREED'
        ORDER BY delivery.urgency DESC, delivery.id LIMIT $4";
}

/// Where a page of what waits begins: behind this delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Behind {
    pub(crate) urgency: Urgency,
    pub(crate) id: Uuid,
}

/// What arrived for some recipients, newest first.
pub(crate) async fn newest(
    db: &mut impl Queries,
    recipients: &[Uuid],
    status: Option<DeliveryStatus>,
    before: Option<Uuid>,
    size: u16,
) -> Result<Vec<Shown>> {
    let (mut rows, before) = (Vec::new(), sql::before(before));
    for recipient in recipients {
        match status {
            None => rows.extend(db.all(&NEWEST, params![*recipient, before.clone(), size]).await?),
            Some(DeliveryStatus::Arrived) => {
                // The index of what waits is by urgency.
                for urgency in Urgency::ALL {
                    let values = params![*recipient, urgency.number(), before.clone(), size];
                    rows.extend(db.all(&NEWEST_WAITING, values).await?);
                }
            }
            Some(status) => {
                let values = params![*recipient, status.code(), before.clone(), size];
                rows.extend(db.all(&NEWEST_WITH, values).await?);
            }
        }
    }
    let mut found = rows.iter().map(shown).collect::<Result<Vec<_>>>()?;
    found.sort_unstable_by_key(|shown| std::cmp::Reverse(shown.delivery.id));
    found.truncate(usize::from(size));
    Ok(found)
}

/// What waits for some recipients to be accepted or refused: the most urgent first, and of equal urgency in the order of arrival.
pub(crate) async fn urgent(
    db: &mut impl Queries,
    recipients: &[Uuid],
    behind: Option<Behind>,
    size: u16,
) -> Result<Vec<Shown>> {
    let Behind { urgency, id } = behind.unwrap_or(Behind { urgency: Urgency::Flash, id: Uuid::nil() });
    let mut found = Vec::new();
    for recipient in recipients {
        for row in db.all(&URGENT, params![*recipient, urgency.number(), id, size]).await? {
            found.push(shown(&row)?);
        }
    }
    found.sort_unstable_by_key(|shown| (std::cmp::Reverse(shown.urgency), shown.delivery.id));
    found.truncate(usize::from(size));
    Ok(found)
}
