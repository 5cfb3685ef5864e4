//! The recipient's side of a recall.

use base::Timestamp;
use congvan_proto::documents::v1 as pb;
use documents_domain::{
    Delivery, Officer, PartyState, Recall, RecallAnswer, RecallParty, RecallRejection, Rejection, limits,
};
use kit::{Fault, Violations, caller::Caller};
use prost::Message;
use sql::Write;

use super::{
    command::{Command, Target},
    recall::event,
    recall_request::settle,
    show,
};
use crate::{
    Documents, faults,
    store::{self, recall_party::Asked},
};

/// Agrees to a recall and destroys what the recipient has of the document, in one transaction.
pub(super) async fn agree(
    service: &Documents,
    caller: &Caller,
    request: pb::AgreeRecallRequest,
) -> Result<pb::AgreeRecallResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("AgreeRecall", caller, &target, &request, &mut violations)?;
    violations.check()?;
    let answer = |delivery| pb::AgreeRecallResponse { delivery: Some(delivery) };
    decide(service, command, None, answer).await
}

/// Refuses a recall with a reason that the sender reads.
pub(super) async fn refuse(
    service: &Documents,
    caller: &Caller,
    request: pb::RefuseRecallRequest,
) -> Result<pb::RefuseRecallResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("RefuseRecall", caller, &target, &request, &mut violations)?;
    let reason = violations.text("reason", &request.reason, true, limits::REASON);
    violations.check()?;
    let answer = |delivery| pb::RefuseRecallResponse { delivery: Some(delivery) };
    decide(service, command, Some(reason), answer).await
}

/// Refuses for a reason, or agrees for none.
async fn decide<R: Message + Default>(
    service: &Documents,
    command: Command,
    reason: Option<String>,
    answer: impl FnOnce(pb::Delivery) -> R,
) -> Result<R, Fault> {
    let now = service.clock.now();
    let mut tx = service.db.write("answer_recall").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let shown = show::readable(&mut tx, &command.officer, command.id).await?;
    shown.delivery.receiver(&command.officer).map_err(faults::rejected)?;
    let (recall, asked) = lock(&mut tx, &command).await?;
    let given = rule((&asked.party, &shown.delivery), &recall, &command.officer, (reason.is_some(), now))?;
    command.check_revision(asked.revision)?;
    store::recall_party::answer(&mut tx, recall.id, &given, reason.as_ref(), now).await?;
    if !given.party.state.keeps_content() {
        let what = (shown.document_id, command.id);
        store::destruction::destroy(&mut tx, what, &given.registered_by, recall.id).await?;
    }
    let recall = settle(&mut tx, recall, now).await?;
    let kind = match given.party.state {
        PartyState::Agreed => "congvan.documents.recall.agreed",
        _ => "congvan.documents.recall.refused",
    };
    let told = (kind, reason.as_deref().unwrap_or_default());
    let event = event(&mut tx, service.ids.next(), told, &recall, |shown| shown.party == given.party).await?;
    ::events::append(&mut tx, vec![event]).await?;
    let shown = show::readable(&mut tx, &command.officer, command.id).await?;
    let answer = answer(show::whole(&mut tx, &command.officer, &shown).await?);
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// The recall that asks for the delivery, and the delivery, locked in this order.
async fn lock(tx: &mut Write, command: &Command) -> Result<(Recall, Asked), Fault> {
    let not_asked = || faults::rejected(Rejection::Recall(RecallRejection::NotAsked));
    let asked = store::recall_party::find(tx, command.id).await?.ok_or_else(not_asked)?;
    let recall = store::recall::lock(tx, asked.recall_id).await?.ok_or_else(not_asked)?;
    let asked = store::recall_party::lock(tx, command.id).await?;
    let asked = asked.filter(|asked| asked.recall_id == recall.id).ok_or_else(not_asked)?;
    Ok((recall, asked))
}

fn rule(
    (party, delivery): (&RecallParty, &Delivery),
    recall: &Recall,
    by: &Officer,
    (refuses, now): (bool, Timestamp),
) -> Result<RecallAnswer, Fault> {
    let party = party.clone();
    let asked = (recall, delivery);
    let answer = if refuses { party.refuse(asked, by, now) } else { party.agree(asked, by, now) };
    answer.map_err(faults::rejected)
}
