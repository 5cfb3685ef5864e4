use base::PageToken;
use congvan_proto::documents::v1::{self as pb, delivery_service_server::DeliveryService};
use documents_domain::{DeliveryStatus, Inbox, Officer, Urgency};
use kit::{Fault, Violations, caller::Caller};
use tonic::{Request, Response, Status};

use super::{
    board::{self, Wanted},
    decide,
    read::{filter, last_id, outline_at_sender, page},
    show,
};
use crate::{
    Documents, faults, officer, shape,
    store::{self, inbox::Behind},
};

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
        let urgent = urgent_first(request.order, status, &mut violations);
        violations.check()?;
        let mut recipients = Inbox::of(officer).recipients;
        recipients.retain(|recipient| wanted.is_none_or(|wanted| wanted == *recipient));
        if recipients.is_empty() {
            return Err(Fault::not_allowed(&faults::overseers()));
        }
        let name = format!("inbox/{}/{}/{urgent}", request.recipient_id, request.status);
        let mut read = self.db.read("list_inbox").await?;
        let found = if urgent {
            let behind = behind(&name, &request.page_token)?;
            store::inbox::urgent(&mut read, &recipients, behind, size + 1).await?
        } else {
            let before = last_id(&name, &request.page_token)?;
            store::inbox::newest(&mut read, &recipients, status, before, size + 1).await?
        };
        let (page, next) =
            page(found, size, |shown| if urgent { urgent_token(&name, shown) } else { token(&name, shown) });
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
        let wanted = pb::DeliveryFilter {
            statuses: status.map(DeliveryStatus::number).into_iter().collect(),
            purposes: request.purposes.clone(),
            undecided_hours: request.undecided_hours,
            overdue: request.overdue,
        };
        let wanted = Wanted::parse("", &wanted, &mut violations);
        violations.check()?;
        let pb::ListDocumentDeliveriesRequest { status, purposes, undecided_hours, overdue, .. } = &request;
        let name = format!("deliveries/{id}/{status}/{purposes:?}/{undecided_hours}/{overdue}");
        let after = last_id(&name, &request.page_token)?;
        let mut read = self.db.read("list_deliveries").await?;
        outline_at_sender(&mut read, officer, id).await?;
        let filter = wanted.at(&mut read, self.clock.now()).await?;
        let found = store::board::matching(&mut read, id, &filter, after, size + 1).await?;
        let (page, next) = page(found, size, |shown| token(&name, shown));
        let deliveries = page.iter().map(shape::delivery).collect();
        Ok(pb::ListDocumentDeliveriesResponse { deliveries, next_page_token: next })
    }

    async fn board(
        &self,
        officer: &Officer,
        request: pb::GetDeliveryBoardRequest,
    ) -> Result<pb::GetDeliveryBoardResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let hours = board::hours("undecidedHours", request.undecided_hours, &mut violations);
        violations.check()?;
        let mut read = self.db.read("read_board").await?;
        let document = outline_at_sender(&mut read, officer, id).await?;
        let board = board::read(&mut read, &document, hours, self.clock.now()).await?;
        Ok(pb::GetDeliveryBoardResponse { board: Some(board) })
    }
}

/// Whether what waits is asked for by urgency, which only what waits has an order by.
fn urgent_first(order: i32, status: Option<DeliveryStatus>, violations: &mut Violations) -> bool {
    let order = pb::InboxOrder::try_from(order).unwrap_or_else(|_| {
        violations.add("order", "không có thứ tự này", "is no order");
        pb::InboxOrder::Unspecified
    });
    let urgent = order == pb::InboxOrder::Urgent;
    if urgent && status.is_some_and(|status| status != DeliveryStatus::Arrived) {
        violations.add(
            "order",
            "chỉ xếp theo mức độ khẩn các văn bản đang chờ tiếp nhận",
            "only what waits to be accepted is listed by urgency",
        );
    }
    urgent
}

/// Where the next page of what waits begins.
fn behind(list: &str, token: &str) -> Result<Option<Behind>, Fault> {
    let page = PageToken::decode(list, token, 2).map_err(|_| Fault::bad_page_token())?;
    let Some(page) = page else { return Ok(None) };
    let urgency = page.after[0].parse().ok().and_then(Urgency::numbered);
    let id = page.after[1].parse().ok();
    let behind = urgency.zip(id).map(|(urgency, id)| Behind { urgency, id });
    behind.map(Some).ok_or_else(Fault::bad_page_token)
}

fn urgent_token(list: &str, shown: &store::delivery::Shown) -> String {
    PageToken::encode(list, &[&shown.urgency.number().to_string(), &shown.delivery.id.to_string()])
}

pub(super) fn token(list: &str, shown: &store::delivery::Shown) -> String {
    PageToken::encode(list, &[&shown.delivery.id.to_string()])
}
