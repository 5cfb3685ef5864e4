use base::{Date, Uuid, legal_date};
use congvan_proto::{directory::v1::GetUserRequest, documents::v1 as pb};
use documents_domain::{Assignee, Assignment, Delivery, Officer, limits};
use kit::{Fault, Violations, caller::Caller};
use tonic::Code;

use super::{
    command::{Command, Target},
    decide::decide,
    show,
};
use crate::{Documents, faults};

/// Assigns a document to whoever is to handle it.
pub(super) async fn assign(
    service: &Documents,
    caller: &Caller,
    request: pb::AssignDeliveryRequest,
) -> Result<pb::AssignDeliveryResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("AssignDelivery", caller, &target, &request, &mut violations)?;
    let unit_id = violations.id("unitId", &request.unit_id);
    let user_id = violations.optional_id("userId", &request.user_id);
    let directive = violations.text("directive", &request.directive, false, limits::DIRECTIVE);
    let due = due("dueDate", &request.due_date, legal_date(service.clock.now()), &mut violations);
    violations.check()?;

    let mut read = service.db.read("find_delivery").await?;
    let shown = show::readable(&mut read, &command.officer, command.id).await?;
    let answered = command.once.is_answered(&mut read).await?;
    drop(read); // never held while another service is asked
    let answer = |delivery| pb::AssignDeliveryResponse { delivery: Some(delivery) };
    if !answered {
        shown.delivery.may_assign(&command.officer).map_err(faults::rejected)?;
    }
    let agencies = agencies(&command.officer, &shown.delivery);
    let (unit_name, person) = if answered {
        (String::new(), None) // the first answer is given, whatever the directory says now
    } else {
        service.assignee(unit_id, user_id, &agencies).await?
    };
    let assignment = Assignment { unit_id, unit_name, person, directive, due };
    let rule = |delivery: Delivery, by: &_, at| delivery.assign(assignment, by, at);
    decide(service, command, None, rule, answer).await
}

/// A day by which something is to be done: none if empty; a violation if it is over.
pub(super) fn due(field: &str, text: &str, today: Date, violations: &mut Violations) -> Option<Date> {
    if text.is_empty() {
        return None;
    }
    let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
    match date {
        None => violations.add(field, "phải là ngày dạng YYYY-MM-DD", "must be a date YYYY-MM-DD"),
        Some(date) if date < today => violations.add(field, "đã qua", "is over"),
        Some(_) => {}
    }
    date
}

/// The agencies whose units may handle the document: the recipient's, and the officer's that took over from it.
fn agencies(officer: &Officer, delivery: &Delivery) -> Vec<Uuid> {
    let of = delivery.recipient_agency_id;
    let heirs = officer.posts.iter().filter(|post| post.agencies().any(|agency| agency == of));
    heirs.map(|post| post.agency_id).chain([of]).collect()
}

impl Documents {
    /// Name of a unit of one of these agencies, and the person of it; asked of the directory, never inside a transaction.
    pub(super) async fn assignee(
        &self,
        unit_id: Uuid,
        user_id: Option<Uuid>,
        agencies: &[Uuid],
    ) -> Result<(String, Option<Assignee>), Fault> {
        let unknown = || faults::unknown_assignee(unit_id, user_id);
        let units = self.units([unit_id]).await?;
        let unit_name = units.name_within(unit_id, agencies).ok_or_else(unknown)?;
        let Some(id) = user_id else { return Ok((unit_name, None)) };
        let asked = self
            .people
            .clone()
            .get_user(GetUserRequest { id: id.to_string(), ..GetUserRequest::default() })
            .await;
        let user = match asked {
            Ok(answer) => answer.into_inner().user.unwrap_or_default(),
            Err(status) if status.code() == Code::NotFound => return Err(unknown()),
            Err(status) => return Err(Fault::upstream(status)),
        };
        let unit = unit_id.to_string();
        let belongs = user.active && user.appointments.iter().any(|post| post.unit_id == unit);
        let person = belongs.then_some(Assignee { user_id: id, full_name: user.full_name });
        Ok((unit_name, Some(person.ok_or_else(unknown)?)))
    }
}
