use congvan_proto::documents::v1 as pb;
use documents_domain::{DraftingAssignment, Kind};

use super::{act, officer, time};

/// An assigned drafting.
pub(crate) fn assignment(assignment: &DraftingAssignment) -> pb::DraftingAssignment {
    let DraftingAssignment { task, .. } = assignment;
    let person = task.person.as_ref();
    pb::DraftingAssignment {
        id: assignment.id.to_string(),
        revision: assignment.revision,
        agency_id: assignment.agency_id.to_string(),
        unit_id: task.unit_id.to_string(),
        unit_name: task.unit_name.clone(),
        user_id: person.map(|person| person.user_id.to_string()).unwrap_or_default(),
        user_name: person.map(|person| person.full_name.clone()).unwrap_or_default(),
        directive: task.directive.clone(),
        kind: task.kind.map(Kind::number).unwrap_or_default(),
        due_date: task.due.map(|due| due.to_string()).unwrap_or_default(),
        state: assignment.state.number(),
        assigned: Some(act(&assignment.assigned)),
        taker: assignment.taker.as_ref().map(officer),
        document_id: assignment.document_id.map(|id| id.to_string()).unwrap_or_default(),
        withdrawal_reason: assignment.withdrawal_reason.clone().unwrap_or_default(),
        update_time: Some(time(assignment.updated_at)),
    }
}
