use congvan_proto::documents::v1 as pb;
use documents_domain::{Document, limits};
use kit::{Fault, Violations, caller::Caller};

use super::{
    command::{Command, Target},
    relations,
};
use crate::{Documents, store};

/// A request that names a document, a revision and a request id, and nothing else.
macro_rules! step {
    ($name:ident, $method:literal, $request:ident, $response:ident, $rule:expr) => {
        #[doc = concat!("See `", $method, "` in the contracts.")]
        pub(super) async fn $name(
            service: &Documents,
            caller: &Caller,
            request: pb::$request,
        ) -> Result<pb::$response, Fault> {
            let mut violations = Violations::default();
            let target = Target::new(&request.id, request.revision, &request.request_id);
            let command = Command::parse($method, caller, &target, &request, &mut violations)?;
            violations.check()?;
            command.step(service, $rule, |document| pb::$response { document: Some(document) }).await
        }
    };
}

step!(seal, "SealDocument", SealDocumentRequest, SealDocumentResponse, Document::seal);
step!(undo_release, "UndoRelease", UndoReleaseRequest, UndoReleaseResponse, Document::undo_release);

/// The same for what only a signer may; who that is today, the directory is asked before the transaction.
macro_rules! signer_step {
    ($name:ident, $method:literal, $request:ident, $response:ident, $rule:expr) => {
        #[doc = concat!("See `", $method, "` in the contracts.")]
        pub(super) async fn $name(
            service: &Documents,
            caller: &Caller,
            request: pb::$request,
        ) -> Result<pb::$response, Fault> {
            let mut violations = Violations::default();
            let target = Target::new(&request.id, request.revision, &request.request_id);
            let command = Command::parse($method, caller, &target, &request, &mut violations)?;
            violations.check()?;
            let document = command.find(service).await?;
            let clearance = service.clearance(&command.officer, &document).await?;
            let rule = |document: Document, by: &_, at| $rule(document, by, &clearance, at);
            command.step(service, rule, |document| pb::$response { document: Some(document) }).await
        }
    };
}

signer_step!(approve, "ApproveDocument", ApproveDocumentRequest, ApproveDocumentResponse, Document::approve);
signer_step!(sign, "SignDocument", SignDocumentRequest, SignDocumentResponse, Document::sign);

/// Puts the draft before those who check and sign it, in the process that its agency has now.
pub(super) async fn submit(
    service: &Documents,
    caller: &Caller,
    request: pb::SubmitDocumentRequest,
) -> Result<pb::SubmitDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("SubmitDocument", caller, &target, &request, &mut violations)?;
    violations.check()?;
    relations::check(service, &command).await?;
    let document = command.find(service).await?;
    let mut read = service.db.read("find_review_process").await?;
    let process = store::process::current(&mut read, document.agency_id).await?;
    drop(read);
    let rule = |document: Document, by: &_, at| document.submit(&process, by, at);
    command.step(service, rule, |document| pb::SubmitDocumentResponse { document: Some(document) }).await
}

/// Returns the document to its drafter or to an earlier level of checks. The directory is asked only about whoever may not by post.
pub(super) async fn send_back(
    service: &Documents,
    caller: &Caller,
    request: pb::ReturnDocumentRequest,
) -> Result<pb::ReturnDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("ReturnDocument", caller, &target, &request, &mut violations)?;
    let reason = violations.text("reason", &request.reason, true, limits::REASON);
    if request.level < 0 {
        violations.add("level", "từ 0 trở lên", "must be 0 or more");
    }
    violations.check()?;
    let document = command.find(service).await?;
    let clearance = match document.may_return(&command.officer) {
        Err(_) if document.is_under_review() => Some(service.clearance(&command.officer, &document).await?),
        _ => None,
    };
    let rule = |document: Document, by: &_, at| {
        document.send_back((request.level, reason), by, clearance.as_ref(), at)
    };
    command.step(service, rule, |document| pb::ReturnDocumentResponse { document: Some(document) }).await
}
