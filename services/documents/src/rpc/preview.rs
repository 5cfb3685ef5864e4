use std::collections::BTreeMap;

use base::legal_date;
use congvan_proto::documents::v1::{self as pb, recipient_service_server::RecipientService};
use documents_domain::Folded;
use kit::{Fault, Violations, caller::Caller};
use tonic::{Request, Response, Status};

use super::read::at_sender;
use crate::{Documents, addressing::Resolved, officer, shape};

#[tonic::async_trait]
impl RecipientService for Documents {
    async fn preview_recipients(
        &self,
        request: Request<pb::PreviewRecipientsRequest>,
    ) -> Result<Response<pb::PreviewRecipientsResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(preview(self, &caller, request.into_inner()).await?))
    }
}

/// Tells who would get the document if it were issued today.
async fn preview(
    service: &Documents,
    caller: &Caller,
    request: pb::PreviewRecipientsRequest,
) -> Result<pb::PreviewRecipientsResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("documentId", &request.document_id);
    violations.check()?;
    let mut read = service.db.read("preview_recipients").await?;
    let document = at_sender(&mut read, &officer, id).await?;
    drop(read); // never held while another service is asked
    let written = &document.fields.recipients;
    let addressing = service.addressing(written, document.agency_id, []).await?;
    let Resolved { recipients, folded, fallen_out, mut unreachable } =
        addressing.resolve(written, document.agency_id);
    let gone = service.gone(&addressing, written).await?;
    unreachable.retain(|one| gone.iter().all(|gone| gone.id != one.unit_id.to_string()));
    let mut purposes: BTreeMap<i32, i32> = BTreeMap::new();
    for recipient in &recipients {
        *purposes.entry(recipient.purpose.number()).or_default() += 1;
    }
    Ok(pb::PreviewRecipientsResponse {
        as_of_date: legal_date(service.clock.now()).to_string(),
        total: i32::try_from(recipients.len()).unwrap_or(i32::MAX),
        purpose_counts: purposes
            .into_iter()
            .map(|(purpose, count)| pb::RecipientPurposeCount { purpose, count })
            .collect(),
        recipients: recipients.iter().map(shape::recipient).collect(),
        folded: folded.iter().map(told).collect(),
        fallen_out: gone.into_iter().chain(fallen_out).collect(),
        unreachable: unreachable.iter().map(shape::recipient).collect(),
    })
}

fn told(folded: &Folded) -> pb::FoldedRecipient {
    let Folded { recipient, purposes } = folded;
    pb::FoldedRecipient {
        recipient: Some(shape::recipient(recipient)),
        purposes: purposes.iter().map(|purpose| purpose.number()).collect(),
    }
}
