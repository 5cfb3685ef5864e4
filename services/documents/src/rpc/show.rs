//! Deliveries with all that is told of them.

use std::collections::HashMap;

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Inbox, Officer, Scope};
use kit::Fault;
use sql::Queries;

use super::relations;
use crate::{
    faults, shape,
    store::{self, delivery::Shown, duplicate::Earlier},
};

/// Whether the officer may read a delivery: at the sender as its document, or at the recipient.
pub(super) fn may_read(officer: &Officer, shown: &Shown) -> bool {
    let scope = Scope::of(officer);
    scope.agencies.contains(&shown.sender_id)
        || scope.units.contains(&shown.drafting_unit_id)
        || Inbox::of(officer).reads(&shown.delivery)
}

/// The delivery, if the officer may read it.
pub(super) async fn readable(db: &mut impl Queries, officer: &Officer, id: Uuid) -> Result<Shown, Fault> {
    let shown = store::delivery::find(db, id).await?;
    shown.filter(|shown| may_read(officer, shown)).ok_or_else(|| faults::no_delivery(id))
}

/// A delivery with its history, what was found of its files, and what came before.
pub(super) async fn whole(
    db: &mut impl Queries,
    officer: &Officer,
    shown: &Shown,
) -> Result<pb::Delivery, Fault> {
    let id = shown.delivery.id;
    let history = store::delivery_history::of(db, id).await?;
    let found = store::check::of(db, id).await?;
    let attachments =
        if found.is_empty() { Vec::new() } else { store::attachment::of(db, shown.document_id).await? };
    let duplicates = earlier(db, officer, std::slice::from_ref(shown)).await?;
    let duplicates = duplicates.get(&id).map(Vec::as_slice).unwrap_or_default();
    let urgings = store::urging::of(db, id).await?;
    let forwarded = store::delivery::forwarded_from(db, id).await?;
    let whole = shape::Whole {
        shown,
        history: &history,
        found: &found,
        attachments: &attachments,
        duplicates,
        urgings: &urgings,
        forwarded: &forwarded,
    };
    let mut told = [whole.shape()];
    relations::mark_deliveries(db, &mut told).await?;
    let [told] = told;
    Ok(told)
}

/// Deliveries as an inbox lists them, with what came before each.
pub(super) async fn listed(
    db: &mut impl Queries,
    officer: &Officer,
    page: &[Shown],
) -> Result<Vec<pb::Delivery>, Fault> {
    let mut duplicates = earlier(db, officer, page).await?;
    let deliveries = page.iter().map(|shown| {
        let before = duplicates.remove(&shown.delivery.id).unwrap_or_default();
        let duplicates = before.iter().map(shape::duplicate).collect();
        pb::Delivery { duplicates, ..shape::delivery(shown) }
    });
    let mut deliveries: Vec<_> = deliveries.collect();
    relations::mark_deliveries(db, &mut deliveries).await?;
    Ok(deliveries)
}

/// What came before each of these deliveries, as far as the officer receives for both.
async fn earlier(
    db: &mut impl Queries,
    officer: &Officer,
    page: &[Shown],
) -> Result<HashMap<Uuid, Vec<Earlier>>, Fault> {
    let recipients = Inbox::of(officer).recipients;
    let own = page.iter().map(|shown| &shown.delivery);
    let own = own.filter(|delivery| recipients.contains(&delivery.recipient_id)).map(|delivery| delivery.id);
    let own: Vec<_> = own.collect();
    let mut before: HashMap<_, Vec<_>> = HashMap::new();
    if own.is_empty() {
        return Ok(before);
    }
    for earlier in store::duplicate::earlier(db, own, recipients).await? {
        if officer.receives_as_one(earlier.delivery_recipient_id, earlier.recipient_id) {
            before.entry(earlier.delivery_id).or_default().push(earlier);
        }
    }
    Ok(before)
}
