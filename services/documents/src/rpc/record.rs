//! What every change of a document leaves behind in its transaction: an event, a line in its history, and a version when it was
//! submitted.

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Change, Event, HistoryLine};
use kit::Fault;
use prost::Message;
use sql::Write;

use super::events;
use crate::{Documents, store};

/// Records a change. `told` is the document after it, as the answer tells it.
pub(super) async fn changed(
    service: &Documents,
    tx: &mut Write,
    change: &Change,
    told: &pb::Document,
) -> Result<(), Fault> {
    if change.event == Event::Submitted {
        store::version::freeze(tx, change, told.attachments.len(), told.encode_to_vec()).await?;
    }
    written(service, tx, change, HistoryLine::of(change)).await
}

/// Records a release, ordered or done, with the deliveries that it made.
pub(super) async fn released(
    service: &Documents,
    tx: &mut Write,
    change: &Change,
    deliveries: &[Uuid],
) -> Result<(), Fault> {
    store::history::append(tx, &[HistoryLine::of(change)]).await?;
    let at = change.document.updated_at;
    ::events::append(tx, vec![events::released(service.ids.next(), change, deliveries, at)]).await?;
    Ok(())
}

/// Records a change whose line tells more than the change knows.
pub(super) async fn written(
    service: &Documents,
    tx: &mut Write,
    change: &Change,
    line: HistoryLine,
) -> Result<(), Fault> {
    store::history::append(tx, &[line]).await?;
    let at = change.document.updated_at;
    ::events::append(tx, vec![events::changed(service.ids.next(), change, at)]).await?;
    Ok(())
}
