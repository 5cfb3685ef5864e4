//! Files sent to the directory and fetched from it, as the gateway does it.

use congvan_proto::directory::v1::{
    self as pb, export_people_response::Part as PeoplePart, export_service_client::ExportServiceClient,
    export_units_response::Part as UnitsPart, import_job_service_client::ImportJobServiceClient,
    stage_import_request::Part,
};
use kit::transport::Transport;
use tonic::Status;

use crate::world::{Who, World};

pub(crate) const UNITS: pb::ImportKind = pb::ImportKind::Units;
pub(crate) const PEOPLE: pb::ImportKind = pb::ImportKind::People;

/// The header of a file of this kind.
pub(crate) fn header(kind: pb::ImportKind) -> pb::StageImportHeader {
    pb::StageImportHeader { kind: kind.into(), file_name: "danh bạ.csv".to_owned(), ..Default::default() }
}

impl World {
    pub(crate) fn jobs(&self) -> ImportJobServiceClient<Transport> {
        ImportJobServiceClient::new(self.transport.clone())
    }

    /// Sends a file in pieces.
    pub(crate) async fn stage_with(
        &self,
        by: &Who,
        header: pb::StageImportHeader,
        bytes: &[u8],
    ) -> Result<pb::ImportJob, Status> {
        let chunks = bytes.chunks(1000).map(|chunk| Part::Chunk(chunk.to_vec().into()));
        let parts: Vec<_> = std::iter::once(Part::Header(header))
            .chain(chunks)
            .map(|part| pb::StageImportRequest { part: Some(part) })
            .collect();
        let request = self.from(by, futures::stream::iter(parts));
        Ok(self.jobs().stage_import(request).await?.into_inner().job.unwrap())
    }

    pub(crate) async fn stage(
        &self,
        by: &Who,
        kind: pb::ImportKind,
        bytes: impl AsRef<[u8]>,
    ) -> Result<pb::ImportJob, Status> {
        self.stage_with(by, header(kind), bytes.as_ref()).await
    }

    pub(crate) async fn commit(&self, by: &Who, job: &pb::ImportJob) -> Result<pb::ImportJob, Status> {
        let request =
            pb::CommitImportRequest { id: job.id.clone(), revision: job.revision, ..Default::default() };
        let answer = self.jobs().commit_import(self.from(by, request)).await?;
        Ok(answer.into_inner().job.unwrap())
    }

    /// Stages a file that must be without mistake, and commits it.
    pub(crate) async fn import(&self, by: &Who, kind: pb::ImportKind, bytes: impl AsRef<[u8]>) {
        let job = self.stage(by, kind, bytes).await.unwrap();
        assert_eq!(job.error_count, 0, "{:#?}", self.mistakes_of(by, &job).await);
        let job = self.commit(by, &job).await.unwrap();
        assert_eq!(job.state(), pb::ImportState::Committed);
    }

    /// The job as it is now.
    pub(crate) async fn job(&self, by: &Who, job: &pb::ImportJob) -> pb::ImportJob {
        let request = pb::GetImportJobRequest { id: job.id.clone() };
        let answer = self.jobs().get_import_job(self.from(by, request)).await.unwrap();
        answer.into_inner().job.unwrap()
    }

    /// All rows of a job with this action, read in small pages.
    pub(crate) async fn rows(
        &self,
        by: &Who,
        job: &pb::ImportJob,
        action: pb::ImportAction,
    ) -> Vec<pb::ImportRow> {
        let mut rows = Vec::new();
        let mut page_token = String::new();
        loop {
            let (job_id, action) = (job.id.clone(), action.into());
            let request = pb::ListImportRowsRequest { job_id, action, page_size: 3, page_token };
            let page = self.jobs().list_import_rows(self.from(by, request)).await.unwrap().into_inner();
            rows.extend(page.rows);
            if page.next_page_token.is_empty() {
                return rows;
            }
            page_token = page.next_page_token;
        }
    }

    /// The mistakes of a job, each as "row column: sentence", by row.
    pub(crate) async fn mistakes_of(&self, by: &Who, job: &pb::ImportJob) -> Vec<String> {
        let rows = self.rows(by, job, pb::ImportAction::Error).await;
        let mut told: Vec<_> = rows.into_iter().flat_map(|row| row.errors).collect();
        told.sort_by_key(|error| error.row);
        told.into_iter().map(|error| format!("{} {}: {}", error.row, error.column, error.message)).collect()
    }

    /// The differences of a job, each as "key field: before → after".
    pub(crate) async fn changes_of(&self, by: &Who, job: &pb::ImportJob) -> Vec<String> {
        let rows = self.rows(by, job, pb::ImportAction::Unspecified).await;
        let told = rows.into_iter().flat_map(|row| {
            row.changes.into_iter().map(move |change| {
                format!("{} {}: {} → {}", row.key, change.field, change.before, change.after)
            })
        });
        told.collect()
    }

    /// A file of the units.
    pub(crate) async fn export_units(&self, by: &Who, format: pb::TableFormat, as_of_date: &str) -> Vec<u8> {
        let request = pb::ExportUnitsRequest { format: format.into(), as_of_date: as_of_date.to_owned() };
        let mut client = ExportServiceClient::new(self.transport.clone());
        let mut parts = client.export_units(self.from(by, request)).await.unwrap().into_inner();
        let mut bytes = Vec::new();
        while let Some(message) = parts.message().await.unwrap() {
            match message.part.unwrap() {
                UnitsPart::File(file) => assert!(bytes.is_empty() && !file.media_type.is_empty()),
                UnitsPart::Chunk(chunk) => bytes.extend(chunk),
            }
        }
        bytes
    }

    /// A file of the people.
    pub(crate) async fn export_people(&self, by: &Who, format: pb::TableFormat) -> Result<Vec<u8>, Status> {
        let request = pb::ExportPeopleRequest { format: format.into(), ..Default::default() };
        let mut client = ExportServiceClient::new(self.transport.clone());
        let mut parts = client.export_people(self.from(by, request)).await?.into_inner();
        let mut bytes = Vec::new();
        while let Some(message) = parts.message().await? {
            match message.part.unwrap() {
                PeoplePart::File(file) => assert!(bytes.is_empty() && !file.file_name.is_empty()),
                PeoplePart::Chunk(chunk) => bytes.extend(chunk),
            }
        }
        Ok(bytes)
    }
}
