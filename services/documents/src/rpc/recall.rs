use std::collections::HashMap;

use base::{PageToken, Uuid};
use congvan_proto::documents::v1::{self as pb, recall_service_server::RecallService};
use documents_domain::{Inbox, Officer, Recall, RecallState, Scope};
use events::NewEvent;
use kit::{Fault, Violations, caller::Caller};
use sql::Queries;
use tonic::{Request, Response, Status};

use super::{
    read::{filter, last_id, page},
    recall_answer, recall_request,
};
use crate::{
    Documents, faults, officer, shape,
    store::{self, recall::Paper, recall_party::Shown},
};

calls! {
    RecallService;
    request_recall: RequestRecallRequest -> RequestRecallResponse = recall_request::request;
    cancel_recall: CancelRecallRequest -> CancelRecallResponse = recall_request::cancel;
    get_recall: GetRecallRequest -> GetRecallResponse = get;
    list_recalls: ListRecallsRequest -> ListRecallsResponse = list;
    agree_recall: AgreeRecallRequest -> AgreeRecallResponse = recall_answer::agree;
    refuse_recall: RefuseRecallRequest -> RefuseRecallResponse = recall_answer::refuse;
}

async fn get(
    service: &Documents,
    caller: &Caller,
    request: pb::GetRecallRequest,
) -> Result<pb::GetRecallResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let mut read = service.db.read("get_recall").await?;
    let recall = store::recall::find(&mut read, id).await?.ok_or_else(|| faults::no_recall(id))?;
    Ok(pb::GetRecallResponse { recall: Some(shown(&mut read, &officer, &recall).await?) })
}

/// A recall as the officer may see it: at the sender all of it, at a recipient with itself alone.
pub(super) async fn shown(
    db: &mut impl Queries,
    officer: &Officer,
    recall: &Recall,
) -> Result<pb::Recall, Fault> {
    let papers = papers(db, std::slice::from_ref(recall)).await?;
    let at_sender = reads_at_sender(&Scope::of(officer), recall, &papers);
    let mut told = shape::recall::recall(recall, &papers, at_sender);
    let Inbox { recipients, .. } = Inbox::of(officer);
    let own = |shown: &Shown| at_sender || recipients.contains(&shown.party.recipient_id);
    let parties = store::recall_party::of(db, recall.id).await?;
    told.parties = parties.iter().filter(|shown| own(shown)).map(shape::recall::party).collect();
    if at_sender {
        let counts = store::recall_party::counts(db, vec![recall.id]).await?;
        told.counts = counts.iter().map(shape::recall::count).collect();
    } else if told.parties.is_empty() {
        return Err(faults::no_recall(recall.id));
    }
    Ok(told)
}

/// Whether somebody with this scope may read the recalled document at the sender.
fn reads_at_sender(scope: &Scope, recall: &Recall, papers: &HashMap<Uuid, Paper>) -> bool {
    let unit = papers.get(&recall.document_id).map(|paper| paper.drafting_unit_id);
    scope.agencies.contains(&recall.agency_id) || unit.is_some_and(|unit| scope.units.contains(&unit))
}

/// What is shown of the documents of recalls and of their notices.
async fn papers(db: &mut impl Queries, recalls: &[Recall]) -> Result<HashMap<Uuid, Paper>, Fault> {
    let ids = recalls.iter().flat_map(|recall| [recall.document_id, recall.order.notice_document_id]);
    Ok(store::recall::papers(db, ids.collect()).await?)
}

async fn list(
    service: &Documents,
    caller: &Caller,
    request: pb::ListRecallsRequest,
) -> Result<pb::ListRecallsResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let agency_id = violations.id("agencyId", &request.agency_id);
    let size = violations.page_size(request.page_size, 50, 200);
    let direction = |number| pb::RecallDirection::try_from(number).ok().filter(|_| number != 0);
    let direction = filter(&mut violations, "direction", request.direction, direction);
    let state = filter(&mut violations, "state", request.state, RecallState::numbered);
    violations.check()?;
    if !officer.overseen_agencies().contains(&agency_id) {
        return Err(Fault::not_allowed(&faults::overseers()));
    }
    let sent = direction == Some(pb::RecallDirection::Sent);
    let name = format!("recalls/{agency_id}/{sent}/{}", request.state);
    let before = last_id(&name, &request.page_token)?;
    let mut read = service.db.read("list_recalls").await?;
    let found = store::recall::list(&mut read, (agency_id, sent), state, before, size + 1).await?;
    let (page, next) = page(found, size, |recall| PageToken::encode(&name, &[&recall.id.to_string()]));
    let papers = papers(&mut read, &page).await?;
    let scope = Scope::of(&officer);
    let counts =
        store::recall_party::counts(&mut read, page.iter().map(|recall| recall.id).collect()).await?;
    let told = page.iter().map(|recall| {
        let at_sender = reads_at_sender(&scope, recall, &papers);
        let told = shape::recall::recall(recall, &papers, at_sender);
        let counts = counts.iter().filter(|count| at_sender && count.recall_id == recall.id);
        pb::Recall { counts: counts.map(shape::recall::count).collect(), ..told }
    });
    Ok(pb::ListRecallsResponse { recalls: told.collect(), next_page_token: next })
}

/// The event of a step of a recall, with those to whom it happened.
pub(crate) async fn event(
    db: &mut impl Queries,
    id: Uuid,
    (kind, reason): (&'static str, &str),
    recall: &Recall,
    concerned: impl Fn(&Shown) -> bool,
) -> Result<NewEvent, Fault> {
    let papers = papers(db, std::slice::from_ref(recall)).await?;
    let told = shape::recall::recall(recall, &papers, false);
    let parties = store::recall_party::of(db, recall.id).await?;
    let parties = parties.iter().filter(|shown| concerned(shown)).map(|shown| pb::RecallChangedParty {
        delivery_id: shown.party.delivery_id.to_string(),
        recipient_id: shown.party.recipient_id.to_string(),
        recipient_name: shown.recipient_name.clone(),
        state: shown.party.state.number(),
    });
    let data = pb::RecallChanged {
        recall_id: told.id,
        document_id: told.document_id,
        state: told.state,
        sender_id: told.sender_id,
        sender_name: told.sender_name,
        notice_notation: told.notice_notation,
        reason: reason.to_owned(),
        deadline: told.deadline,
        parties: parties.collect(),
    };
    Ok(NewEvent::new(id, kind, recall.id, recall.updated_at, &data))
}
