use serde_json::{Value as Json, json};

use super::{Case, id, step};
use crate::matrix::{by::By, scene::SECRET};

/// The methods of documents and notifications.
pub(super) fn cases(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    let cases = on_its_way(service, by).or_else(|| around(service, by));
    cases.or_else(|| delivered(service, by)).or_else(|| kept(service, by))
}

fn reasoned(id: &str) -> Json {
    json!({ "id": id, "revision": 999, "reason": "không đúng" })
}

fn document_id(id: &str) -> Json {
    json!({ "documentId": id })
}

fn agency_id(id: &str) -> Json {
    json!({ "agencyId": id })
}

/// From the draft to the release.
fn on_its_way(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    Some(match service {
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
        "ReviewService/ListReviewProcesses" | "RecallService/ListRecalls" => by.agencies(agency_id),
        "RecallService/RequestRecall" => by.papers(order),
        "RecallService/GetRecall" => by.recalls(id),
        "RecallService/CancelRecall" => by.recalls(reasoned),
        _ => return None,
    })
}

/// What is around a document: who drafts it, its files, comments and history.
fn around(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    Some(match service {
        "DraftingService/AssignDrafting" => by.drafting_tasks(|unit| assignment("", unit, NOBODY)),
        "DraftingService/GetDraftingAssignment" => by.draftings(|id, _| json!({ "id": id })),
        "DraftingService/TakeDrafting" => by.draftings(|id, _| step(id)),
        "DraftingService/ReassignDrafting" => by.draftings(|id, unit| assignment(id, unit, "")),
        "DraftingService/WithdrawDrafting" => by.draftings(|id, _| reasoned(id)),
        "HistoryService/ListDocumentHistory"
        | "HistoryService/ListDocumentVersions"
        | "HistoryService/ListDocumentViews"
        | "CommentService/ListDocumentComments" => by.papers(document_id),
        "HistoryService/GetDocumentVersion" => by.papers(|id| json!({ "documentId": id, "version": "1" })),
        "CommentService/CommentOnDocument" => {
            by.papers(|id| json!({ "documentId": id, "text": "Cần rõ hơn", "answeredNumber": 999 }))
        }
        "CommentService/ResolveComment" => by.papers(|id| json!({ "documentId": id, "number": 999 })),
        "AttachmentService/RemoveAttachment" => by.attachments(step),
        "AttachmentService/ArrangeAttachments" => by.papers(arrange),
        "AttachmentService/UploadAttachment" => by.papers(upload),
        "AttachmentService/GetAttachment" | "AttachmentService/DownloadAttachment" => by.attachments(id),
        _ => return None,
    })
}

/// Deliveries, at the sender and at the recipient, and the mails about them.
fn delivered(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    let unit = by.unit_id();
    Some(match service {
        "MessageService/GetMessage" => by.messages(id),
        "DeliveryService/ListDocumentDeliveries"
        | "DeliveryService/GetDeliveryBoard"
        | "BoardService/WatchDeliveryBoard"
        | "RecipientService/PreviewRecipients" => by.papers(document_id),
        "BoardService/UrgeDeliveries" => {
            by.papers(|id| json!({ "documentId": id, "text": "đề nghị tiếp nhận" }))
        }
        "DeliveryService/ListDeliveries" => by.inboxes(|id| json!({ "recipientId": id })),
        "DeliveryService/GetDelivery" | "HandlingService/CheckDelivery" => by.deliveries(id),
        "DeliveryService/AcceptDelivery" | "HandlingService/StartDelivery" | "RecallService/AgreeRecall" => {
            by.deliveries(step)
        }
        "DeliveryService/RefuseDelivery"
        | "HandlingService/ReturnDelivery"
        | "RecallService/RefuseRecall" => by.deliveries(reasoned),
        "HandlingService/ForwardDelivery" => by.deliveries(
            move |id: &str| json!({ "id": id, "revision": 999, "recipients": [{ "unitId": unit }] }),
        ),
        "HandlingService/CompleteDelivery" => {
            by.deliveries(|id| json!({ "id": id, "revision": 999, "result": "đã trả lời" }))
        }
        "HandlingService/AssignDelivery" => {
            by.deliveries(move |id| json!({ "id": id, "revision": 999, "unitId": unit }))
        }
        _ => return None,
    })
}

/// Registers, and what is numbered in them.
fn kept(service: &str, by: &By<'_>) -> Option<Vec<Case>> {
    Some(match service {
        "DocumentKindService/CreateDocumentKind" => by.keepers(
            |id| json!({ "kind": { "agencyId": id, "name": "Giấy", "abbreviation": "a b", "nature": 1 } }),
        ),
        "NumberSeriesService/CreateNumberSeries" | "NumberSeriesService/UpdateNumberSeries" => {
            by.agencies(|id| json!({ "series": { "agencyId": id } }))
        }
        "NumberSeriesService/EndNumberSeries" | "RegisterService/ListRegisterEntries" => {
            by.agencies(agency_id)
        }
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
