use anyhow::Context;
use base::{Clock, Ids, SystemClock, Timestamp, Uuid};
use congvan::sample;
use congvan_proto::documents::v1::{AttachmentRole, DocumentKind, RecipientPurpose, Urgency};
use sha2::{Digest, Sha256};
use sql::{Column, Db, Kind, Value, params};

use crate::clerk::Clerk;

/// The revision of every document of the stock.
pub(crate) const REVISION: i64 = 5;

/// How many rows go into one transaction, about.
const BATCH: usize = 10_000;

const DOCUMENT: [Column; 26] = [
    Column::new("id", Kind::Uuid),
    Column::new("revision", Kind::Int),
    Column::new("agency_id", Kind::Uuid),
    Column::new("agency_name", Kind::Text),
    Column::new("drafting_unit_id", Kind::Uuid),
    Column::new("drafter_id", Kind::Uuid),
    Column::new("drafter_name", Kind::Text),
    Column::new("drafter_position", Kind::Text),
    Column::new("kind", Kind::Int),
    Column::new("summary", Kind::Text),
    Column::new("urgency", Kind::Int),
    Column::new("language", Kind::Text),
    Column::new("pages", Kind::Int),
    Column::new("note", Kind::Text),
    Column::new("has_main_file", Kind::Bool),
    Column::new("stage", Kind::Text),
    Column::new("approver_id", Kind::Uuid),
    Column::new("approver_name", Kind::Text),
    Column::new("approver_position", Kind::Text),
    Column::new("approved_at", Kind::Time),
    Column::new("signer_id", Kind::Uuid),
    Column::new("signer_name", Kind::Text),
    Column::new("signer_position", Kind::Text),
    Column::new("signed_at", Kind::Time),
    Column::new("created_at", Kind::Time),
    Column::new("updated_at", Kind::Time),
];

const RECIPIENT: [Column; 5] = [
    Column::new("document_id", Kind::Uuid),
    Column::new("place", Kind::Int),
    Column::new("unit_id", Kind::Uuid),
    Column::new("name", Kind::Text),
    Column::new("purpose", Kind::Int),
];

const ATTACHMENT: [Column; 8] = [
    Column::new("id", Kind::Uuid),
    Column::new("document_id", Kind::Uuid),
    Column::new("role", Kind::Int),
    Column::new("file_name", Kind::Text),
    Column::new("media_type", Kind::Text),
    Column::new("size_bytes", Kind::Int),
    Column::new("sha256", Kind::Text),
    Column::new("created_at", Kind::Time),
];

/// What the documents of the stock have in common.
pub(crate) struct Letter {
    agency_id: Uuid,
    unit_id: Uuid,
    person_id: Uuid,
    recipients: Vec<(Uuid, String)>,
}

impl Letter {
    /// A letter from the clerk's agency to these.
    pub(crate) fn new(clerk: &Clerk, recipients: Vec<(Uuid, String)>) -> anyhow::Result<Self> {
        let post = clerk.user.appointments.first().context("a clerk without a post")?;
        let (agency_id, unit_id) = (post.agency_id.parse()?, post.unit_id.parse()?);
        Ok(Self { agency_id, unit_id, person_id: clerk.user.id.parse()?, recipients })
    }

    /// The agency whose letter it is.
    pub(crate) fn agency_id(&self) -> Uuid {
        self.agency_id
    }

    /// Puts signed documents straight into a database: their ids. The body of their file, the letter of the sample, is not put anywhere.
    pub(crate) async fn fill(&self, db: &Db, ids: &Ids, count: usize) -> anyhow::Result<Vec<Uuid>> {
        let documents: Vec<_> = (0..count).map(|_| ids.next()).collect();
        for some in documents.chunks((BATCH / self.recipients.len()).clamp(1, 1_000)) {
            let now = SystemClock.now();
            let mut tx = db.write("stock").await?;
            tx.insert("document", &DOCUMENT, some.iter().map(|id| self.document(*id, now)).collect()).await?;
            tx.insert(
                "document_recipient",
                &RECIPIENT,
                some.iter().flat_map(|id| self.recipients(*id)).collect(),
            )
            .await?;
            tx.insert(
                "attachment",
                &ATTACHMENT,
                some.iter().map(|id| attachment(ids.next(), *id, now)).collect(),
            )
            .await?;
            tx.commit().await?;
        }
        Ok(documents)
    }

    fn document(&self, id: Uuid, now: Timestamp) -> Vec<Value> {
        let mut values = params![
            id,
            REVISION,
            self.agency_id,
            "Sở Nội vụ",
            self.unit_id,
            self.person_id,
            "Lò Thị Hạnh",
            "Chuyên viên",
            i32::from(DocumentKind::OfficialLetter),
            "V/v tăng cường tiếp nhận, xử lý văn bản trên hệ thống quản lý văn bản và điều hành",
            i32::from(Urgency::Normal),
            "vi",
            1_i64,
            "",
            true,
            "SIGNED",
        ];
        for _ in ["approver", "signer"] {
            values.extend(params![self.person_id, "Cầm Văn Minh", "Giám đốc", now]);
        }
        values.extend(params![now, now]);
        values
    }

    fn recipients(&self, document: Uuid) -> impl Iterator<Item = Vec<Value>> {
        let recipients = self.recipients.iter().zip(0_i64..);
        recipients.map(move |((unit, name), place)| {
            params![document, place, *unit, name, i32::from(RecipientPurpose::Execute)]
        })
    }
}

fn attachment(id: Uuid, document: Uuid, now: Timestamp) -> Vec<Value> {
    let size = i64::try_from(sample::LETTER.len()).expect("a page");
    params![
        id,
        document,
        i32::from(AttachmentRole::Main),
        "cong-van.pdf",
        "application/pdf",
        size,
        hex::encode(Sha256::digest(sample::LETTER)),
        now
    ]
}
