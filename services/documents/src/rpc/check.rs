//! The look at the files of a delivery before it is accepted.

use base::Uuid;
use blobs::BlobError;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Act, Integrity};
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};

use super::{command::Command, delivery_events, show};
use crate::{
    Documents, faults, officer,
    store::{
        self,
        check::{Finding, Found},
    },
};

/// What a look at the files found.
pub(super) struct Inspection(Vec<Found>);

impl Inspection {
    /// Reads every file of a document as it is stored: streamed, and never inside a transaction.
    async fn of(service: &Documents, document_id: Uuid) -> Result<Self, Fault> {
        let mut read = service.db.read("list_files").await?;
        let attachments = store::attachment::of(&mut read, document_id).await?;
        drop(read);
        let mut found = Vec::with_capacity(attachments.len());
        for attachment in attachments {
            let digest = attachment.sha256.parse().map_err(Fault::internal)?;
            let finding = match service.blobs.verify(&digest).await {
                Ok(()) => Finding::Sound,
                Err(BlobError::Missing(_)) => Finding::Missing,
                Err(BlobError::Damaged { .. }) => Finding::Damaged,
                Err(error) => return Err(faults::blob(error)),
            };
            found.push(Found { attachment_id: attachment.id, finding });
        }
        Ok(Self(found))
    }

    /// What it comes to.
    pub(super) fn integrity(&self) -> Integrity {
        let broken = self.0.iter().filter(|found| found.finding != Finding::Sound).count();
        match u32::try_from(broken) {
            Ok(0) => Integrity::Sound,
            Ok(files) => Integrity::Broken(files),
            Err(_) => Integrity::Broken(u32::MAX),
        }
    }

    /// Stores it.
    pub(super) async fn save(&self, tx: &mut Write, delivery_id: Uuid, by: &Act) -> Result<(), Fault> {
        Ok(store::check::save(tx, delivery_id, by, &self.0).await?)
    }
}

/// Looks at the files of a delivery, and keeps what was found.
pub(super) async fn check(
    service: &Documents,
    caller: &Caller,
    request: pb::CheckDeliveryRequest,
) -> Result<pb::CheckDeliveryResponse, Fault> {
    let officer = officer::of(caller)?;
    let mut violations = Violations::default();
    let id = violations.id("id", &request.id);
    let once = Once::new("CheckDelivery", officer.user_id, &request.request_id, &request, &mut violations);
    violations.check()?;
    let mut read = service.db.read("find_delivery").await?;
    let shown = show::readable(&mut read, &officer, id).await?;
    let answered = once.is_answered(&mut read).await?;
    drop(read);
    let receiver = shown.delivery.receiver(&officer).map_err(faults::rejected)?;
    shown.may_be_handled().map_err(faults::rejected)?;
    let inspection = if answered { None } else { Some(Inspection::of(service, shown.document_id).await?) };

    let now = service.clock.now();
    let mut tx = service.db.write("check_delivery").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let inspection = inspection.ok_or_else(|| Fault::unavailable("the answer kept was dropped just now"))?;
    store::delivery::lock(&mut tx, id).await?.ok_or_else(|| faults::no_delivery(id))?;
    inspection.save(&mut tx, id, &Act { by: receiver.by, at: now }).await?;
    let shown = show::readable(&mut tx, &officer, id).await?;
    shown.may_be_handled().map_err(faults::rejected)?;
    ::events::append(&mut tx, vec![delivery_events::checked(service.ids.next(), &shown, now)]).await?;
    let delivery = show::whole(&mut tx, &officer, &shown).await?;
    let answer = pb::CheckDeliveryResponse { delivery: Some(delivery) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// What is to be known of the files before the delivery is accepted: nothing if they were looked at before, or if the command is
/// answered already. What is broken is kept for everybody to see, although nothing is accepted then.
pub(super) async fn before_acceptance(
    service: &Documents,
    command: &Command,
) -> Result<Option<Inspection>, Fault> {
    let mut read = service.db.read("find_delivery").await?;
    let shown = show::readable(&mut read, &command.officer, command.id).await?;
    let answered = command.once.is_answered(&mut read).await?;
    drop(read);
    if answered || shown.delivery.integrity.is_some() {
        return Ok(None);
    }
    let receiver = shown.delivery.may_accept(&command.officer).map_err(faults::rejected)?;
    shown.may_be_handled().map_err(faults::rejected)?;
    command.check_revision(shown.delivery.revision)?;
    let inspection = Inspection::of(service, shown.document_id).await?;
    if inspection.integrity() == Integrity::Sound {
        return Ok(Some(inspection)); // kept in the transaction that accepts
    }
    let now = service.clock.now();
    let mut tx = service.db.write("check_delivery").await?;
    store::delivery::lock(&mut tx, command.id).await?;
    inspection.save(&mut tx, command.id, &Act { by: receiver.by, at: now }).await?;
    let shown = show::readable(&mut tx, &command.officer, command.id).await?;
    ::events::append(&mut tx, vec![delivery_events::checked(service.ids.next(), &shown, now)]).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(None)
}
