//! Deliveries in the messages of the contracts.

use base::legal_date;
use congvan_proto::documents::v1 as pb;
use documents_domain::{Act, Assignment, Completion, Forwarding, Integrity, PartyState};

use super::{act, officer, recall, time};
use crate::store::{
    attachment::Attachment,
    check::Found,
    delivery::{Origin, Shown},
    delivery_history::Past,
    duplicate::Earlier,
    urging::Urging,
};

/// Everything that is told of one delivery.
pub(crate) struct Whole<'a> {
    pub(crate) shown: &'a Shown,
    pub(crate) history: &'a [Past],
    pub(crate) found: &'a [Found],
    pub(crate) attachments: &'a [Attachment],
    pub(crate) duplicates: &'a [Earlier],
    pub(crate) urgings: &'a [Urging],
    pub(crate) forwarded: &'a [Shown],
}

impl Whole<'_> {
    /// The delivery with all of it.
    pub(crate) fn shape(&self) -> pb::Delivery {
        let mut told = delivery(self.shown);
        told.history = self.history.iter().map(past).collect();
        told.duplicates = self.duplicates.iter().map(duplicate).collect();
        told.trail = Some(pb::DeliveryTrail {
            urges: self.urgings.iter().map(urge).collect(),
            forwarding: self.shown.origin.as_ref().map(forwarding),
            forwarded: self.forwarded.iter().map(onward).collect(),
        });
        if let Some(check) = &mut told.check {
            check.files = self.found.iter().map(|found| file(found, self.attachments)).collect();
        }
        told
    }
}

/// A delivery as a list shows it.
pub(crate) fn delivery(shown: &Shown) -> pb::Delivery {
    let delivery = &shown.delivery;
    let refusal = delivery.refusal.as_ref();
    let told = pb::Delivery {
        id: delivery.id.to_string(),
        revision: delivery.revision,
        document_id: shown.document_id.to_string(),
        notation: shown.notation.clone(),
        issued_date: shown.issued_on.to_string(),
        kind: shown.kind.number(),
        kind_name: shown.other_kind_name.clone().unwrap_or_else(|| shown.kind.name().to_owned()),
        r#abstract: shown.summary.clone(),
        urgency: shown.urgency.number(),
        sender_id: shown.sender_id.to_string(),
        sender_name: shown.sender_name.clone(),
        recipient_id: delivery.recipient_id.to_string(),
        recipient_name: shown.recipient_name.clone(),
        recipient_kind: delivery.recipient_kind.number(),
        recipient_agency_id: delivery.recipient_agency_id.to_string(),
        purpose: shown.purpose.number(),
        status: delivery.status.number(),
        arrival_number: shown.arrival_number.unwrap_or(0),
        arrive_time: Some(time(shown.arrived_at)),
        acknowledgement: Some(pb::Acknowledgement {
            time: Some(time(shown.arrived_at)),
            officer: None,
            same_day: legal_date(shown.arrived_at) == shown.issued_on,
        }),
        update_time: Some(time(delivery.updated_at)),
        refusal_code: refusal.map_or(0, |refusal| refusal.code.number()),
        refusal_reason: refusal.map(|refusal| refusal.reason.clone()).unwrap_or_default(),
        decision: delivery.decision.as_ref().map(act),
        check: shown.checked.as_ref().map(|checked| check(checked, delivery.integrity)),
        assignment: delivery.assignment.as_ref().map(assignment),
        completion: delivery.completion.as_ref().map(completion),
        history: Vec::new(),
        duplicates: Vec::new(),
        trail: None,
        ..pb::Delivery::default()
    };
    recall::beside(told, shown.recall)
}

/// What a look at the files found, without the files.
fn check(checked: &Act, integrity: Option<Integrity>) -> pb::DeliveryCheck {
    let broken = match integrity {
        Some(Integrity::Broken(files)) => i32::try_from(files).unwrap_or(i32::MAX),
        Some(Integrity::Sound) | None => 0,
    };
    pb::DeliveryCheck {
        time: Some(time(checked.at)),
        officer: Some(officer(&checked.by)),
        broken_file_count: broken,
        files: Vec::new(),
    }
}

