//! What came before: the same document, or one with the same number, symbol and issuer (Decree 30/2020/NĐ-CP, Appendix VI, III.1h).

use base::{Date, Timestamp, Uuid};
use documents_domain::DeliveryStatus;
use sql::{Queries, Result, Row, params};

use super::delivery::status;

sql::statements! {
    EARLIER = "SELECT delivery.id AS delivery_id, delivery.recipient_id AS delivery_recipient_id, earlier.id,
            earlier.recipient_id, earlier.status, earlier.arrival_number, earlier.arrived_at, twin.id AS document_id,
            document.issued_on, twin.issued_on AS twin_issued_on, delivery.document_id AS delivery_document_id
        FROM delivery
            JOIN document ON document.id = delivery.document_id
            JOIN document AS twin ON twin.symbol = document.symbol AND twin.number = document.number
                AND twin.agency_name = document.agency_name
            JOIN delivery AS earlier ON earlier.document_id = twin.id
        WHERE delivery.id = ANY($1) AND earlier.recipient_id = ANY($2) AND earlier.id < delivery.id
        ORDER BY delivery.id, earlier.id";
}

/// A delivery that came before another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// The delivery asked about.
    pub(crate) delivery_id: Uuid,
    /// To whom that came.
    pub(crate) delivery_recipient_id: Uuid,
    /// The one before.
    pub(crate) id: Uuid,
    /// To whom it came.
    pub(crate) recipient_id: Uuid,
    /// Whether it is the same document, and not only one with the same number, symbol and issuer.
    pub(crate) same_document: bool,
    pub(crate) status: DeliveryStatus,
    pub(crate) arrival_number: Option<i32>,
    pub(crate) arrived_at: Timestamp,
}

/// What came before these deliveries to any of these recipients. Numbers begin anew each year, so documents of different years
/// are no twins, whatever they bear.
pub(crate) async fn earlier(
    db: &mut impl Queries,
    deliveries: Vec<Uuid>,
    recipients: Vec<Uuid>,
) -> Result<Vec<Earlier>> {
    let rows = db.all(&EARLIER, params![deliveries, recipients]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let (issued, twin): (Date, Date) = (row.get("issued_on")?, row.get("twin_issued_on")?);
        if issued.year() == twin.year() {
            found.push(read(row)?);
        }
    }
    Ok(found)
}

fn read(row: &Row) -> Result<Earlier> {
    Ok(Earlier {
        delivery_id: row.get("delivery_id")?,
        delivery_recipient_id: row.get("delivery_recipient_id")?,
        id: row.get("id")?,
        recipient_id: row.get("recipient_id")?,
        same_document: row.get::<Uuid>("document_id")? == row.get::<Uuid>("delivery_document_id")?,
        status: status(row)?,
        arrival_number: row
            .get::<Option<i64>>("arrival_number")?
            .and_then(|number| i32::try_from(number).ok()),
        arrived_at: row.get("arrived_at")?,
    })
}
