//! A department recalls a decision by a notice; clerks at the recipients.

use std::{sync::LazyLock, time::Duration};

use base::{Timestamp, Uuid};
use documents_domain::{
    Act, Delivery, DeliveryStatus, Document, Fields, Kind, Mandate, Numbered, Numbering, Officer, PartyState,
    Post, Recall, RecallOrder, RecallParty, RecallState, RecipientKind, Rejection, Relation, RelationKind,
    Sealed, Signatory, Signature, Signed, Stage, Urgency,
};

pub(crate) const SENDER: Uuid = Uuid::from_u128(100);
pub(crate) const DECISION: Uuid = Uuid::from_u128(1);
pub(crate) const NOTICE: Uuid = Uuid::from_u128(2);

/// The moment before the deadline, and the one after.
pub(crate) fn now(late: bool) -> Timestamp {
    let deadline = 1_796_083_200_000_000; // 2026-12-01T00:00:00Z in microseconds
    Timestamp::from_microsecond(deadline + i64::from(late)).unwrap()
}

pub(crate) fn order() -> RecallOrder {
    RecallOrder { notice_document_id: NOTICE, reason: "Ban hành nhầm".to_owned(), deadline: now(false) }
}

/// Agency of the recipient of a copy.
pub(crate) fn recipient(copy: usize) -> Uuid {
    Uuid::from_u128(200 + copy as u128)
}

/// The document office of an agency.
pub(crate) fn clerk(agency_id: Uuid) -> Officer {
    let post = Post {
        agency_id,
        inherited_agency_ids: Vec::new(),
        unit_id: agency_id,
        position: "Văn thư".to_owned(),
        drafts: true,
        leads: false,
        keeps_registers: true,
        heads_unit: false,
        checks_format: false,
        in_person: true,
    };
    Officer { user_id: Uuid::from_u128(5), full_name: "Lò Thị Mai".to_owned(), posts: vec![post] }
}

fn act() -> Act {
    let by = Signatory {
        user_id: Uuid::from_u128(3),
        full_name: "Đỗ Văn An".to_owned(),
        position: "Giám đốc".to_owned(),
    };
    Act { by, at: now(false) }
}

/// An issued document of the sender.
pub(crate) fn issued(id: Uuid, kind: Kind, relations: Vec<Relation>) -> Document {
    let signed = Signed {
        approval: act(),
        signature: Signature { act: act(), mandate: Mandate::direct("Giám đốc") },
    };
    let on = "2026-11-23".parse().unwrap();
    let numbering = Numbering { number: 7, symbol: "QĐ-SNV".to_owned(), on, act: act() };
    let sealed = Sealed { numbered: Numbered { signed, numbering }, sealing: act() };
    Document {
        id,
        revision: 5,
        agency_id: SENDER,
        agency_name: "Sở".to_owned(),
        drafting_unit_id: SENDER,
        drafter: act().by,
        fields: Fields {
            kind,
            circulation: None,
            other_kind: None,
            issuing_body: None,
            summary: "Quyết định".to_owned(),
            matter: String::new(),
            urgency: Urgency::Normal,
            language: "vi".to_owned(),
            pages: 1,
            note: String::new(),
            reply_due: None,
            recipients: Vec::new(),
            relations,
        },
        has_main_file: true,
        review: None,
        stage: Stage::Issued { sealed, issued: act() },
        created_at: now(false),
        updated_at: now(false),
    }
}

pub(crate) fn decision() -> Document {
    issued(DECISION, Kind::Decision, Vec::new())
}

pub(crate) fn notice() -> Document {
    let relation = Relation { kind: RelationKind::RecallNotice, document_id: DECISION };
    issued(NOTICE, Kind::OfficialLetter, vec![relation])
}

/// The decision and its notice; made once, for there are many orders of events.
static PAPERS: LazyLock<(Document, Document)> = LazyLock::new(|| (decision(), notice()));

/// The request of the sender's document office, a day before the deadline.
pub(crate) fn request(before: Option<RecallState>) -> Result<Recall, Rejection> {
    let at = now(false) - Duration::from_hours(24);
    let papers = (&PAPERS.0, Some(&PAPERS.1));
    Recall::request(Uuid::from_u128(9), papers, before, order(), &clerk(SENDER), at)
}

pub(crate) fn party(copy: usize, state: PartyState) -> RecallParty {
    RecallParty { delivery_id: Uuid::from_u128(copy as u128), recipient_id: recipient(copy), state }
}

pub(crate) fn delivery(copy: usize, status: DeliveryStatus) -> Delivery {
    Delivery {
        id: Uuid::from_u128(copy as u128),
        revision: 1,
        recipient_id: recipient(copy),
        recipient_kind: RecipientKind::Agency,
        recipient_agency_id: recipient(copy),
        status,
        integrity: None,
        decision: None,
        refusal: None,
        assignment: None,
        completion: None,
        updated_at: now(false),
    }
}
