use base::{PageToken, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Document, Inbox, Officer, Post, Scope, Sight, StageName, View, reading_post};
use kit::{Fault, Violations, caller::Caller};
use sql::Queries;

use super::relations;
use crate::{Documents, faults, officer, shape, store};

/// A document with the post in which an officer reads it.
pub(super) struct Reading {
    pub(super) document: Document,
    pub(super) post: Post,
    /// Whether at the sender.
    pub(super) at_sender: bool,
}

/// The document, if the officer may read it at the sender or, once it is issued, at a recipient; the notice of a recall also where it
/// asks for what was received.
pub(super) async fn readable(
    db: &mut impl Queries,
    officer: &Officer,
    id: Uuid,
) -> Result<Option<Reading>, Fault> {
    let Some(document) = store::document::find(db, id).await? else { return Ok(None) };
    if let Some(post) = reading_post(officer, &document) {
        let post = post.clone();
        return Ok(Some(Reading { document, post, at_sender: true }));
    }
    for post in &officer.posts {
        let inbox = Inbox::of(&officer.in_post(post));
        let recipients = inbox.recipients.clone();
        if store::delivery::reached(db, id, inbox).await? || store::recall::tells(db, id, recipients).await? {
            return Ok(Some(Reading { document, post: post.clone(), at_sender: false }));
        }
    }
    Ok(None)
}

/// The document, if the officer may read it at the sender.
pub(super) async fn at_sender(db: &mut impl Queries, officer: &Officer, id: Uuid) -> Result<Document, Fault> {
    let document = store::document::find(db, id).await?;
    document.filter(|document| Scope::of(officer).reads(document)).ok_or_else(|| faults::no_document(id))
}

/// The same without its recipients, for whoever asks about something else.
pub(super) async fn outline_at_sender(
    db: &mut impl Queries,
    officer: &Officer,
    id: Uuid,
) -> Result<Document, Fault> {
    let document = store::document::outline(db, id).await?;
    document.filter(|document| Scope::of(officer).reads(document)).ok_or_else(|| faults::no_document(id))
}

/// Reads one document.
pub(super) async fn get(
    service: &Documents,
    caller: &Caller,
    request: pb::GetDocumentRequest,
) -> Result<pb::GetDocumentResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    violations.check()?;
    let mut read = service.db.read("get_document").await?;
    let reading = readable(&mut read, &officer, id).await?.ok_or_else(|| faults::no_document(id))?;
    let attachments = store::attachment::of(&mut read, id).await?;
    let Reading { document, post, .. } = reading;
    let mut told = shape::document(&document, &attachments);
    relations::tell(&mut read, &officer, &mut told).await?;
    service.views.note(View::new(id, Sight::Record, &officer, &post, service.clock.now()));
    Ok(pb::GetDocumentResponse { document: Some(told) })
}

/// Lists the documents that the officer may read at the sender, newest first.
pub(super) async fn list(
    service: &Documents,
    caller: &Caller,
    request: pb::ListDocumentsRequest,
) -> Result<pb::ListDocumentsResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let size = violations.page_size(request.page_size, 50, 200);
    let stage = filter(&mut violations, "stage", request.stage, StageName::numbered);
    violations.check()?;
    let name = format!("documents/{}", request.stage);
    let before = last_id(&name, &request.page_token)?;
    let mut read = service.db.read("list_documents").await?;
    let found = store::document::list(&mut read, Scope::of(&officer), stage, before, size + 1).await?;
    let (page, next) = page(found, size, |document| PageToken::encode(&name, &[&document.id.to_string()]));
    let mut documents: Vec<_> = page.iter().map(|document| shape::document(document, &[])).collect();
    relations::mark(&mut read, &mut documents).await?;
    Ok(pb::ListDocumentsResponse { documents, next_page_token: next })
}

/// A filter by a number of the contracts: none for zero; a violation for a number that the contracts do not have.
pub(super) fn filter<T>(
    violations: &mut Violations,
    field: &str,
    number: i32,
    numbered: impl Fn(i32) -> Option<T>,
) -> Option<T> {
    let found = numbered(number);
    if found.is_none() && number != 0 {
        violations.add(field, "không có giá trị này", "is no value of the contract");
    }
    found
}

/// The id that a page token holds; none for the first page.
pub(super) fn last_id(list: &str, token: &str) -> Result<Option<Uuid>, Fault> {
    let page = PageToken::decode(list, token, 1).map_err(|_| Fault::bad_page_token())?;
    page.map(|page| page.after[0].parse().map_err(|_| Fault::bad_page_token())).transpose()
}

/// Cuts a page of `size` from up to one more, and makes the token for what follows.
pub(super) fn page<T>(mut found: Vec<T>, size: u16, token: impl Fn(&T) -> String) -> (Vec<T>, String) {
    let more = found.len() > usize::from(size);
    found.truncate(usize::from(size));
    let next = found.last().filter(|_| more).map(token).unwrap_or_default();
    (found, next)
}
