use congvan_proto::documents::v1::{self as pb, release_service_server::ReleaseService};
use kit::caller::Caller;
use tonic::{Request, Response, Status};

use super::{number, release, steps, void};
use crate::Documents;

calls! {
    ReleaseService;
    number_document: NumberDocumentRequest -> NumberDocumentResponse = number::number;
    seal_document: SealDocumentRequest -> SealDocumentResponse = steps::seal;
    release_document: ReleaseDocumentRequest -> ReleaseDocumentResponse = release::release;
    undo_release: UndoReleaseRequest -> UndoReleaseResponse = steps::undo_release;
    void_document: VoidDocumentRequest -> VoidDocumentResponse = void::void;
}
