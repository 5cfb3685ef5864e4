use congvan_proto::documents::v1::{self as pb, handling_service_server::HandlingService};
use documents_domain::{DeliveryStatus, Scope};
use kit::{Fault, Violations, caller::Caller};
use tonic::{Request, Response, Status};

use super::{
    assign, check, decide,
    deliveries::token,
    forward, progress,
    read::{filter, last_id, page},
    show,
};
use crate::{Documents, officer, store};

/// A call to the function that does it.
macro_rules! calls {
    ($($name:ident: $request:ident -> $response:ident = $function:path;)+) => {
        #[tonic::async_trait]
        impl HandlingService for Documents {
            $(async fn $name(
                &self,
                request: Request<pb::$request>,
            ) -> Result<Response<pb::$response>, Status> {
                let caller = Caller::of(&request)?;
                Ok(Response::new($function(self, &caller, request.into_inner()).await?))
            })+
        }
    };
}

calls! {
    check_delivery: CheckDeliveryRequest -> CheckDeliveryResponse = check::check;
    assign_delivery: AssignDeliveryRequest -> AssignDeliveryResponse = assign::assign;
    start_delivery: StartDeliveryRequest -> StartDeliveryResponse = progress::start;
    complete_delivery: CompleteDeliveryRequest -> CompleteDeliveryResponse = progress::complete;
    return_delivery: ReturnDeliveryRequest -> ReturnDeliveryResponse = decide::send_back;
    forward_delivery: ForwardDeliveryRequest -> ForwardDeliveryResponse = forward::forward;
    list_assigned_deliveries: ListAssignedDeliveriesRequest -> ListAssignedDeliveriesResponse = assigned;
}

/// Lists what is assigned to the officer's units, newest first.
async fn assigned(
    service: &Documents,
    caller: &Caller,
    request: pb::ListAssignedDeliveriesRequest,
) -> Result<pb::ListAssignedDeliveriesResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size, 50, 200);
    let status = filter(&mut violations, "status", request.status, DeliveryStatus::numbered);
    violations.check()?;
    let name = format!("assigned/{}/{}", request.status, request.own_only);
    let before = last_id(&name, &request.page_token)?;
    let person = request.own_only.then_some(officer.user_id);
    let mut read = service.db.read("list_assigned").await?;
    let units = Scope::of(&officer).units;
    let found = store::delivery::assigned(&mut read, units, (status, person), before, size + 1).await?;
    let (page, next) = page(found, size, |shown| token(&name, shown));
    let deliveries = show::listed(&mut read, &officer, &page).await?;
    Ok(pb::ListAssignedDeliveriesResponse { deliveries, next_page_token: next })
}
