//! Assigned drafting. What the directory says of unit and person is asked before the transaction.

use base::{Timestamp, Uuid, legal_date};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Document, DraftingAssignment, DraftingTask, Kind, Officer, Rejection, Who, limits};
use kit::{Fault, Violations, caller::Caller};
use prost::Message;
use sql::{Queries, Write, answers::Once};

use super::{
    assign::due,
    command::{Command, Target},
    events,
    read::filter,
};
use crate::{Documents, faults, officer, shape, store};

/// Has a document drafted by a unit, or a person in it.
pub(super) async fn assign(
    service: &Documents,
    caller: &Caller,
    request: pb::AssignDraftingRequest,
) -> Result<pb::AssignDraftingResponse, Fault> {
    let officer = officer::of(caller)?;
    let wanted = request.drafting_assignment.clone().unwrap_or_default();
    let mut violations = Violations::default();
    let (mut task, user_id) = task(service, &wanted, "draftingAssignment.", &mut violations);
    let once = Once::new("AssignDrafting", officer.user_id, &request.request_id, &request, &mut violations);
    violations.check()?;
    let mut read = service.db.read("find_answer").await?;
    let answered = once.is_answered(&mut read).await?;
    drop(read); // never held while another service is asked
    let agency_id = if answered { Uuid::nil() } else { service.drafting_agency(task.unit_id).await? };
    let (id, now) = (service.ids.next(), service.clock.now());
    if !answered {
        // Whoever may not is told so before the directory is asked about people.
        DraftingAssignment::assign(id, agency_id, task.clone(), &officer, now).map_err(faults::rejected)?;
        (task.unit_name, task.person) = service.assignee(task.unit_id, user_id, &[agency_id]).await?;
    }
    let mut tx = service.db.write("assign_drafting").await?;
    if let Some(answer) = once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let assignment = DraftingAssignment::assign(id, agency_id, task, &officer, now);
    let assignment = assignment.map_err(faults::rejected)?;
    store::drafting::insert(&mut tx, &assignment).await?;
    tell(service, &mut tx, "congvan.documents.drafting_assignment.assigned", &assignment).await?;
    let told = shape::drafting::assignment(&assignment);
    let answer = pb::AssignDraftingResponse { drafting_assignment: Some(told) };
    once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Takes an assigned drafting.
pub(super) async fn take(
    service: &Documents,
    caller: &Caller,
    request: pb::TakeDraftingRequest,
) -> Result<pb::TakeDraftingResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("TakeDrafting", caller, &target, &request, &mut violations)?;
    violations.check()?;
    let answer = |told| pb::TakeDraftingResponse { drafting_assignment: Some(told) };
    change(service, &command, "congvan.documents.drafting_assignment.taken", DraftingAssignment::take, answer)
        .await
}

/// Gives an assigned drafting to somebody else.
pub(super) async fn reassign(
    service: &Documents,
    caller: &Caller,
    request: pb::ReassignDraftingRequest,
) -> Result<pb::ReassignDraftingResponse, Fault> {
    let wanted = request.drafting_assignment.clone().unwrap_or_default();
    let mut violations = Violations::default();
    let target = Target {
        places: ["draftingAssignment.id", "draftingAssignment.revision"],
        ..Target::new(&wanted.id, wanted.revision, &request.request_id)
    };
    let command = Command::parse("ReassignDrafting", caller, &target, &request, &mut violations)?;
    let (mut task, user_id) = task(service, &wanted, "draftingAssignment.", &mut violations);
    violations.check()?;
    let mut read = service.db.read("find_drafting").await?;
    let answered = command.once.is_answered(&mut read).await?;
    let found = readable(&mut read, &command.officer, command.id).await?;
    drop(read); // never held while another service is asked
    if !answered {
        found.may_reassign(task.unit_id, &command.officer).map_err(faults::rejected)?;
        (task.unit_name, task.person) = service.assignee(task.unit_id, user_id, &[found.agency_id]).await?;
    }
    let answer = |told| pb::ReassignDraftingResponse { drafting_assignment: Some(told) };
    let rule = |assignment: DraftingAssignment, by: &_, at| assignment.reassign(task, by, at);
    change(service, &command, "congvan.documents.drafting_assignment.reassigned", rule, answer).await
}

/// Withdraws an assigned drafting.
pub(super) async fn withdraw(
    service: &Documents,
    caller: &Caller,
    request: pb::WithdrawDraftingRequest,
) -> Result<pb::WithdrawDraftingResponse, Fault> {
    let mut violations = Violations::default();
    let target = Target::new(&request.id, request.revision, &request.request_id);
    let command = Command::parse("WithdrawDrafting", caller, &target, &request, &mut violations)?;
    let reason = violations.text("reason", &request.reason, true, limits::REASON);
    violations.check()?;
    let answer = |told| pb::WithdrawDraftingResponse { drafting_assignment: Some(told) };
    let rule = |assignment: DraftingAssignment, by: &_, at| assignment.withdraw(reason, by, at);
    change(service, &command, "congvan.documents.drafting_assignment.withdrawn", rule, answer).await
}

