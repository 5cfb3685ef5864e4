use base::{Timestamp, Uuid};
use congvan_proto::documents::v1 as pb;
use documents_domain::{Change, Comment, Document, DraftingAssignment, Event, Recipient, RecipientKind};
use events::NewEvent;

/// The event of a change before issue.
pub(super) fn changed(id: Uuid, change: &Change, at: Timestamp) -> NewEvent {
    let document = &change.document;
    let data = pb::DocumentChanged {
        document_id: document.id.to_string(),
        revision: document.revision,
        stage: document.stage.name().number(),
    };
    NewEvent::new(id, kind(change.event), document.id, at, &data)
}

fn kind(event: Event) -> &'static str {
    match event {
        Event::Created => "congvan.documents.document.created",
        Event::Updated => "congvan.documents.document.updated",
        Event::Attached => "congvan.documents.document.attached",
        Event::FileReplaced => "congvan.documents.document.file_replaced",
        Event::FileRemoved => "congvan.documents.document.file_removed",
        Event::FilesArranged => "congvan.documents.document.files_arranged",
        Event::Submitted => "congvan.documents.document.submitted",
        Event::Checked { .. } => "congvan.documents.document.checked",
        Event::Returned => "congvan.documents.document.returned",
        Event::Approved => "congvan.documents.document.approved",
        Event::Signed => "congvan.documents.document.signed",
        Event::Numbered => "congvan.documents.document.numbered",
        Event::Sealed => "congvan.documents.document.sealed",
        Event::ReleaseOrdered => "congvan.documents.document.release_ordered",
        Event::ReleaseUndone => "congvan.documents.document.release_undone",
        Event::Issued => "congvan.documents.document.issued",
        Event::Voided => "congvan.documents.document.voided",
    }
}

/// The event of a release: of the order, or of the issue with its deliveries.
pub(super) fn released(id: Uuid, change: &Change, deliveries: &[Uuid], at: Timestamp) -> NewEvent {
    match change.event {
        Event::Issued => issued(id, &change.document, deliveries, at),
        _ => changed(id, change, at),
    }
}

/// The event of an assigned drafting: `kind` says what became of it.
pub(super) fn drafting(id: Uuid, kind: &'static str, assignment: &DraftingAssignment) -> NewEvent {
    let optional = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let data = pb::DraftingAssignmentChanged {
        drafting_assignment_id: assignment.id.to_string(),
        revision: assignment.revision,
        state: assignment.state.number(),
        agency_id: assignment.agency_id.to_string(),
        unit_id: assignment.task.unit_id.to_string(),
        user_id: optional(assignment.task.person.as_ref().map(|person| person.user_id)),
        document_id: optional(assignment.document_id),
    };
    NewEvent::new(id, kind, assignment.id, assignment.updated_at, &data)
}

/// The event of a comment: `kind` says what became of it.
pub(super) fn commented(id: Uuid, kind: &'static str, comment: &Comment, at: Timestamp) -> NewEvent {
    let Comment { document_id, number, .. } = comment;
    let data = pb::CommentChanged { document_id: document_id.to_string(), comment_number: *number };
    NewEvent::new(id, kind, *document_id, at, &data)
}

fn issued(id: Uuid, document: &Document, deliveries: &[Uuid], at: Timestamp) -> NewEvent {
    let issuance = document.stage.issuance().expect("told of issued documents only");
    let fields = &document.fields;
    let data = pb::DocumentIssued {
        document_id: document.id.to_string(),
        notation: documents_domain::notation(issuance.number, issuance.symbol),
        issued_date: issuance.on.to_string(),
        r#abstract: fields.summary.clone(),
        urgency: fields.urgency.number(),
        issuing_agency_id: document.agency_id.to_string(),
        issuing_agency_name: document.agency_name.clone(),
        deliveries: self::deliveries(document.agency_id, &fields.recipients, deliveries),
    };
    NewEvent::new(id, kind(Event::Issued), document.id, at, &data)
}

/// The deliveries that were made to recipients; `agency_id` is the agency of those that are none.
pub(super) fn deliveries(agency_id: Uuid, recipients: &[Recipient], ids: &[Uuid]) -> Vec<pb::IssuedDelivery> {
    let told = recipients.iter().zip(ids).map(|(recipient, id)| {
        let kind = recipient.address.kind().unwrap_or(RecipientKind::Agency);
        let agency = if kind == RecipientKind::Agency { recipient.unit_id } else { agency_id };
        pb::IssuedDelivery {
            delivery_id: id.to_string(),
            recipient_id: recipient.unit_id.to_string(),
            recipient_name: recipient.name.clone(),
            recipient_kind: kind.number(),
            recipient_agency_id: agency.to_string(),
        }
    });
    told.collect()
}
