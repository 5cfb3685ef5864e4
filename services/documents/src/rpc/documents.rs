use congvan_proto::documents::v1::{self as pb, document_service_server::DocumentService};
use kit::caller::Caller;
use tonic::{Request, Response, Status};

use super::{create, issue, read, steps, update};
use crate::Documents;

calls! {
    DocumentService;
    create_document: CreateDocumentRequest -> CreateDocumentResponse = create::create;
    get_document: GetDocumentRequest -> GetDocumentResponse = read::get;
    list_documents: ListDocumentsRequest -> ListDocumentsResponse = read::list;
    update_document: UpdateDocumentRequest -> UpdateDocumentResponse = update::update;
    submit_document: SubmitDocumentRequest -> SubmitDocumentResponse = steps::submit;
    return_document: ReturnDocumentRequest -> ReturnDocumentResponse = steps::send_back;
    approve_document: ApproveDocumentRequest -> ApproveDocumentResponse = steps::approve;
    sign_document: SignDocumentRequest -> SignDocumentResponse = steps::sign;
    issue_document: IssueDocumentRequest -> IssueDocumentResponse = issue::issue;
}
