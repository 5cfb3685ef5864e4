//! Which register numbers a document, and under which symbol.

use std::collections::HashMap;

use base::{Date, Uuid};
use documents_domain::{
    Direction, Document, Entry, Fields, NumberSeries, Officer, OtherKind, Register, Scheme, SeriesSort,
    symbol,
};
use kit::{Fault, Violations};
use sql::{Queries, Write};

use crate::{
    Documents, faults,
    store::{self, register::Taken},
    units::Units,
};

/// How some agencies number in a year.
pub(crate) struct Schemes {
    year: i16,
    of: HashMap<Uuid, Scheme>,
}

impl Schemes {
    /// As the agencies that issue these documents laid it down for the year.
    pub(crate) async fn read<'a>(
        db: &mut impl Queries,
        documents: impl Iterator<Item = &'a Document>,
        on: Date,
    ) -> Result<Self, Fault> {
        let agencies: Vec<_> = documents.map(|document| document.agency_id).collect();
        let of = if agencies.is_empty() {
            HashMap::new()
        } else {
            store::number_series::schemes(db, agencies, on.year()).await?
        };
        Ok(Self { year: on.year(), of })
    }

    /// The register in which a document is numbered.
    pub(crate) fn register_of(&self, document: &Document) -> Result<Register, Fault> {
        let Document { agency_id, fields, .. } = document;
        let (other, body) =
            (fields.other_kind.as_ref(), fields.issuing_body.as_ref().map(|body| body.unit_id));
        let series = self.of[agency_id].series_of(fields.kind_key(), other, body);
        let series = series.map_err(|missing| {
            let kind = other.map(|OtherKind { id, .. }| *id);
            faults::series::no_own_series(missing, body.or(kind).unwrap_or_default())
        })?;
        Ok(Register { agency_id: *agency_id, direction: Direction::Outgoing, series, year: self.year })
    }

    /// Whether numbers of the register may be kept for documents.
    pub(crate) fn reservable(&self, register: Register) -> bool {
        self.series_of(register).is_some_and(|series| series.reservable)
    }

    fn series_of(&self, register: Register) -> Option<&NumberSeries> {
        self.of.get(&register.agency_id).and_then(|scheme| scheme.coded(register.series))
    }

    /// Takes numbers of a register for documents, in their order: those that are kept for them, and the next ones for the others. The date
    /// of the register's last line if that is later.
    pub(crate) async fn take(
        &self,
        tx: &mut Write,
        register: Register,
        documents: Vec<Uuid>,
        on: Date,
    ) -> Result<Result<(Taken, Vec<i32>), Date>, Fault> {
        let mut kept = HashMap::new();
        if self.series_of(register).is_some_and(|series| series.sort == SeriesSort::Sector) {
            if let Err(last) = store::register::take(tx, register, 0, on).await? {
                return Ok(Err(last));
            }
            kept = store::number_reservation::use_all(tx, register, documents.clone(), on).await?;
        }
        let count = u16::try_from(documents.len() - kept.len()).expect("a batch has at most some hundred");
        let taken = match store::register::take(tx, register, count, on).await? {
            Ok(taken) => taken,
            Err(last) => return Ok(Err(last)),
        };
        let mut next = taken.numbers();
        let numbers = documents.iter().map(|id| kept.get(id).copied().or_else(|| next.next()));
        let numbers = numbers.map(|number| number.expect("as many as have none kept were taken")).collect();
        Ok(Ok((taken, numbers)))
    }

    /// Asked when numbers were taken, and the registers are locked: an agency may have laid down other series while somebody waited for
    /// them. From here on it cannot any more.
    pub(crate) async fn confirm(&self, tx: &mut Write) -> Result<(), Fault> {
        if self.of.is_empty() {
            return Ok(());
        }
        let agencies = self.of.keys().copied().collect();
        let now = store::number_series::schemes(tx, agencies, self.year).await?;
        if now == self.of {
            Ok(())
        } else {
            Err(Fault::unavailable("other number series were laid down meanwhile"))
        }
    }
}

/// The symbol under which a document is numbered.
pub(crate) fn symbol_of(document: &Document, units: &Units, on: Date) -> Result<String, Fault> {
    let body = document.fields.issuing_body.as_ref().map(|body| body.unit_id);
    let issuer = units.issuer(body.unwrap_or(document.agency_id), document.drafting_unit_id)?;
    Ok(symbol(&document.fields, &issuer, on.year()))
}

/// Writes the lines of numbers that were taken. Fails if another series of the agency gave the same number and symbol this year.
pub(crate) async fn enter(tx: &mut Write, taken: Taken, entries: Vec<Entry>) -> Result<(), Fault> {
    let first = entries.first().and_then(Entry::facts);
    let notation = first.map(|facts| facts.notation.clone()).unwrap_or_default();
    match store::register::enter(tx, taken, entries).await {
        Err(error) if error.is_conflict() => Err(faults::series::notation_taken(&notation)),
        entered => Ok(entered?),
    }
}

/// The units whose abbreviations a symbol prints.
pub(crate) fn issuers(document: &Document) -> impl Iterator<Item = Uuid> + use<> {
    let body = document.fields.issuing_body.as_ref().map(|body| body.unit_id);
    [document.agency_id, document.drafting_unit_id].into_iter().chain(body)
}

impl Documents {
    /// Gives the kind of the catalogue and the advisory body their names; violations for what the drafter's agency has not.
    pub(super) async fn name_kind_and_body(
        &self,
        officer: &Officer,
        (unit_id, units): (Uuid, &Units),
        fields: &mut Fields,
    ) -> Result<(), Fault> {
        let agency_id = officer.posts.iter().find(|post| post.unit_id == unit_id).map(|post| post.agency_id);
        if let Some(other) = &mut fields.other_kind {
            let mut read = self.db.read("find_document_kind").await?;
            let kinds = store::document_kind::of_agency(&mut read, agency_id).await?;
            let found = kinds.into_iter().find(|one| one.kind.id == other.id);
            *other = found.ok_or_else(|| faults::series::no_kind(other.id))?.kind;
        }
        if let Some(body) = &mut fields.issuing_body {
            let mut violations = Violations::default();
            if !agency_id.is_some_and(|agency_id| units.is_inner(body.unit_id, agency_id)) {
                violations.add(
                    "document.issuingBodyId",
                    "hôm nay không phải là một đơn vị bên trong cơ quan ban hành",
                    "is no inner unit of the issuing agency today",
                );
            }
            violations.check()?;
            body.name = units.name(body.unit_id)?;
        }
        Ok(())
    }
}
