//! Files of units and people: staged, looked at, committed.

mod commit;
mod read;
mod stage;

use congvan_proto::directory::v1::{self as pb, import_job_service_server::ImportJobService};
use kit::caller::Caller;
use tonic::{Request, Response, Status, Streaming};

use crate::Directory;

/// A method of one message for one message, to the function that does it.
macro_rules! unary {
    ($self:ident, $request:ident, $function:path) => {{
        let caller = Caller::of(&$request)?;
        Ok(Response::new($function($self, &caller, $request.into_inner()).await?))
    }};
}

#[tonic::async_trait]
impl ImportJobService for Directory {
    async fn stage_import(
        &self,
        request: Request<Streaming<pb::StageImportRequest>>,
    ) -> Result<Response<pb::StageImportResponse>, Status> {
        unary!(self, request, stage::stage)
    }

    async fn get_import_job(
        &self,
        request: Request<pb::GetImportJobRequest>,
    ) -> Result<Response<pb::GetImportJobResponse>, Status> {
        unary!(self, request, read::get)
    }

    async fn list_import_jobs(
        &self,
        request: Request<pb::ListImportJobsRequest>,
    ) -> Result<Response<pb::ListImportJobsResponse>, Status> {
        unary!(self, request, read::list)
    }

    async fn list_import_rows(
        &self,
        request: Request<pb::ListImportRowsRequest>,
    ) -> Result<Response<pb::ListImportRowsResponse>, Status> {
        unary!(self, request, read::rows)
    }

    async fn commit_import(
        &self,
        request: Request<pb::CommitImportRequest>,
    ) -> Result<Response<pb::CommitImportResponse>, Status> {
        unary!(self, request, commit::commit)
    }

    async fn cancel_import(
        &self,
        request: Request<pb::CancelImportRequest>,
    ) -> Result<Response<pb::CancelImportResponse>, Status> {
        unary!(self, request, commit::cancel)
    }
}
