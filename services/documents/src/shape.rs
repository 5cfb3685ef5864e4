//! The facts of this service in the messages of the contracts.

pub(crate) mod comment;
pub(crate) mod drafting;
pub(crate) mod history;
pub(crate) mod recall;
pub(crate) mod relation;
mod release;
pub(crate) mod review;
pub(crate) mod series;

use base::{Timestamp, Uuid};
use congvan_proto::{documents::v1 as pb, time_to_proto};
use documents_domain::{Act, Document, Mandate, Signatory, Stage};
use prost_types::Timestamp as ProtoTime;

use crate::store::attachment::Attachment;

mod delivery;
mod recipient;

pub(crate) use delivery::{Whole, delivery, duplicate, forwarded};
pub(crate) use recipient::recipient;

pub(crate) fn time(at: Timestamp) -> ProtoTime {
    time_to_proto(at.as_microsecond())
}

pub(crate) fn officer(by: &Signatory) -> pb::Officer {
    pb::Officer {
        user_id: by.user_id.to_string(),
        full_name: by.full_name.clone(),
        position: by.position.clone(),
    }
}

pub(crate) fn act(act: &Act) -> pb::Act {
    pb::Act { officer: Some(officer(&act.by)), time: Some(time(act.at)) }
}

/// A document with its files.
pub(crate) fn document(document: &Document, attachments: &[Attachment]) -> pb::Document {
    let Document { fields, stage, .. } = document;
    let (signature, body) = (stage.signature(), fields.issuing_body.as_ref());
    let return_reason = match stage {
        Stage::Draft { returned } => returned.clone(),
        _ => document.review.as_ref().and_then(|review| review.returned.clone()),
    };
    pb::Document {
        id: document.id.to_string(),
        revision: document.revision,
        stage: stage.name().number(),
        issuing_agency_id: document.agency_id.to_string(),
        issuing_agency_name: document.agency_name.clone(),
        drafting_unit_id: document.drafting_unit_id.to_string(),
        kind: fields.kind.number(),
        other_kind_id: fields.other_kind.as_ref().map(|kind| kind.id.to_string()).unwrap_or_default(),
        kind_name: fields.kind_name().to_owned(),
        issuing_body_id: body.map(|body| body.unit_id.to_string()).unwrap_or_default(),
        issuing_body_name: body.map(|body| body.name.clone()).unwrap_or_default(),
        r#abstract: fields.summary.clone(),
        matter: fields.matter.clone(),
        urgency: fields.urgency.number(),
        confidentiality: "NONE".to_owned(),
        language: fields.language.clone(),
        page_amount: fields.pages,
        note: fields.note.clone(),
        reply_due_date: fields.reply_due.map(|date| date.to_string()).unwrap_or_default(),
        recipients: fields.recipients.iter().map(recipient).collect(),
        attachments: attachments.iter().map(attachment).collect(),
        circulation_mark: fields.circulation.map_or(0, documents_domain::CirculationMark::number),
        drafter: Some(officer(&document.drafter)),
        approval: stage.approval().map(act),
        signature: signature.map(|signature| act(&signature.act)),
        signing_mandate: signature.map(|signature| mandate(&signature.mandate)),
        issuance: stage.issuance().map(release::issuance),
        return_reason: return_reason.unwrap_or_default(),
        pending: review::pending(document),
        checks: review::checks(document),
        review_version: document.review.as_ref().map_or(0, |review| review.version),
        approval_order: document
            .review
            .as_ref()
            .map_or(0, |review| review::order(review.approval_first).into()),
        numbering: stage.numbering().map(release::numbering),
        sealing: stage.sealing().map(act),
        release: stage.release().map(release::order),
        voiding: stage.voiding().map(release::voiding),
        relations: fields.relations.iter().map(relation::written).collect(),
        create_time: Some(time(document.created_at)),
        update_time: Some(time(document.updated_at)),
        ..pb::Document::default()
    }
}

fn mandate(mandate: &Mandate) -> pb::SigningMandate {
    pb::SigningMandate {
        form: mandate.form.number(),
        lines: mandate.lines.clone(),
        signing_authority_ids: mandate.authority_ids.iter().map(Uuid::to_string).collect(),
    }
}

/// A file.
pub(crate) fn attachment(attachment: &Attachment) -> pb::Attachment {
    pb::Attachment {
        id: attachment.id.to_string(),
        document_id: attachment.document_id.to_string(),
        role: attachment.role,
        file_name: attachment.file_name.clone(),
        media_type: attachment.media_type.clone(),
        size_bytes: attachment.size,
        sha256: attachment.sha256.clone(),
        create_time: Some(time(attachment.created_at)),
        remove_time: attachment.removed_at.map(time),
    }
}
