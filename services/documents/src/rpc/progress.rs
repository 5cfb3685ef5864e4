use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Completion, Delivery, Scope, StageName, limits};
use kit::{Fault, Violations, caller::Caller};

use super::{
    command::{Command, Target},
    decide::decide,
};
use crate::{Documents, faults, store};

/// Notes that a document is being handled.
pub(super) async fn start(
    service: &Documents,
    caller: &Caller,
    request: pb::StartDeliveryRequest,
) -> Result<pb::StartDeliveryResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("StartDelivery", caller, &target, &request, &mut violations)?;
    violations.check()?;
    let answer = |delivery| pb::StartDeliveryResponse { delivery: Some(delivery) };
    decide(service, command, None, Delivery::start, answer).await
}

/// Notes that a document is handled.
pub(super) async fn complete(
    service: &Documents,
    caller: &Caller,
    request: pb::CompleteDeliveryRequest,
) -> Result<pb::CompleteDeliveryResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("CompleteDelivery", caller, &target, &request, &mut violations)?;
    let reply_id = violations.optional_id("replyDocumentId", &request.reply_document_id);
    let notation = violations.text("replyNotation", &request.reply_notation, false, limits::NOTATION);
    let unanswered = reply_id.is_none() && notation.is_empty();
    let result = violations.text("result", &request.result, unanswered, limits::DIRECTIVE);
    violations.check()?;
    let reply_notation = match reply_id {
        Some(id) => reply(service, &command, id).await?,
        None => notation,
    };
    let completion = Completion { result, reply_document_id: reply_id, reply_notation };
    let answer = |delivery| pb::CompleteDeliveryResponse { delivery: Some(delivery) };
    let rule = |delivery: Delivery, by: &_, at| delivery.complete(completion, by, at);
    decide(service, command, None, rule, answer).await
}

/// Number and symbol of a reply, which the officer may read at its sender and which is issued: these never change again.
async fn reply(service: &Documents, command: &Command, id: Uuid) -> Result<String, Fault> {
    let mut read = service.db.read("find_reply").await?;
    let document = store::document::find(&mut read, id).await?;
    let document = document.filter(|document| Scope::of(&command.officer).reads(document));
    let document = document.ok_or_else(|| faults::no_document(id))?;
    let issuance = document.stage.issuance().ok_or_else(|| {
        faults::rejected(documents_domain::Rejection::WrongStage {
            stage: document.stage.name(),
            needed: StageName::Issued,
        })
    })?;
    Ok(documents_domain::notation(issuance.number, issuance.symbol))
}
