use std::collections::HashMap;

use base::Uuid;
use congvan_proto::documents::v1 as pb;
use documents_domain::{PartyState, Recall};

use super::{act, time};
use crate::store::{
    recall::Paper,
    recall_party::{Count, Shown},
};

/// A delivery with where it stands in a recall. Once the document is destroyed at the recipient, nothing describes it any more, to
/// whomever it is shown: the sender has the document itself.
pub(super) fn beside(delivery: pb::Delivery, recall: Option<(Uuid, PartyState)>) -> pb::Delivery {
    let Some((recall_id, state)) = recall else { return delivery };
    let delivery =
        pb::Delivery { recall_id: recall_id.to_string(), recall_state: state.number(), ..delivery };
    if state.keeps_content() {
        return delivery;
    }
    pb::Delivery {
        notation: String::new(),
        issued_date: String::new(),
        kind: 0,
        kind_name: String::new(),
        r#abstract: String::new(),
        urgency: 0,
        ..delivery
    }
}

/// Whether nothing of the document is left at the recipient.
pub(crate) fn is_destroyed(delivery: &pb::Delivery) -> bool {
    let gone = [PartyState::Agreed, PartyState::NotNeeded].map(PartyState::number);
    gone.contains(&delivery.recall_state)
}

/// A recall without its parties. `papers` knows its document and its notice; `at_sender` says whether the former may be named.
pub(crate) fn recall(recall: &Recall, papers: &HashMap<Uuid, Paper>, at_sender: bool) -> pb::Recall {
    let (document, notice) = (papers.get(&recall.document_id), papers.get(&recall.order.notice_document_id));
    let notation = |paper: Option<&Paper>| paper.map(|paper| paper.notation.clone()).unwrap_or_default();
    let cancelled = recall.cancelled.as_ref();
    pb::Recall {
        id: recall.id.to_string(),
        revision: recall.revision,
        document_id: recall.document_id.to_string(),
        notation: notation(document.filter(|_| at_sender)),
        notice_document_id: recall.order.notice_document_id.to_string(),
        notice_notation: notation(notice),
        reason: recall.order.reason.clone(),
        deadline: Some(time(recall.order.deadline)),
        state: recall.state.number(),
        sender_id: recall.agency_id.to_string(),
        sender_name: document.map(|paper| paper.agency_name.clone()).unwrap_or_default(),
        request: Some(act(&recall.requested)),
        cancellation: cancelled.map(|(cancellation, _)| act(cancellation)),
        cancel_reason: cancelled.map(|(_, reason)| reason.clone()).unwrap_or_default(),
        parties: Vec::new(),
        counts: Vec::new(),
        update_time: Some(time(recall.updated_at)),
    }
}

/// A party.
pub(crate) fn party(shown: &Shown) -> pb::RecallParty {
    let party = &shown.party;
    pb::RecallParty {
        delivery_id: party.delivery_id.to_string(),
        recipient_id: party.recipient_id.to_string(),
        recipient_name: shown.recipient_name.clone(),
        state: party.state.number(),
        reason: shown.reason.clone().unwrap_or_default(),
        answer: shown.answer.as_ref().map(act),
        arrival_number: shown.arrival_number.unwrap_or(0),
        forwarded_from_id: shown.forwarded_from.map(|id| id.to_string()).unwrap_or_default(),
    }
}

/// How many parties stand where.
pub(crate) fn count(count: &Count) -> pb::RecallCount {
    pb::RecallCount { state: count.state.number(), count: count.parties }
}
