//! Units and people as files, page by page.

use std::{collections::HashMap, pin::Pin};

use base::{Date, Uuid};
use bytes::Bytes;
use congvan_proto::directory::v1::{
    self as pb, export_people_response::Part as PeoplePart, export_service_server::ExportService,
    export_units_response::Part as UnitsPart,
};
use directory_domain::User;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use kit::{Fault, Violations, caller::Caller};
use tonic::{Request, Response, Status};

use super::dates;
use crate::{
    Directory, permission,
    provision::{self, Format, TableWriter},
    store::{self, user::Filter},
};

/// How many rows of units, or people, are written at once.
const PAGE: u16 = 1000;

/// Largest piece of a file in one message, in bytes.
const CHUNK: usize = 256 << 10;

type Parts<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl ExportService for Directory {
    async fn export_units(
        &self,
        request: Request<pb::ExportUnitsRequest>,
    ) -> Result<Response<Parts<pb::ExportUnitsResponse>>, Status> {
        let pb::ExportUnitsRequest { format, as_of_date } = request.into_inner();
        let (format, on) = parse(self, format, &as_of_date)?;
        let first = UnitsPart::File(file("Đơn vị", format, on));
        let chunks = units(self, format, on).await?.map(|chunk| chunk.map(UnitsPart::Chunk));
        let parts = stream::iter([Ok(first)]).chain(chunks).err_into();
        Ok(Response::new(Box::pin(parts.map_ok(|part| pb::ExportUnitsResponse { part: Some(part) }))))
    }

    async fn export_people(
        &self,
        request: Request<pb::ExportPeopleRequest>,
    ) -> Result<Response<Parts<pb::ExportPeopleResponse>>, Status> {
        permission::administrator(&Caller::of(&request)?)?;
        let pb::ExportPeopleRequest { format, as_of_date } = request.into_inner();
        let (format, on) = parse(self, format, &as_of_date)?;
        let first = PeoplePart::File(file("Người dùng", format, on));
        let chunks = people(self.clone(), format, on).map(|chunk| chunk.map(PeoplePart::Chunk));
        let parts = stream::iter([Ok(first)]).chain(chunks).err_into();
        Ok(Response::new(Box::pin(parts.map_ok(|part| pb::ExportPeopleResponse { part: Some(part) }))))
    }
}

fn parse(service: &Directory, format: i32, as_of_date: &str) -> Result<(Format, Date), Fault> {
    let mut violations = Violations::default();
    let format = match pb::TableFormat::try_from(format) {
        Ok(pb::TableFormat::Xlsx) => Format::Xlsx,
        Ok(pb::TableFormat::Csv | pb::TableFormat::Unspecified) => Format::Csv,
        Err(_) => {
            violations.add("format", "không có định dạng này", "is no format");
            Format::Csv
        }
    };
    let on = dates::as_of(service, "asOfDate", as_of_date, &mut violations);
    violations.check().map(|()| (format, on))
}

fn file(name: &str, format: Format, on: Date) -> pb::ExportedFile {
    pb::ExportedFile {
        file_name: format!("{name} {on}.{}", format.ending()),
        media_type: format.media_type().to_owned(),
    }
}

/// The bytes of a file of units.
async fn units(
    service: &Directory,
    format: Format,
    on: Date,
) -> Result<impl Stream<Item = Result<Bytes, Fault>> + Send + use<>, Fault> {
    let structure = store::history::all(&mut service.db.read("export_units").await?).await?;
    let rows = provision::unit_rows(&structure, on);
    let writer = TableWriter::new(format, &provision::unit_header());
    let pages = stream::unfold((Some(writer), rows.into_iter()), |(writer, mut rows)| async move {
        let mut writer = writer?;
        let page: Vec<_> = rows.by_ref().take(usize::from(PAGE)).collect();
        writer.write(&page);
        if page.len() < usize::from(PAGE) {
            return Some((writer.finish(), (None, rows)));
        }
        Some((writer.take(), (Some(writer), rows)))
    });
    Ok(pages.flat_map(|page| stream::iter(chunks(page))))
}

/// The bytes of a file of people; each page is read when the one before has gone out.
fn people(
    service: Directory,
    format: Format,
    on: Date,
) -> impl Stream<Item = Result<Bytes, Fault>> + Send + use<> {
    let writer = TableWriter::new(format, &provision::people_header());
    let state = (service, Some(writer), String::new());
    let pages = stream::try_unfold(state, move |(service, writer, after)| async move {
        let Some(mut writer) = writer else { return Ok::<_, Fault>(None) };
        let (users, codes) = page(&service, &after, on).await?;
        writer.write(&provision::people_rows(&users, &codes));
        let last = users.last().map(|user| user.sign_in_name.clone());
        match last.filter(|_| users.len() == usize::from(PAGE)) {
            Some(last) => Ok(Some((writer.take(), (service, Some(writer), last)))),
            None => Ok(Some((writer.finish(), (service, None, after)))),
        }
    });
    pages.map_ok(|page| stream::iter(chunks(page))).try_flatten()
}

/// The people after a sign-in name, and the codes of the units that they hold posts in.
async fn page(
    service: &Directory,
    after: &str,
    on: Date,
) -> Result<(Vec<User>, HashMap<Uuid, String>), Fault> {
    let mut db = service.db.read("export_people").await?;
    let everybody = Filter { agency_ids: Vec::new(), role: None, active: None, stand_ins: Vec::new() };
    let users = store::user::list(&mut db, everybody, (after, PAGE), on).await?;
    let posts = users.iter().flat_map(|user| &user.appointments);
    let units = store::unit::among(&mut db, posts.map(|post| post.unit_id).collect(), on).await?;
    Ok((users, units.into_iter().map(|unit| (unit.id, unit.code)).collect()))
}

fn chunks(page: Vec<u8>) -> Vec<Result<Bytes, Fault>> {
    let mut rest = Bytes::from(page);
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        chunks.push(Ok(rest.split_to(rest.len().min(CHUNK))));
    }
    chunks
}
