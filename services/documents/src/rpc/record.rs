//! What every change of a document leaves behind in its transaction: an event, a line in its history, and when it was submitted a
//! version, with which a drafting that was assigned is done.

use base::{Ids, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Change, Event, HistoryLine};
use kit::Fault;
use prost::Message;
use sql::Write;
use tracing::Span;

use super::{drafting, events};
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
        drafting::finish(service, tx, &change.document).await?;
    }
    if change.event == Event::ReleaseUndone {
        store::relation::withdraw(tx, change.document.id).await?;
    }
    written(service, tx, change, HistoryLine::of(change)).await
}

/// A release, ordered or done, with the deliveries that it made.
pub(super) struct Released<'a> {
    pub(super) change: &'a Change,
    pub(super) deliveries: &'a [Uuid],
    /// Where whoever asked for it is in the trace.
    pub(super) span: Span,
}

impl<'a> Released<'a> {
    /// One that was asked for by the call that is at work.
    pub(super) fn here(change: &'a Change, deliveries: &'a [Uuid]) -> Self {
        Self { change, deliveries, span: Span::current() }
    }
}

/// Records releases, whatever their number with one statement for the lines and one for the events.
pub(super) async fn released(ids: &Ids, tx: &mut Write, released: &[Released<'_>]) -> Result<(), Fault> {
    let lines: Vec<_> = released.iter().map(|released| HistoryLine::of(released.change)).collect();
    store::history::append(tx, &lines).await?;
    let told = released.iter().map(|Released { change, deliveries, span }| {
        let at = change.document.updated_at;
        span.in_scope(|| events::released(ids.next(), change, deliveries, at))
    });
    ::events::append(tx, told.collect()).await?;
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
