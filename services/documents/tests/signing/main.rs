//! Who approves and signs is what the directory says, and nothing moves while it says nothing.

#![expect(clippy::unwrap_used, reason = "what a story takes for granted fails the test when it is not so")]

mod world;

use base::Uuid;
use congvan_proto::{
    directory::v1::{
        self as directory, CheckSignerRequest, CheckSignerResponse, Signer, SigningGap, SigningGapReason,
    },
    documents::v1::{self as pb, DocumentKind, SigningForm, Stage, document_service_server::DocumentService},
};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::world::{AGENCY, DEPUTY, OFFICE, from_deputy, worlds};

const AUTHORITY: Uuid = Uuid::from_u128(4);

/// Makes a signature look like one of a head from before mandates were kept.
const BEFORE_MANDATES: &str = "UPDATE document SET signer_position = 'Giám đốc', signing_form = NULL,
    signing_lines = NULL, signing_authority_ids = NULL";

fn for_the_head() -> CheckSignerResponse {
    let signer = Signer {
        position: "Phó Giám đốc".to_owned(),
        form: directory::SigningForm::ForHead.into(),
        lines: vec!["KT. GIÁM ĐỐC".to_owned(), "PHÓ GIÁM ĐỐC".to_owned()],
        signing_authority_ids: vec![AUTHORITY.to_string()],
        ..Signer::default()
    };
    CheckSignerResponse { signers: vec![signer], gaps: Vec::new() }
}

fn revoked() -> CheckSignerResponse {
    let gap = SigningGap {
        reason: SigningGapReason::Revoked.into(),
        signing_authority_id: AUTHORITY.to_string(),
        date: "2026-11-24".to_owned(),
        explanation: "Việc giao ký bị thu hồi.".to_owned(),
    };
    CheckSignerResponse { signers: Vec::new(), gaps: vec![gap] }
}

/// The reason of a refusal and the gaps that it names.
fn refused(status: &Status) -> (String, String) {
    let info = status.get_error_details().error_info().cloned().unwrap();
    (info.reason, info.metadata.get("gaps").cloned().unwrap_or_default())
}

#[tokio::test]
async fn the_directory_is_asked_for_this_document_and_the_day_in_vietnam() {
    for world in worlds().await {
        let document = world.submitted().await;
        world.tells(for_the_head());
        let approved = world.approves(&document, "").await.unwrap();
        assert_eq!((approved.stage(), approved.signing_mandate), (Stage::Approved, None));
        let wanted = CheckSignerRequest {
            agency_id: AGENCY.to_string(),
            user_id: DEPUTY.to_string(),
            document_kind: "DECISION".to_owned(),
            matter: "Đất đai".to_owned(),
            as_of_date: "2026-11-24".to_owned(),
        };
        assert_eq!(world.asked(), [wanted]);
    }
}

#[tokio::test]
async fn a_signature_keeps_form_lines_and_authorities() {
    for world in worlds().await {
        let document = world.submitted().await;
        world.tells(for_the_head());
        let approved = world.approves(&document, "").await.unwrap();
        let signed = world.signs(&approved).await.unwrap();
        let mandate = signed.signing_mandate.clone().unwrap();
        assert_eq!(mandate.form(), SigningForm::ForHead);
        assert_eq!(mandate.lines, ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]);
        assert_eq!(mandate.signing_authority_ids, [AUTHORITY.to_string()]);
        let officer = signed.signature.clone().unwrap().officer.unwrap();
        assert_eq!((&*officer.full_name, &*officer.position), ("Cà Thị Phó", "Phó Giám đốc"));
        world.tells(revoked());
        assert_eq!(world.reads(&document).await, signed, "what was signed stays signed");
    }
}

#[tokio::test]
async fn an_authority_revoked_after_the_approval_signs_nothing() {
    for world in worlds().await {
        let document = world.submitted().await;
        world.tells(for_the_head());
        let once = Uuid::from_u128(7).to_string();
        let approved = world.approves(&document, &once).await.unwrap();
        world.tells(revoked());
        let status = world.signs(&approved).await.unwrap_err();
        assert_eq!(refused(&status), ("NO_SIGNING_AUTHORITY".to_owned(), "REVOKED".to_owned()));
        assert!(status.message().ends_with("Việc giao ký bị thu hồi."), "{status}");
        assert_eq!(world.reads(&document).await, approved);
        assert_eq!(
            world.approves(&document, &once).await.unwrap(),
            approved,
            "a repeat gets its first answer"
        );
    }
}

#[tokio::test]
async fn nothing_moves_while_the_directory_is_away() {
    for world in worlds().await {
        let document = world.submitted().await;
        for code in [Code::Unavailable, Code::DeadlineExceeded, Code::Internal] {
            world.fails(code);
            let status = world.approves(&document, "").await.unwrap_err();
            assert_eq!(status.code(), code);
            assert_eq!(world.reads(&document).await, document);
        }
        world.tells(for_the_head());
        let approved = world.approves(&document, "").await.unwrap();
        world.fails(Code::Unavailable);
        let status = world.signs(&approved).await.unwrap_err();
        assert_eq!((status.code(), refused(&status).0), (Code::Unavailable, "UNAVAILABLE".to_owned()));
        assert_eq!(world.reads(&document).await, approved);
    }
}

#[tokio::test]
async fn nobody_signs_for_an_agency_that_is_none_any_more() {
    for world in worlds().await {
        let document = world.submitted().await;
        world.fails(Code::NotFound);
        let status = world.approves(&document, "").await.unwrap_err();
        assert_eq!(refused(&status), ("NO_SIGNING_AUTHORITY".to_owned(), String::new()));
        assert!(status.message().contains("cơ quan kế thừa"), "{status}");
    }
}

#[tokio::test]
async fn what_was_signed_before_mandates_were_kept_was_signed_by_the_head_directly() {
    for world in worlds().await {
        let document = world.submitted().await;
        world.tells(for_the_head());
        world.signs(&world.approves(&document, "").await.unwrap()).await.unwrap();
        world.changes(BEFORE_MANDATES).await;
        let mandate = world.reads(&document).await.signing_mandate.unwrap();
        assert_eq!(mandate.form(), SigningForm::Direct);
        assert_eq!((mandate.lines, mandate.signing_authority_ids), (vec!["GIÁM ĐỐC".to_owned()], Vec::new()));
    }
}

#[tokio::test]
async fn a_matter_is_one_short_line() {
    for world in worlds().await {
        for matter in ["Đất đai\nxây dựng".to_owned(), "đ".repeat(101)] {
            let document = pb::Document {
                drafting_unit_id: OFFICE.to_string(),
                kind: DocumentKind::Notice.into(),
                r#abstract: "Thông báo".to_owned(),
                matter,
                ..pb::Document::default()
            };
            let request = pb::CreateDocumentRequest {
                document: Some(document),
                request_id: String::new(),
                ..pb::CreateDocumentRequest::default()
            };
            let status = world.service.create_document(from_deputy(request)).await.unwrap_err();
            let details = status.get_error_details();
            let fields: Vec<_> =
                details.bad_request().unwrap().field_violations.iter().map(|wrong| &wrong.field).collect();
            assert_eq!(fields, ["document.matter"]);
        }
    }
}
