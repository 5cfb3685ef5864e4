use base::{Date, Uuid, legal_date};
use congvan_proto::documents::v1::{self as pb, reservation_service_server::ReservationService};
use documents_domain::{
    Act, Action, Document, Entry, Officer, RegisterAct, Rejection, Scope, Signatory, StageName, limits, may,
};
use events::NewEvent;
use kit::{Fault, Violations, caller::Caller};
use sql::{Write, answers::Once};
use tonic::{Request, Response, Status};

use super::numbering::Schemes;
use crate::{
    Documents, faults, officer, shape,
    store::{self, number_reservation::Reservation},
};

#[tonic::async_trait]
impl ReservationService for Documents {
    async fn reserve_number(
        &self,
        request: Request<pb::ReserveNumberRequest>,
    ) -> Result<Response<pb::ReserveNumberResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.reserve(&officer, request.into_inner()).await?))
    }

    async fn cancel_reservation(
        &self,
        request: Request<pb::CancelReservationRequest>,
    ) -> Result<Response<pb::CancelReservationResponse>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        Ok(Response::new(self.cancel(&officer, request.into_inner()).await?))
    }
}

impl Documents {
    async fn reserve(
        &self,
        officer: &Officer,
        request: pb::ReserveNumberRequest,
    ) -> Result<pb::ReserveNumberResponse, Fault> {
        let now = self.clock.now();
        let on = legal_date(now);
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let until = until(&request.until_date, on, &mut violations);
        let reason = violations.text("reason", &request.reason, true, limits::REASON);
        let (user, request_id) = (officer.user_id, &request.request_id);
        let once = Once::new("ReserveNumber", user, request_id, &request, &mut violations);
        violations.check()?;

        let mut tx = self.db.write("reserve_number").await?;
        if let Some(answer) = once.recall(&mut tx, now).await? {
            return Ok(answer);
        }
        let (document, by) = lock(&mut tx, officer, id).await?;
        if document.stage.numbering().is_some() {
            let (stage, needed) = (document.stage.name(), StageName::Signed);
            return Err(faults::rejected(Rejection::WrongStage { stage, needed }));
        }
        let schemes = Schemes::read(&mut tx, [&document].into_iter(), on).await?;
        let register = schemes.register_of(&document)?;
        if !schemes.reservable(register) {
            return Err(faults::numbers::no_reservation_allowed(register.series));
        }
        if let Some(open) = store::number_reservation::open(&mut tx, id).await? {
            return Err(faults::numbers::reserved(open.number));
        }
        let taken = store::register::take(&mut tx, register, 1, on).await?;
        let taken = taken.map_err(|last| faults::rejected(Rejection::DateBeforeLastNumber { last }))?;
        schemes.confirm(&mut tx).await?;
        let entry = Entry {
            document_id: Some(id),
            reason: reason.clone(),
            holder_name: by.full_name.clone(),
            reserved_until: Some(until),
            officer_name: by.full_name.clone(),
            ..Entry::new(RegisterAct::Reserved, taken.number(), now)
        };
        let (number, act) = (taken.number(), Act { by, at: now });
        let reservation = Reservation { register, number, document_id: id, act, until, reason };
        store::number_reservation::insert(&mut tx, &reservation).await?;
        store::register::enter(&mut tx, taken, vec![entry]).await?;
        let told = shape::series::reservation(&reservation, None);
        let event = NewEvent::new(self.ids.next(), "congvan.documents.number.reserved", id, now, &told);
        ::events::append(&mut tx, vec![event]).await?;
        let answer = pb::ReserveNumberResponse { reservation: Some(told) };
        once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        self.changed.wake();
        Ok(answer)
    }

    async fn cancel(
        &self,
        officer: &Officer,
        request: pb::CancelReservationRequest,
    ) -> Result<pb::CancelReservationResponse, Fault> {
        let now = self.clock.now();
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let reason = violations.text("reason", &request.reason, true, limits::REASON);
        let (user, request_id) = (officer.user_id, &request.request_id);
        let once = Once::new("CancelReservation", user, request_id, &request, &mut violations);
        violations.check()?;

        let mut tx = self.db.write("cancel_reservation").await?;
        if let Some(answer) = once.recall(&mut tx, now).await? {
            return Ok(answer);
        }
        let (_, by) = lock(&mut tx, officer, id).await?;
        let open = store::number_reservation::open(&mut tx, id).await?;
        let reservation = open.ok_or_else(|| faults::numbers::not_reserved(id))?;
        let taken = store::register::take(&mut tx, reservation.register, 0, legal_date(now)).await?;
        let taken = taken.map_err(|last| faults::rejected(Rejection::DateBeforeLastNumber { last }))?;
        let number = store::number_reservation::cancel(&mut tx, id).await?;
        let number = number.ok_or_else(|| faults::numbers::not_reserved(id))?;
        let entry = Entry {
            document_id: Some(id),
            reason,
            officer_name: by.full_name,
            ..Entry::new(RegisterAct::Voided, number, now)
        };
        store::register::enter(&mut tx, taken, vec![entry]).await?;
        let told = shape::series::reservation(&reservation, Some(now));
        let event = NewEvent::new(self.ids.next(), "congvan.documents.number.voided", id, now, &told);
        ::events::append(&mut tx, vec![event]).await?;
        let answer = pb::CancelReservationResponse { reservation: Some(told) };
        once.remember(&mut tx, &answer).await?;
        tx.commit().await?;
        self.changed.wake();
        Ok(answer)
    }
}

/// The document, locked, and the clerk of its agency's document office who keeps a number for it.
async fn lock(tx: &mut Write, officer: &Officer, id: Uuid) -> Result<(Document, Signatory), Fault> {
    let document = store::document::lock(tx, id).await?;
    let document = document
        .filter(|document| Scope::of(officer).reads(document))
        .ok_or_else(|| faults::no_document(id))?;
    let by = may(officer, Action::Issue, &document).map_err(faults::rejected)?;
    Ok((document, by))
}

/// A day of this year, today or later.
fn until(text: &str, on: Date, violations: &mut Violations) -> Date {
    let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
    date.filter(|date| *date >= on && date.year() == on.year()).unwrap_or_else(|| {
        let year = on.year();
        violations.add(
            "untilDate",
            format!("là ngày dạng YYYY-MM-DD, từ {on} đến {year}-12-31: số chỉ thuộc một năm"),
            format!("is a date YYYY-MM-DD from {on} to {year}-12-31: a number belongs to one year"),
        );
        on
    })
}