fn file(found: &Found, attachments: &[Attachment]) -> pb::FileCheck {
    let attachment = attachments.iter().find(|attachment| attachment.id == found.attachment_id);
    pb::FileCheck {
        attachment_id: found.attachment_id.to_string(),
        file_name: attachment.map(|attachment| attachment.file_name.clone()).unwrap_or_default(),
        finding: found.finding.number(),
    }
}

fn assignment(assignment: &Assignment) -> pb::DeliveryAssignment {
    let person = assignment.person.as_ref();
    pb::DeliveryAssignment {
        unit_id: assignment.unit_id.to_string(),
        unit_name: assignment.unit_name.clone(),
        user_id: person.map(|person| person.user_id.to_string()).unwrap_or_default(),
        user_full_name: person.map(|person| person.full_name.clone()).unwrap_or_default(),
        directive: assignment.directive.clone(),
        due_date: assignment.due.map(|due| due.to_string()).unwrap_or_default(),
    }
}

fn completion(completion: &Completion) -> pb::DeliveryCompletion {
    pb::DeliveryCompletion {
        result: completion.result.clone(),
        reply_document_id: completion.reply_document_id.map(|id| id.to_string()).unwrap_or_default(),
        reply_notation: completion.reply_notation.clone(),
    }
}

/// What came before.
pub(crate) fn duplicate(earlier: &Earlier) -> pb::DuplicateAlert {
    let cause =
        if earlier.same_document { pb::DuplicateCause::Document } else { pb::DuplicateCause::Notation };
    pb::DuplicateAlert {
        cause: cause.into(),
        delivery_id: earlier.id.to_string(),
        arrive_time: Some(time(earlier.arrived_at)),
        status: earlier.status.number(),
        arrival_number: earlier.arrival_number.unwrap_or(0),
    }
}

/// A delivery that came of forwarding, with how it came.
pub(crate) fn forwarded(shown: &Shown) -> pb::Delivery {
    let trail = pb::DeliveryTrail {
        forwarding: shown.origin.as_ref().map(forwarding),
        ..pb::DeliveryTrail::default()
    };
    pb::Delivery { trail: Some(trail), ..delivery(shown) }
}

fn forwarding(origin: &Origin) -> pb::DeliveryForwarding {
    let Forwarding { delivery_id, agency_id, by, at } = &origin.forwarding;
    pb::DeliveryForwarding {
        forwarded_from: delivery_id.to_string(),
        forwarder_id: agency_id.to_string(),
        forwarder_name: origin.agency_name.clone(),
        act: Some(pb::Act { officer: Some(officer(by)), time: Some(time(*at)) }),
        note: origin.note.clone(),
    }
}

fn onward(shown: &Shown) -> pb::ForwardedDelivery {
    pb::ForwardedDelivery {
        delivery_id: shown.delivery.id.to_string(),
        recipient_id: shown.delivery.recipient_id.to_string(),
        recipient_name: shown.recipient_name.clone(),
        status: shown.delivery.status.number(),
        time: Some(time(shown.arrived_at)),
    }
}

fn urge(urging: &Urging) -> pb::DeliveryUrge {
    pb::DeliveryUrge {
        time: Some(time(urging.act.at)),
        officer: Some(officer(&urging.act.by)),
        text: urging.words.clone(),
    }
}

fn past(past: &Past) -> pb::DeliveryStatusEntry {
    pb::DeliveryStatusEntry {
        status: past.status.number(),
        time: Some(time(past.at)),
        officer: past.officer.as_ref().map(officer),
        reason: past.words.clone().unwrap_or_default(),
        refusal_code: past.refusal_code.map_or(0, documents_domain::RefusalCode::number),
        concerned: past.concerned.clone().unwrap_or_default(),
        recall_state: past.recall.map_or(0, PartyState::number),
    }
}
