use std::pin::Pin;

use axum::body::Body;
use bytes::Bytes;
use congvan_proto::directory::v1::{
    ExportPeopleRequest, ExportPeopleResponse, ExportUnitsRequest, ExportUnitsResponse, ExportedFile,
    export_people_response,
    export_service_server::{ExportService, ExportServiceServer},
    export_units_response,
};
use futures::{Stream, StreamExt, stream};
use http_body_util::BodyExt;
use kit::{Fault, Text};
use tonic::{Request, Response, Status};

use crate::world::{World, signed_in};

/// The exports of the directory: units as ten pieces; people break off on one day and are refused on all others.
pub(crate) struct Exports;

const BREAKS: &str = "2026-01-01";

type Parts<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

impl Exports {
    pub(crate) fn server() -> ExportServiceServer<Self> {
        ExportServiceServer::new(Self)
    }
}

#[tonic::async_trait]
impl ExportService for Exports {
    async fn export_units(
        &self,
        request: Request<ExportUnitsRequest>,
    ) -> Result<Response<Parts<ExportUnitsResponse>>, Status> {
        use export_units_response::Part;
        let request = request.into_inner();
        let file = ExportedFile {
            file_name: format!("đơn-vị-{}-{}.csv", request.format, request.as_of_date),
            media_type: "text/csv; charset=utf-8".to_owned(),
        };
        let parts = (0..10).map(|piece| Part::Chunk(Bytes::from(vec![piece; 100_000])));
        let parts: Vec<_> = std::iter::once(Part::File(file)).chain(parts).collect();
        Ok(Response::new(Box::pin(
            stream::iter(parts).map(|part| Ok(ExportUnitsResponse { part: Some(part) })),
        )))
    }

    async fn export_people(
        &self,
        request: Request<ExportPeopleRequest>,
    ) -> Result<Response<Parts<ExportPeopleResponse>>, Status> {
        use export_people_response::Part;
        if request.into_inner().as_of_date != BREAKS {
            return Err(Fault::not_allowed(&Text::new("quản trị hệ thống", "the administrators")).into());
        }
        let part = |part| Ok(ExportPeopleResponse { part: Some(part) });
        let parts = [
            part(Part::File(ExportedFile::default())),
            part(Part::Chunk(Bytes::from_static(b"half"))),
            Err(Status::data_loss("the database is gone")),
        ];
        Ok(Response::new(Box::pin(stream::iter(parts))))
    }
}

#[tokio::test]
async fn a_file_made_for_the_call_comes_out_as_it_is_made() {
    for world in [World::new().await, World::with_remote_services().await] {
        let answer = world.get("/v1/units:export?format=TABLE_FORMAT_CSV&asOfDate=2026-07-01").await;
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.bytes));
        assert_eq!(answer.bytes.len(), 1_000_000);
        assert_eq!((answer.bytes[99_999], answer.bytes[999_999]), (0, 9));
        for (name, expected) in [
            ("content-type", "text/csv; charset=utf-8"),
            (
                "content-disposition",
                "attachment; filename=\"don-vi-1-2026-07-01.csv\"; filename*=UTF-8''%C4%91%C6%A1n-v%E1%BB%8B-1-2026-07-01.csv",
            ),
            ("cache-control", "no-store"),
            ("accept-ranges", ""),
        ] {
            assert_eq!(answer.header(name), expected, "{name}");
        }
        let head = world.send(signed_in("HEAD", "/v1/units:export").body(Body::empty()).unwrap()).await;
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
    }
}

#[tokio::test]
async fn a_refused_export_is_a_problem_and_a_broken_one_has_no_end() {
    let world = World::new().await;
    assert_eq!(world.get("/v1/users:export").await.problem(), (403, "NOT_ALLOWED".to_owned()));
    let wrong = world.get("/v1/users:export?format=DOCX").await;
    assert_eq!(wrong.problem(), (400, "INVALID_FIELDS".to_owned()));
    let address = format!("/v1/users:export?asOfDate={BREAKS}");
    let answer = world.ask(signed_in("GET", &address).body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.into_body().collect().await.is_err());
}
