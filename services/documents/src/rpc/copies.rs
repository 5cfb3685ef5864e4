use base::{Timestamp, Uuid, legal_date};
use congvan_proto::documents::v1::{self as pb, copy_service_server::CopyService};
use documents_domain::{
    CertifiedCopy, CopyForm, Description, Direction, Document, Entry, Facts, Medium, Officer, RecallState,
    Register, RegisterAct, Rejection, SeriesCode, StageName, limits, notation,
};
use events::NewEvent;
use kit::{Fault, Violations, caller::Caller};
use sql::{Queries, Write, answers::Once};
use tonic::{Request, Response, Status};

use super::{numbering, read::readable};
use crate::{Documents, faults, officer, shape, store};

#[tonic::async_trait]
impl CopyService for Documents {
    async fn certify_copy(
        &self,
        request: Request<pb::CertifyCopyRequest>,
    ) -> Result<Response<pb::CertifyCopyResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.certify(&officer, request.into_inner()).await?))
    }
}

/// What is asked for.
struct Order {
    document_id: Uuid,
    agency_id: Option<Uuid>,
    form: CopyForm,
    from: Medium,
    to: Medium,
    source_copy_id: Option<Uuid>,
    extract: String,
}

impl Documents {
    async fn certify(
        &self,
        officer: &Officer,
        request: pb::CertifyCopyRequest,
    ) -> Result<pb::CertifyCopyResponse, Fault> {
        let mut violations = Violations::default();
        let order = Order::parse(&request, &mut violations);
        let (user, request_id) = (officer.user_id, &request.request_id);
        let once = Once::new("CertifyCopy", user, request_id, &request, &mut violations);
        violations.check()?;
        let document = self.held(officer, &order).await?;
        let clearance = self.clearance(officer, &document).await?;
        let (signer, mandate) = officer.cleared(&clearance).map_err(faults::rejected)?;
        let units = self.units([document.agency_id]).await?;
        let abbreviation = units.issuer(document.agency_id, document.agency_id)?.agency;

        let now = self.clock.now();
        let mut tx = self.db.write("certify_copy").await?;
        if let Some(answer) = once.recall(&mut tx, now).await? {
            return Ok(answer);
        }
        // What is recalled is frozen: of a copy made now nobody would be asked.
        let recall = store::recall::standing(&mut tx, document.id).await?;
        recall.map_or(Ok(()), RecallState::lets_go).map_err(faults::rejected)?;
        order.check(&mut tx, &document).await?;
        let copy = CertifiedCopy {
            id: self.ids.next(),
            document_id: document.id,
            agency_id: document.agency_id,
            form: order.form,
            from: order.from,
            to: order.to,
            source_copy_id: order.source_copy_id,
            extract: order.extract,
            numbering: None,
            on: legal_date(now),
            summary: document.fields.summary,
            signer,
            mandate: mandate.clone(),
            at: now,
        };
        let copy = self.number_copy(&mut tx, copy, &abbreviation, now).await?;
        let told = shape::series::copy(&copy);
        let event = NewEvent::new(self.ids.next(), "congvan.documents.copy.certified", copy.id, now, &told);
        ::events::append(&mut tx, vec![event]).await?;
        let answer = pb::CertifyCopyResponse { copy: Some(told) };
        once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        self.changed.wake();
        Ok(answer)
    }

    /// The document as the agency holds it that certifies: it issued it, or accepted it.
    async fn held(&self, officer: &Officer, order: &Order) -> Result<Document, Fault> {
        let missing = || faults::no_document(order.document_id);
        let mut read = self.db.read("find_document").await?;
        let document = readable(&mut read, officer, order.document_id).await?.ok_or_else(missing)?.document;
        let agency_id = order.agency_id.unwrap_or(document.agency_id);
        let own = agency_id == document.agency_id;
        if !own && !store::certified_copy::is_received(&mut read, document.id, agency_id).await? {
            return Err(missing());
        }
        Ok(Document { agency_id, ..document })
    }

