use anyhow::{Context, ensure};
use base::Ids;
use congvan_proto::{
    directory::v1::Unit,
    documents::v1::{
        AcceptDeliveryRequest, ApproveDocumentRequest, AttachmentRole, CheckDocumentRequest,
        CreateDocumentRequest, Document, DocumentKind, IssueDocumentRequest, ListDeliveriesRequest,
        Recipient, RecipientPurpose, RefusalCode, RefuseDeliveryRequest, SignDocumentRequest,
        SubmitDocumentRequest, UploadAttachmentHeader, Urgency,
    },
};

use super::actor::Actor;
use crate::sample;

const ABSTRACT: &str = "V/v tăng cường tiếp nhận, xử lý văn bản trên hệ thống quản lý văn bản và điều hành";

/// What a commune's clerk does about the directive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Accept,
    Refuse,
    Later,
}

impl Decision {
    /// The last commune refuses, the two before it wait.
    pub(super) fn of(index: usize, total: usize) -> Self {
        match total - index {
            1 => Self::Refuse,
            2 | 3 => Self::Later,
            _ => Self::Accept,
        }
    }
}

/// An officer drafts the directive, attaches the letter and puts it before the head.
pub(super) async fn draft(officer: &Actor, communes: &[Unit], ids: &Ids) -> anyhow::Result<Document> {
    let recipients = communes.iter().map(|commune| Recipient {
        unit_id: commune.id.clone(),
        purpose: RecipientPurpose::Execute.into(),
        name: String::new(),
        ..Recipient::default()
    });
    let document = Document {
        drafting_unit_id: officer.unit_id().context("the officer has a post")?,
        kind: DocumentKind::OfficialLetter.into(),
        r#abstract: ABSTRACT.to_owned(),
        urgency: Urgency::Normal.into(),
        page_amount: 1,
        recipients: recipients.collect(),
        ..Default::default()
    };
    let request_id = ids.next().to_string();
    let draft = officer
        .create(CreateDocumentRequest {
            document: Some(document),
            request_id,
            ..CreateDocumentRequest::default()
        })
        .await?;
    let header = UploadAttachmentHeader {
        document_id: draft.id.clone(),
        file_name: "cong-van.pdf".to_owned(),
        role: AttachmentRole::Main.into(),
        revision: draft.revision,
        request_id: ids.next().to_string(),
        ..UploadAttachmentHeader::default()
    };
    let attached = officer.upload(header, sample::LETTER).await?;
    let request_id = ids.next().to_string();
    officer
        .submit(SubmitDocumentRequest { id: draft.id, revision: attached.document_revision, request_id })
        .await
}

/// The head of the unit checks the content, then the document office the format.
pub(super) async fn check(checkers: [&Actor; 2], draft: &Document, ids: &Ids) -> anyhow::Result<Document> {
    let mut document = draft.clone();
    for (check, checker) in (1..).zip(checkers) {
        let (id, revision, request_id) = (document.id, document.revision, ids.next().to_string());
        let request = CheckDocumentRequest { id, revision, request_id, check, opinion: String::new() };
        document = checker.check(request).await?;
    }
    Ok(document)
}

/// The head approves the draft and signs.
pub(super) async fn approve_and_sign(head: &Actor, draft: &Document, ids: &Ids) -> anyhow::Result<Document> {
    let (id, request_id) = (draft.id.clone(), ids.next().to_string());
    let approved = head.approve(ApproveDocumentRequest { id, revision: draft.revision, request_id }).await?;
    let (id, request_id) = (approved.id.clone(), ids.next().to_string());
    head.sign(SignDocumentRequest { id, revision: approved.revision, request_id }).await
}

/// The document office issues.
pub(super) async fn issue(clerk: &Actor, signed: &Document, ids: &Ids) -> anyhow::Result<Document> {
    let (id, request_id) = (signed.id.clone(), ids.next().to_string());
    clerk.issue(IssueDocumentRequest { id, revision: signed.revision, request_id, undo_seconds: 0 }).await
}

/// A commune's clerk finds the document in the inbox and decides.
pub(super) async fn receive(
    clerk: &Actor,
    commune: &Unit,
    document_id: &str,
    decision: Decision,
    ids: &Ids,
) -> anyhow::Result<()> {
    let inbox =
        clerk.inbox(ListDeliveriesRequest { recipient_id: commune.id.clone(), ..Default::default() }).await?;
    let arrived = inbox.into_iter().find(|delivery| delivery.document_id == document_id);
    let arrived = arrived.with_context(|| format!("{} does not see the document", commune.name))?;
    let (id, revision, request_id) = (arrived.id, arrived.revision, ids.next().to_string());
    match decision {
        Decision::Later => {}
        Decision::Accept => {
            let accepted = clerk.accept(AcceptDeliveryRequest { id, revision, request_id }).await?;
            ensure!(accepted.arrival_number > 0, "{} got no arrival number", commune.name);
        }
        Decision::Refuse => {
            let reason = "Văn bản gửi nhầm: nội dung không thuộc địa bàn của xã".to_owned();
            let code = RefusalCode::WrongRecipient.into();
            clerk.refuse(RefuseDeliveryRequest { id, revision, code, reason, request_id }).await?;
        }
    }
    Ok(())
}
