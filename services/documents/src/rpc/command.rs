use std::sync::Arc;

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Change, Document, Event, Officer, Rejection, Scope};
use kit::{Fault, Violations, caller::Caller};
use prost::Message;
use sql::{Write, answers::Once};

use super::record;
use crate::{Documents, faults, officer, shape, store};

/// A command to a thing that has a revision, parsed.
pub(super) struct Command {
    pub(super) officer: Officer,
    pub(super) id: Uuid,
    pub(super) revision: i64,
    pub(super) once: Once,
}

/// The fields that every command has.
pub(super) struct Target<'a> {
    pub(super) id: &'a str,
    pub(super) revision: i64,
    pub(super) request_id: &'a str,
    /// Where id and revision stand in the request.
    pub(super) places: [&'static str; 2],
}

impl<'a> Target<'a> {
    /// Of a request that names document and revision itself.
    pub(super) fn new(id: &'a str, revision: i64, request_id: &'a str) -> Self {
        Self { id, revision, request_id, places: ["id", "revision"] }
    }
}

impl Command {
    /// Parses the fields that every command has. `asked` is the whole request.
    pub(super) fn parse(
        method: &'static str,
        caller: &Caller,
        target: &Target<'_>,
        asked: &impl Message,
        violations: &mut Violations,
    ) -> Result<Self, Fault> {
        let officer = officer::of(caller)?;
        let [id_place, revision_place] = target.places;
        let id = violations.id(id_place, target.id);
        if target.revision < 1 {
            violations.add(revision_place, "bắt buộc, từ 1 trở lên", "is required, from 1");
        }
        let once = Once::new(method, officer.user_id, target.request_id, asked, violations);
        Ok(Self { officer, id, revision: target.revision, once })
    }

    /// The document as it is before the transaction, if the officer may read it at the sender: what other services are asked
    /// about. Whatever is read here is checked again under lock.
    pub(super) async fn find(&self, service: &Documents) -> Result<Arc<Document>, Fault> {
        let document = service.finding.run(self.id).await?;
        document
            .filter(|document| Scope::of(&self.officer).reads(document))
            .ok_or_else(|| faults::no_document(self.id))
    }

    /// The document, locked, if the officer may read it at the sender.
    pub(super) async fn lock(&self, tx: &mut Write) -> Result<Document, Fault> {
        let document = store::document::lock(tx, self.id).await?;
        document
            .filter(|document| Scope::of(&self.officer).reads(document))
            .ok_or_else(|| faults::no_document(self.id))
    }

    /// Fails if the thing has changed since the caller read it. Asked after the rules, whose refusal tells more.
    pub(super) fn check_revision(&self, current: i64) -> Result<(), Fault> {
        if self.revision == current { Ok(()) } else { Err(Fault::stale(current)) }
    }

    /// Runs a command that only moves the document to another stage.
    pub(super) async fn step<R: Message + Default>(
        self,
        service: &Documents,
        rule: impl FnOnce(Document, &Officer, base::Timestamp) -> Result<Change, Rejection>,
        answer: fn(pb::Document) -> R,
    ) -> Result<R, Fault> {
        let now = service.clock.now();
        let mut tx = service.db.write("step_document").await?;
        if let Some(answer) = self.once.recall(&mut tx, now).await? {
            return Ok(answer);
        }
        let document = self.lock(&mut tx).await?;
        let current = document.revision;
        let change = rule(document, &self.officer, now).map_err(faults::rejected)?;
        self.check_revision(current)?;
        store::document::save_stage(&mut tx, &change.document).await?;
        if matches!(change.event, Event::Submitted | Event::Checked { .. } | Event::Returned) {
            store::document::save_review(&mut tx, &change.document).await?;
        }
        let attachments = store::attachment::of(&mut tx, self.id).await?;
        let told = shape::document(&change.document, &attachments);
        record::changed(service, &mut tx, &change, &told).await?;
        let answer = answer(told);
        self.once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        service.changed.wake();
        Ok(answer)
    }
}
