use serde_json::{Value as Json, json};

use super::{Case, id, step};
use crate::matrix::{by::By, scene::SECRET};

/// The methods of documents and notifications.
pub(super) fn cases(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    let reasoned = |id: &str| json!({ "id": id, "revision": 999, "reason": "không đúng" });
    let document_id = |id: &str| json!({ "documentId": id });
    Some(match service {
        "MessageService/GetMessage" => by.messages(id),
        "DocumentService/CreateDocument" => by.drafting_units(|unit| json!({ "document": letter("", unit) })),
        "DocumentService/GetDocument" => by.papers(id),
        "DocumentService/UpdateDocument" => by.papers(|id| json!({ "document": letter(id, "") })),
        "DocumentService/SubmitDocument"
        | "DocumentService/ApproveDocument"
        | "DocumentService/SignDocument"
        | "DocumentService/IssueDocument"
        | "ReleaseService/NumberDocument"
        | "ReleaseService/SealDocument"
        | "ReleaseService/ReleaseDocument"
        | "ReleaseService/UndoRelease" => by.papers(step),
        "DocumentService/ReturnDocument" | "ReleaseService/VoidDocument" => by.papers(reasoned),
        "ReviewService/CheckDocument" => by.papers(|id| json!({ "id": id, "revision": 999, "check": 1 })),
        "ReviewService/CreateReviewProcess" => by.agencies(process),
        "ReviewService/ListReviewProcesses" => by.agencies(|id| json!({ "agencyId": id })),
        "DeliveryService/ListDocumentDeliveries" | "DeliveryService/GetDeliveryBoard" => {
            by.papers(document_id)
        }
        "HistoryService/ListDocumentHistory" | "HistoryService/ListDocumentVersions" => {
            by.papers(document_id)
        }
        "DraftingService/AssignDrafting" => by.drafting_tasks(|unit| assignment("", unit, NOBODY)),
        "DraftingService/GetDraftingAssignment" => by.draftings(|id, _| json!({ "id": id })),
        "DraftingService/TakeDrafting" => by.draftings(|id, _| step(id)),
        "DraftingService/ReassignDrafting" => by.draftings(|id, unit| assignment(id, unit, "")),
        "DraftingService/WithdrawDrafting" => {
            by.draftings(|id, _| json!({ "id": id, "revision": 999, "reason": "không cần nữa" }))
        }
        "HistoryService/ListDocumentViews" => by.papers(document_id),
        "HistoryService/GetDocumentVersion" => by.papers(|id| json!({ "documentId": id, "version": "1" })),
        "CommentService/ListDocumentComments" => by.papers(document_id),
        "CommentService/CommentOnDocument" => {
            by.papers(|id| json!({ "documentId": id, "text": "Cần rõ hơn", "answeredNumber": 999 }))
        }
        "CommentService/ResolveComment" => by.papers(|id| json!({ "documentId": id, "number": 999 })),
        "AttachmentService/RemoveAttachment" => by.attachments(step),
        "AttachmentService/ArrangeAttachments" => by.papers(arrange),
        "AttachmentService/UploadAttachment" => by.papers(upload),
        "AttachmentService/GetAttachment" | "AttachmentService/DownloadAttachment" => by.attachments(id),
        "DeliveryService/GetDelivery" => by.deliveries(id),
        "DeliveryService/AcceptDelivery" => by.deliveries(step),
        "DeliveryService/RefuseDelivery" => by.deliveries(reasoned),
        "DeliveryService/ListDeliveries" => by.inboxes(|id| json!({ "recipientId": id })),
        "BoardService/WatchDeliveryBoard" => by.papers(document_id),
        "BoardService/UrgeDeliveries" => {
            by.papers(|id| json!({ "documentId": id, "text": "đề nghị tiếp nhận" }))
        }
        "RecipientService/PreviewRecipients" => by.papers(document_id),
        "HandlingService/ForwardDelivery" => {
            let unit = by.unit_id();
            let request =
                move |id: &str| json!({ "id": id, "revision": 999, "recipients": [{ "unitId": unit }] });
            by.deliveries(request)
        }
        "HandlingService/CheckDelivery" => by.deliveries(id),
        "HandlingService/StartDelivery" => by.deliveries(step),
        "HandlingService/ReturnDelivery" => by.deliveries(reasoned),
        "HandlingService/CompleteDelivery" => {
            by.deliveries(|id| json!({ "id": id, "revision": 999, "result": "đã trả lời" }))
        }
        "HandlingService/AssignDelivery" => {
            let unit = by.unit_id();
            by.deliveries(move |id| json!({ "id": id, "revision": 999, "unitId": unit }))
        }
        "DocumentKindService/CreateDocumentKind" => by.keepers(
            |id| json!({ "kind": { "agencyId": id, "name": "Giấy", "abbreviation": "a b", "nature": 1 } }),
        ),
        "NumberSeriesService/CreateNumberSeries" | "NumberSeriesService/UpdateNumberSeries" => {
            by.agencies(|id| json!({ "series": { "agencyId": id } }))
        }
        "NumberSeriesService/EndNumberSeries" => by.agencies(|id| json!({ "agencyId": id })),
        "RecallService/RequestRecall" => by.papers(order),
        "RecallService/GetRecall" => by.recalls(id),
        "RecallService/CancelRecall" => by.recalls(reasoned),
        "RecallService/AgreeRecall" => by.deliveries(step),
        "RecallService/RefuseRecall" => by.deliveries(reasoned),
        "RecallService/ListRecalls" => by.agencies(|id| json!({ "agencyId": id })),
        "ReservationService/ReserveNumber" => {
            by.papers(|id| json!({ "documentId": id, "untilDate": "2026-12-01", "reason": "không đúng" }))
        }
        "ReservationService/CancelReservation" => {
            by.papers(|id| json!({ "documentId": id, "reason": "không đúng" }))
        }
        "CopyService/CertifyCopy" => by.papers(|id| {
            json!({ "documentId": id, "form": "COPY_FORM_SAO_Y", "sourceMedium": "COPY_MEDIUM_ELECTRONIC",
                "medium": "COPY_MEDIUM_ELECTRONIC" })
        }),
        "RegisterService/ListRegisterEntries" => by.agencies(|id| json!({ "agencyId": id })),
        _ => return None,
    })
}

