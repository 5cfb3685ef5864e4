use base::{Timestamp, legal_date};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Change, Description, Document, Entry, Facts, RegisterAct, Rejection};
use kit::{Fault, Violations, caller::Caller};
use sql::Write;

use super::{
    command::{Command, Target},
    numbering::{self, Schemes},
    record,
};
use crate::{
    Documents, faults, shape,
    store::{self, register::Taken},
    units::Units,
};

/// Numbers a signed document and enters it in the register, in one transaction.
pub(super) async fn number(
    service: &Documents,
    caller: &Caller,
    request: pb::NumberDocumentRequest,
) -> Result<pb::NumberDocumentResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("NumberDocument", caller, &target, &request, &mut violations)?;
    violations.check()?;
    let document = command.find(service).await?;
    let units = service.units(numbering::issuers(&document)).await?;

    let now = service.clock.now();
    let mut tx = service.db.write("number_document").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let document = command.lock(&mut tx).await?;
    document.may_number(&command.officer).map_err(faults::rejected)?;
    command.check_revision(document.revision)?;
    let given = Given::take(service, &mut tx, &document, &units, now).await?;
    let change = document.number(given.number_and_symbol(), &command.officer, now);
    let change = change.map_err(faults::rejected)?;
    store::document::save_stage(&mut tx, &change.document).await?;
    given.enter(&mut tx, &change, now).await?;
    let attachments = store::attachment::of(&mut tx, command.id).await?;
    let told = shape::document(&change.document, &attachments);
    record::changed(service, &mut tx, &change, &told).await?;
    let answer = pb::NumberDocumentResponse { document: Some(told) };
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// A number that was taken for a document: its own for good with the commit.
pub(super) struct Given {
    taken: Taken,
    number: i32,
    symbol: String,
    /// Random digits for the register's line.
    salt: String,
}

impl Given {
    /// Takes the next number of the year in the document's series. Other issuers wait for the register's row from here on.
    pub(super) async fn take(
        service: &Documents,
        tx: &mut Write,
        document: &Document,
        units: &Units,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let on = legal_date(now);
        let schemes = Schemes::read(tx, [document].into_iter(), on).await?;
        let register = schemes.register_of(document)?;
        let taken = schemes.take(tx, register, vec![document.id], on).await?;
        let (taken, numbers) =
            taken.map_err(|last| faults::rejected(Rejection::DateBeforeLastNumber { last }))?;
        schemes.confirm(tx).await?;
        let (symbol, salt) = (numbering::symbol_of(document, units, on)?, service.ids.secret());
        Ok(Self { taken, number: numbers[0], symbol, salt })
    }

    /// What the document is told.
    pub(super) fn number_and_symbol(&self) -> (i32, String) {
        (self.number, self.symbol.clone())
    }

    /// Writes the register's line for the document that got the number.
    pub(super) async fn enter(self, tx: &mut Write, change: &Change, now: Timestamp) -> Result<(), Fault> {
        numbering::enter(tx, self.taken, vec![entry(change, self.salt, now)]).await
    }
}

/// The register's line for a document that has just got its number.
pub(super) fn entry(change: &Change, salt: String, now: Timestamp) -> Entry {
    let Change { document, .. } = change;
    let numbering = document.stage.numbering().expect("the document got the number");
    let signature = document.stage.signature().expect("what is numbered is signed");
    let facts = Facts {
        notation: numbering.notation(),
        issued_on: numbering.on,
        summary: document.fields.summary.clone(),
        signer_name: signature.act.by.full_name.clone(),
    };
    Entry {
        document_id: Some(document.id),
        description: Some(Description::Kept { facts, salt }),
        officer_name: numbering.act.by.full_name.clone(),
        ..Entry::new(RegisterAct::Entered, numbering.number, now)
    }
}