    /// Stores the copy; one on paper gets the next number of the agency's copies and a line in their register.
    async fn number_copy(
        &self,
        tx: &mut Write,
        copy: CertifiedCopy,
        abbreviation: &str,
        now: Timestamp,
    ) -> Result<CertifiedCopy, Fault> {
        if copy.to == Medium::Electronic {
            store::certified_copy::insert(tx, &copy).await?;
            return Ok(copy);
        }
        let (agency_id, direction, year) = (copy.agency_id, Direction::Outgoing, copy.on.year());
        let register = Register { agency_id, direction, series: SeriesCode::COPIES, year };
        let taken = store::register::take(tx, register, 1, copy.on).await?;
        let taken = taken.map_err(|last| faults::rejected(Rejection::DateBeforeLastNumber { last }))?;
        let (number, symbol) = (taken.number(), copy.form.symbol(abbreviation));
        let facts = Facts {
            notation: notation(number, &symbol),
            issued_on: copy.on,
            summary: copy.summary.clone(),
            signer_name: copy.signer.full_name.clone(),
        };
        let copy = CertifiedCopy { numbering: Some((number, symbol)), ..copy };
        let entry = Entry {
            document_id: Some(copy.document_id),
            copy_id: Some(copy.id),
            description: Some(Description::Kept { facts, salt: self.ids.secret() }),
            officer_name: copy.signer.full_name.clone(),
            ..Entry::new(RegisterAct::Entered, number, now)
        };
        store::certified_copy::insert(tx, &copy).await?;
        numbering::enter(tx, taken, vec![entry]).await?;
        Ok(copy)
    }
}

impl Order {
    fn parse(request: &pb::CertifyCopyRequest, violations: &mut Violations) -> Self {
        let form = CopyForm::numbered(request.form).unwrap_or_else(|| {
            violations.missing("form");
            CopyForm::TrueCopy
        });
        let mut medium = |field: &str, number: i32| {
            Medium::numbered(number).unwrap_or_else(|| {
                violations.missing(field);
                Medium::Paper
            })
        };
        let (from, to) = (medium("sourceMedium", request.source_medium), medium("medium", request.medium));
        if form != CopyForm::CopyOfCopy && !request.source_copy_id.is_empty() {
            violations.add(
                "sourceCopyId",
                "chỉ nêu khi sao lục; sao y và trích sao lập từ bản gốc hoặc bản chính",
                "is for a sao lục; sao y and trích sao are made from the original or master",
            );
        }
        let wanted = form == CopyForm::Extract;
        if !wanted && !request.extract.is_empty() {
            violations.add("extract", "chỉ nêu khi trích sao", "is for a trích sao alone");
        }
        let source_copy_id = match form {
            CopyForm::CopyOfCopy => Some(violations.id("sourceCopyId", &request.source_copy_id)),
            CopyForm::TrueCopy | CopyForm::Extract => None,
        };
        Self {
            document_id: violations.id("documentId", &request.document_id),
            agency_id: violations.optional_id("agencyId", &request.agency_id),
            form,
            from,
            to,
            source_copy_id,
            extract: violations.text("extract", &request.extract, wanted, limits::EXTRACT),
        }
    }

    /// Whether there is such a copy of the document.
    async fn check(&self, db: &mut impl Queries, document: &Document) -> Result<(), Fault> {
        let stage = document.stage.name();
        if stage != StageName::Issued {
            return Err(faults::rejected(Rejection::WrongStage { stage, needed: StageName::Issued }));
        }
        let source = match self.source_copy_id {
            Some(id) => {
                let found = store::certified_copy::source(db, id, document.id).await?;
                Some(found.ok_or_else(|| faults::numbers::no_source_copy(id))?)
            }
            None => None,
        };
        self.form.check(self.from, self.to, source).map_err(faults::numbers::no_copy)
    }
}
