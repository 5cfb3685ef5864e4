use base::PageToken;
use congvan_proto::documents::v1::{self as pb, drafting_service_server::DraftingService};
use documents_domain::DraftingState;
use kit::{Fault, Violations, caller::Caller};
use tonic::{Request, Response, Status};

use super::{
    drafting,
    read::{filter, last_id, page},
};
use crate::{Documents, officer, shape, store};

/// A call to the function that does it.
macro_rules! calls {
    ($($name:ident: $request:ident -> $response:ident = $function:path;)+) => {
        #[tonic::async_trait]
        impl DraftingService for Documents {
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
    assign_drafting: AssignDraftingRequest -> AssignDraftingResponse = drafting::assign;
    get_drafting_assignment: GetDraftingAssignmentRequest -> GetDraftingAssignmentResponse = get;
    list_drafting_assignments: ListDraftingAssignmentsRequest -> ListDraftingAssignmentsResponse = list;
    take_drafting: TakeDraftingRequest -> TakeDraftingResponse = drafting::take;
    reassign_drafting: ReassignDraftingRequest -> ReassignDraftingResponse = drafting::reassign;
    withdraw_drafting: WithdrawDraftingRequest -> WithdrawDraftingResponse = drafting::withdraw;
}

/// Reads one assigned drafting.
async fn get(
    service: &Documents,
    caller: &Caller,
    request: pb::GetDraftingAssignmentRequest,
) -> Result<pb::GetDraftingAssignmentResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let mut read = service.db.read("get_drafting").await?;
    let found = drafting::readable(&mut read, &officer, id).await?;
    let told = shape::drafting::assignment(&found);
    Ok(pb::GetDraftingAssignmentResponse { drafting_assignment: Some(told) })
}

/// Lists the assigned drafting that the officer may read, newest first.
async fn list(
    service: &Documents,
    caller: &Caller,
    request: pb::ListDraftingAssignmentsRequest,
) -> Result<pb::ListDraftingAssignmentsResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size, 50, 200);
    let state = filter(&mut violations, "state", request.state, DraftingState::numbered);
    violations.check()?;
    let name = format!("drafting/{}", request.state);
    let before = last_id(&name, &request.page_token)?;
    let mut read = service.db.read("list_drafting").await?;
    let found = store::drafting::list(&mut read, &officer, state, before, size + 1).await?;
    let (page, next) = page(found, size, |one| PageToken::encode(&name, &[&one.id.to_string()]));
    let drafting_assignments = page.iter().map(shape::drafting::assignment).collect();
    Ok(pb::ListDraftingAssignmentsResponse { drafting_assignments, next_page_token: next })
}