/// A recall by a notice that is not there.
fn order(document_id: &str) -> Json {
    json!({
        "documentId": document_id, "revision": 999, "noticeDocumentId": "019376ad-0000-7000-8000-000000000008",
        "reason": "Ban hành nhầm", "deadline": "2026-12-01T00:00:00Z",
    })
}

fn upload(document_id: &str) -> Json {
    json!({ "header": { "documentId": document_id, "fileName": "phu-luc.pdf", "revision": 999, "role": 2 } })
}

fn arrange(document_id: &str) -> Json {
    json!({ "documentId": document_id, "revision": 999, "attachmentIds": [document_id] })
}

/// The built-in process, laid down by an agency itself.
fn process(agency_id: &str) -> Json {
    let check = |sort: &str, place: &str, duty: &str| json!({ "checks": [{ "sort": sort, "name": "Kiểm tra", "place": place, "duty": duty }] });
    let levels = [
        check("CHECK_SORT_CONTENT", "CHECK_PLACE_DRAFTING_UNIT", "CHECK_DUTY_UNIT_HEAD"),
        check("CHECK_SORT_FORMAT", "CHECK_PLACE_AGENCY", "CHECK_DUTY_FORMAT_CHECKER"),
    ];
    json!({ "reviewProcess": { "agencyId": agency_id, "levels": levels } })
}

/// A person that nobody knows.
const NOBODY: &str = "019376ad-0000-7000-8000-000000000007";

/// Drafting for a unit and a person: a new assignment, or one that is there.
fn assignment(id: &str, unit: &str, user: &str) -> Json {
    json!({ "draftingAssignment": {
        "id": id, "revision": if id.is_empty() { 0 } else { 999 },
        "unitId": unit, "userId": user, "directive": SECRET,
    }})
}

/// A letter: a new one of a unit, or one that is there.
fn letter(id: &str, unit: &str) -> Json {
    json!({
        "id": id, "revision": if id.is_empty() { 0 } else { 999 },
        "draftingUnitId": unit, "kind": "DOCUMENT_KIND_OFFICIAL_LETTER", "abstract": SECRET,
    })
}