/// Runs a command on an assigned drafting that is there.
async fn change<R: Message + Default>(
    service: &Documents,
    command: &Command,
    kind: &'static str,
    rule: impl FnOnce(DraftingAssignment, &Officer, Timestamp) -> Result<DraftingAssignment, Rejection>,
    answer: impl FnOnce(pb::DraftingAssignment) -> R,
) -> Result<R, Fault> {
    let now = service.clock.now();
    let mut tx = service.db.write("change_drafting").await?;
    if let Some(answer) = command.once.recall(&mut tx, now).await? {
        return Ok(answer);
    }
    let assignment = lock(&mut tx, &command.officer, command.id).await?;
    let current = assignment.revision;
    let assignment = rule(assignment, &command.officer, now).map_err(faults::rejected)?;
    command.check_revision(current)?;
    store::drafting::save(&mut tx, &assignment).await?;
    tell(service, &mut tx, kind, &assignment).await?;
    let answer = answer(shape::drafting::assignment(&assignment));
    command.once.remember(&mut tx, &answer).await?;
    tx.commit().await?;
    service.changed.wake();
    Ok(answer)
}

/// Notes that the drafting is begun with this draft, which is stored.
pub(super) async fn begin(
    service: &Documents,
    tx: &mut Write,
    id: Uuid,
    (draft, by): (&Document, &Officer),
) -> Result<(), Fault> {
    let assignment = lock(tx, by, id).await?;
    let assignment = assignment.begin(draft, by, draft.created_at).map_err(faults::rejected)?;
    store::drafting::save(tx, &assignment).await?;
    tell(service, tx, "congvan.documents.drafting_assignment.begun", &assignment).await
}

/// Notes that the drafting is done, if this submitted document was assigned.
pub(super) async fn finish(service: &Documents, tx: &mut Write, document: &Document) -> Result<(), Fault> {
    let assignment = store::drafting::lock_of(tx, document.id).await?;
    let Some(done) = assignment.and_then(|assignment| assignment.finish(document.updated_at)) else {
        return Ok(());
    };
    store::drafting::save(tx, &done).await?;
    tell(service, tx, "congvan.documents.drafting_assignment.done", &done).await
}

/// The assigned drafting, if the officer may read it.
pub(super) async fn readable(
    db: &mut impl Queries,
    officer: &Officer,
    id: Uuid,
) -> Result<DraftingAssignment, Fault> {
    let found = store::drafting::find(db, id).await?.filter(|assignment| assignment.reads(officer));
    found.ok_or_else(|| faults::drafting::no_assignment(id))
}

async fn lock(tx: &mut Write, officer: &Officer, id: Uuid) -> Result<DraftingAssignment, Fault> {
    let found = store::drafting::lock(tx, id).await?.filter(|assignment| assignment.reads(officer));
    found.ok_or_else(|| faults::drafting::no_assignment(id))
}

async fn tell(
    service: &Documents,
    tx: &mut Write,
    kind: &'static str,
    assignment: &DraftingAssignment,
) -> Result<(), Fault> {
    ::events::append(tx, vec![events::drafting(service.ids.next(), kind, assignment)]).await?;
    Ok(())
}

/// What is to be drafted, with the person wanted; every violation is noted. Names are not yet known.
fn task(
    service: &Documents,
    wanted: &pb::DraftingAssignment,
    place: &str,
    violations: &mut Violations,
) -> (DraftingTask, Option<Uuid>) {
    let at = |field: &str| format!("{place}{field}");
    let unit_id = violations.id(&at("unitId"), &wanted.unit_id);
    let user_id = violations.optional_id(&at("userId"), &wanted.user_id);
    let directive = violations.text(&at("directive"), &wanted.directive, true, limits::DIRECTIVE);
    let kind = filter(violations, &at("kind"), wanted.kind, Kind::numbered);
    let today = legal_date(service.clock.now());
    let due = due(&at("dueDate"), &wanted.due_date, today, violations);
    (DraftingTask { unit_id, unit_name: String::new(), person: None, directive, kind, due }, user_id)
}

impl Documents {
    /// The agency of a unit, asked of the directory; never inside a transaction. Nobody assigns to a unit that is not there, and whoever
    /// may not assign at all is not told that.
    async fn drafting_agency(&self, unit_id: Uuid) -> Result<Uuid, Fault> {
        let units = self.units([unit_id]).await?;
        let missing = || faults::rejected(Rejection::NotAllowed(Who::DraftingDirector));
        units.agency(unit_id).ok_or_else(missing)
    }
}
