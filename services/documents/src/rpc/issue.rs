mod batch;

use std::time::Duration;

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use kit::{Fault, Violations, caller::Caller};

use super::{
    command::{Command, Target},
    numbering, release,
};
use crate::{Documents, addressing::Addressing};

pub(crate) use batch::{Issuing, lanes};

/// A document that somebody wants to have issued, with all that other services were asked about it.
pub(crate) struct Ask {
    command: Command,
    /// For how long the release can be undone.
    undo: Duration,
    /// The agency that issues, whose register it waits for.
    agency_id: Uuid,
    addressing: Addressing,
    /// Where the caller is in its trace: its event belongs there, whoever does the work.
    span: tracing::Span,
}

/// Issues a signed document: whatever is missing of number, register entry, seal and release, with a delivery for every recipient
/// and the event, in one transaction. Others who wait for the same register share it.
pub(super) async fn issue(
    service: &Documents,
    caller: &Caller,
    request: pb::IssueDocumentRequest,
) -> Result<pb::IssueDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("IssueDocument", caller, &target, &request, &mut violations)?;
    let undo = release::undo(request.undo_seconds, &mut violations);
    violations.check()?;

    // What the directory says of issuer and recipients, asked before the transaction.
    let document = command.find(service).await?;
    let agency_id = document.agency_id;
    let recipients = &document.fields.recipients;
    let addressing = service.addressing(recipients, agency_id, numbering::issuers(&document)).await?;
    let ask = Ask { command, undo, agency_id, addressing, span: tracing::Span::current() };
    service.issuing.run(ask).await
}
