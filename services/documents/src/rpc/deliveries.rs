use base::PageToken;
use congvan_proto::documents::v1::{self as pb, delivery_service_server::DeliveryService};
use documents_domain::{DeliveryStatus, Inbox, Officer};
use kit::{Fault, Violations, caller::Caller};
use tonic::{Request, Response, Status};

use super::{
    decide,
    read::{at_sender, filter, last_id, page},
    show,
};
use crate::{Documents, faults, officer, shape, store};

/// How many exceptions a board names.
const EXCEPTIONS: u16 = 100;

#[tonic::async_trait]
impl DeliveryService for Documents {
    async fn get_delivery(
        &self,
        request: Request<pb::GetDeliveryRequest>,
    ) -> Result<Response<pb::GetDeliveryResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.get(&officer, request.into_inner()).await?))
    }

    async fn list_deliveries(
        &self,
        request: Request<pb::ListDeliveriesRequest>,
    ) -> Result<Response<pb::ListDeliveriesResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.inbox(&officer, request.into_inner()).await?))
    }

    async fn list_document_deliveries(
        &self,
        request: Request<pb::ListDocumentDeliveriesRequest>,
    ) -> Result<Response<pb::ListDocumentDeliveriesResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.of_document(&officer, request.into_inner()).await?))
    }

    async fn get_delivery_board(
        &self,
        request: Request<pb::GetDeliveryBoardRequest>,
    ) -> Result<Response<pb::GetDeliveryBoardResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.board(&officer, request.into_inner()).await?))
    }

    async fn accept_delivery(
        &self,
        request: Request<pb::AcceptDeliveryRequest>,
    ) -> Result<Response<pb::AcceptDeliveryResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(decide::accept(self, &caller, request.into_inner()).await?))
    }

    async fn refuse_delivery(
        &self,
        request: Request<pb::RefuseDeliveryRequest>,
    ) -> Result<Response<pb::RefuseDeliveryResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(decide::refuse(self, &caller, request.into_inner()).await?))
    }
}

impl Documents {
    async fn get(
        &self,
        officer: &Officer,
        request: pb::GetDeliveryRequest,
    ) -> Result<pb::GetDeliveryResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("id", &request.id);
        violations.check()?;
        let mut read = self.db.read("get_delivery").await?;
        let shown = show::readable(&mut read, officer, id).await?;
        Ok(pb::GetDeliveryResponse { delivery: Some(show::whole(&mut read, officer, &shown).await?) })
    }

    async fn inbox(
        &self,
        officer: &Officer,
        request: pb::ListDeliveriesRequest,
    ) -> Result<pb::ListDeliveriesResponse, Fault> {
        let mut violations = Violations::default();
        let wanted = violations.optional_id("recipientId", &request.recipient_id);
        let size = violations.page_size(request.page_size, 50, 200);
        let status = filter(&mut violations, "status", request.status, DeliveryStatus::numbered);
        violations.check()?;
        let mut recipients = Inbox::of(officer).recipients;
        recipients.retain(|recipient| wanted.is_none_or(|wanted| wanted == *recipient));
        if recipients.is_empty() {
            return Err(Fault::not_allowed(&faults::overseers()));
        }
        let name = format!("inbox/{}/{}", request.recipient_id, request.status);
        let before = last_id(&name, &request.page_token)?;
        let mut read = self.db.read("list_inbox").await?;
        let found = store::delivery::inbox(&mut read, recipients, status, before, size + 1).await?;
        let (page, next) = page(found, size, |shown| token(&name, shown));
        let deliveries = show::listed(&mut read, officer, &page).await?;
        Ok(pb::ListDeliveriesResponse { deliveries, next_page_token: next })
    }

    async fn of_document(
        &self,
        officer: &Officer,
        request: pb::ListDocumentDeliveriesRequest,
    ) -> Result<pb::ListDocumentDeliveriesResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let size = violations.page_size(request.page_size, 100, 1000);
        let status = filter(&mut violations, "status", request.status, DeliveryStatus::numbered);
        violations.check()?;
        let name = format!("deliveries/{id}/{}", request.status);
        let after = last_id(&name, &request.page_token)?;
        let mut read = self.db.read("list_deliveries").await?;
        at_sender(&mut read, officer, id).await?;
        let found = store::delivery::of_document(&mut read, id, status, after, size + 1).await?;
        let (page, next) = page(found, size, |shown| token(&name, shown));
        let deliveries = page.iter().map(|shown| shape::delivery(shown)).collect();
        Ok(pb::ListDocumentDeliveriesResponse { deliveries, next_page_token: next })
    }

    async fn board(
        &self,
        officer: &Officer,
        request: pb::GetDeliveryBoardRequest,
    ) -> Result<pb::GetDeliveryBoardResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        violations.check()?;
        let mut read = self.db.read("read_board").await?;
        let document = at_sender(&mut read, officer, id).await?;
        let counts = store::delivery::counts(&mut read, id).await?;
        let exceptions = store::delivery::exceptions(&mut read, id, EXCEPTIONS).await?;
        let issuance = document.stage.issuance();
        let notation = issuance.map(|issuance| documents_domain::notation(issuance.number, issuance.symbol));
        let board = pb::DeliveryBoard {
            document_id: id.to_string(),
            notation: notation.unwrap_or_default(),
            total: counts.iter().map(|count| count.deliveries).sum(),
            update_time: counts.iter().map(|count| count.updated_at).max().map(shape::time),
            counts: counts
                .iter()
                .map(|count| pb::DeliveryCount { status: count.status.number(), count: count.deliveries })
                .collect(),
            exceptions: exceptions.iter().map(|shown| shape::delivery(shown)).collect(),
        };
        Ok(pb::GetDeliveryBoardResponse { board: Some(board) })
    }
}

pub(super) fn token(list: &str, shown: &store::delivery::Shown) -> String {
    PageToken::encode(list, &[&shown.delivery.id.to_string()])
}
