use congvan_proto::documents::v1 as pb;
use documents_domain::{Document, limits};
use kit::{Fault, Violations, caller::Caller};

use super::{
    command::{Command, Target},
    relations,
};
use crate::Documents;

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
            relations::check(service, &command).await?;
            command.step(service, $rule, |document| pb::$response { document: Some(document) }).await
        }
    };
}

step!(submit, "SubmitDocument", SubmitDocumentRequest, SubmitDocumentResponse, Document::submit);
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

/// Returns the document to its drafter.
pub(super) async fn send_back(
    service: &Documents,
    caller: &Caller,
    request: pb::ReturnDocumentRequest,
) -> Result<pb::ReturnDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("ReturnDocument", caller, &target, &request, &mut violations)?;
    let reason = violations.text("reason", &request.reason, true, limits::REASON);
    violations.check()?;
    let rule = |document: Document, by: &_, at| document.send_back(reason, by, at);
    command.step(service, rule, |document| pb::ReturnDocumentResponse { document: Some(document) }).await
}
