use base::{PageToken, Uuid};
use congvan_proto::documents::v1::{self as pb, history_service_server::HistoryService};
use documents_domain::{Inbox, Officer, Scope, Sight, View, reading_post};
use kit::{Fault, Violations, caller::Caller};
use prost::Message;
use sql::Queries;
use tonic::{Request, Response, Status};

use super::read::{last_id, outline_at_sender, page};
use crate::{Documents, faults, officer, shape, store};

#[tonic::async_trait]
impl HistoryService for Documents {
    async fn list_document_history(
        &self,
        request: Request<pb::ListDocumentHistoryRequest>,
    ) -> Result<Response<pb::ListDocumentHistoryResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.history(&officer, request.into_inner()).await?))
    }

    async fn list_document_versions(
        &self,
        request: Request<pb::ListDocumentVersionsRequest>,
    ) -> Result<Response<pb::ListDocumentVersionsResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.versions(&officer, request.into_inner()).await?))
    }

    async fn list_document_views(
        &self,
        request: Request<pb::ListDocumentViewsRequest>,
    ) -> Result<Response<pb::ListDocumentViewsResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.viewed(&officer, request.into_inner()).await?))
    }

    async fn get_document_version(
        &self,
        request: Request<pb::GetDocumentVersionRequest>,
    ) -> Result<Response<pb::GetDocumentVersionResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.version(&officer, request.into_inner()).await?))
    }
}

impl Documents {
    async fn history(
        &self,
        officer: &Officer,
        request: pb::ListDocumentHistoryRequest,
    ) -> Result<pb::ListDocumentHistoryResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let size = violations.page_size(request.page_size, 100, 1000);
        violations.check()?;
        let name = format!("history/{id}");
        let [revision, place] = after(&name, &request.page_token)?;
        let mut read = self.db.read("list_history").await?;
        outline_at_sender(&mut read, officer, id).await?;
        let found = store::history::of(&mut read, id, (revision, place), size + 1).await?;
        let (page, next) = page(found, size, |shown| {
            PageToken::encode(&name, &[&shown.line.revision.to_string(), &shown.place.to_string()])
        });
        let entries = page.iter().map(shape::history::entry).collect();
        Ok(pb::ListDocumentHistoryResponse { entries, next_page_token: next })
    }

    async fn versions(
        &self,
        officer: &Officer,
        request: pb::ListDocumentVersionsRequest,
    ) -> Result<pb::ListDocumentVersionsResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let size = violations.page_size(request.page_size, 50, 200);
        violations.check()?;
        let name = format!("versions/{id}");
        let [last] = after(&name, &request.page_token)?;
        let mut read = self.db.read("list_versions").await?;
        outline_at_sender(&mut read, officer, id).await?;
        let found = store::version::of(&mut read, id, last, size + 1).await?;
        let (page, next) =
            page(found, size, |version| PageToken::encode(&name, &[&version.ordinal.to_string()]));
        let versions = page.iter().map(|version| shape::history::version(version, None)).collect();
        Ok(pb::ListDocumentVersionsResponse { versions, next_page_token: next })
    }

    async fn viewed(
        &self,
        officer: &Officer,
        request: pb::ListDocumentViewsRequest,
    ) -> Result<pb::ListDocumentViewsResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let size = violations.page_size(request.page_size, 100, 1000);
        violations.check()?;
        let name = format!("views/{id}");
        let before = last_id(&name, &request.page_token)?;
        let mut read = self.db.read("list_views").await?;
        let agencies = overseen(&mut read, officer, id).await?;
        let found = store::view::of(&mut read, id, agencies, before, size + 1).await?;
        let (page, next) =
            page(found, size, |shown| PageToken::encode(&name, &[&shown.viewed.id.to_string()]));
        let views = page.iter().map(shape::history::view).collect();
        Ok(pb::ListDocumentViewsResponse { views, next_page_token: next })
    }

    async fn version(
        &self,
        officer: &Officer,
        request: pb::GetDocumentVersionRequest,
    ) -> Result<pb::GetDocumentVersionResponse, Fault> {
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        violations.check()?;
        let mut read = self.db.read("get_version").await?;
        let document = outline_at_sender(&mut read, officer, id).await?;
        let versions = store::version::count(&mut read, id).await?;
        let ordinal = match request.version.as_str() {
            "latest" => versions,
            ordinal => ordinal.parse().unwrap_or_default(),
        };
        let found = store::version::find(&mut read, id, ordinal).await?;
        let (version, record) = found.ok_or_else(|| no_version(versions))?;
        if let Some(post) = reading_post(officer, &document) {
            let sight = Sight::Version(version.ordinal);
            self.views.note(View::new(id, sight, officer, post, self.clock.now()));
        }
        let document = pb::Document::decode(record.as_slice()).map_err(Fault::internal)?;
        Ok(pb::GetDocumentVersionResponse {
            version: Some(shape::history::version(&version, Some(document))),
        })
    }
}

/// Whose views of a document the officer may see: all where the officer oversees the sender, and otherwise those of the own agencies
/// that received it.
async fn overseen(db: &mut impl Queries, officer: &Officer, id: Uuid) -> Result<Option<Vec<Uuid>>, Fault> {
    let missing = || faults::no_document(id);
    let document = store::document::find(db, id).await?.ok_or_else(missing)?;
    let agencies = officer.overseen_agencies();
    if agencies.contains(&document.agency_id) {
        return Ok(None);
    }
    let inbox = Inbox { recipients: agencies.clone(), units: Vec::new() };
    if store::delivery::reached(db, id, inbox).await? {
        return Ok(Some(agencies));
    }
    let reads = Scope::of(officer).reads(&document);
    Err(if reads { Fault::not_allowed(&faults::overseers()) } else { missing() })
}

/// The numbers that a page token holds; zeros before the first page.
pub(super) fn after<const KEYS: usize>(list: &str, token: &str) -> Result<[i64; KEYS], Fault> {
    let token = PageToken::decode(list, token, KEYS).map_err(|_| Fault::bad_page_token())?;
    let mut keys = [0; KEYS];
    let found = token.map(|token| token.after).unwrap_or_default();
    for (key, text) in keys.iter_mut().zip(found) {
        *key = text.parse().map_err(|_| Fault::bad_page_token())?;
    }
    Ok(keys)
}

/// A document with so many versions has none with the ordinal asked for.
fn no_version(versions: i64) -> Fault {
    let mut violations = Violations::default();
    match versions {
        0 => violations.add(
            "version",
            "văn bản chưa được trình lần nào nên chưa có phiên bản",
            "names none: the document was never submitted, and has no version",
        ),
        _ => {
            let (vi, en) =
                (format!("từ 1 đến {versions}, hoặc latest"), format!("must be 1 to {versions}, or latest"));
            violations.add("version", vi, en);
        }
    }
    violations.check().expect_err("it holds a violation")
}
