//! One router that plays all three services: it notes what it was asked, and answers what it was told to.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, atomic::AtomicU64},
};

use axum::{Router, extract::Request, response::Response};
use bytes::{Buf, BufMut, Bytes};
use http::HeaderMap;
use kit::caller::Caller;
use prost::Message;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use serde_json::{Value, json};
use tonic::{
    Status,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    server::{Grpc, UnaryService},
};

use crate::{
    exports::Exports,
    files::{Files, UploadEnd},
};

/// The session that the good token opens.
pub(crate) const TOKEN: &str = "good-token";
pub(crate) const USER: &str = "00000000-0000-7000-8000-000000000001";
pub(crate) const SESSION: &str = "00000000-0000-7000-8000-000000000002";
pub(crate) const AGENCY: &str = "00000000-0000-7000-8000-000000000003";

/// A call as the service saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) caller: Caller,
    pub(crate) headers: HeaderMap,
    pub(crate) message: DynamicMessage,
}

type Answer = Box<dyn Fn() -> Result<Value, Status> + Send>;

#[derive(Default)]
pub(crate) struct Backend {
    seen: Mutex<Vec<Seen>>,
    answers: Mutex<HashMap<String, Answer>>,
    pub(crate) uploads: Mutex<Vec<UploadEnd>>,
    /// Bytes of uploads that have arrived.
    pub(crate) arrived: AtomicU64,
}

impl Backend {
    pub(crate) fn routes(self: &Arc<Self>) -> Router {
        let unary = self.clone();
        let files = tonic::service::Routes::new(Files::server(self.clone()));
        let files = files.add_service(Exports::server()).into_axum_router();
        let files = Arc::new(files);
        Router::new().fallback(move |request: Request| {
            let (backend, files) = (unary.clone(), files.clone());
            async move { backend.serve(request, (*files).clone()).await }
        })
    }

    async fn serve(self: Arc<Self>, request: Request, files: Router) -> Response {
        let path = request.uri().path().trim_start_matches('/').to_owned();
        let streams = ["/UploadAttachment", "/DownloadAttachment", "/ExportUnits", "/ExportPeople"];
        if streams.iter().any(|method| path.ends_with(method)) {
            return tower::ServiceExt::oneshot(files, request).await.unwrap();
        }
        let method = method(&path);
        let handler = Handler { backend: self, method, headers: request.headers().clone() };
        Grpc::new(Raw).unary(handler, request).await.map(axum::body::Body::new)
    }

    /// Answers this method (`UnitService/GetUnit`) with this message from now on.
    pub(crate) fn answer(&self, method: &str, answer: Value) {
        let answer = Box::new(move || Ok(answer.clone()));
        self.answers.lock().unwrap().insert(method.to_owned(), answer);
    }

    /// Refuses this method from now on.
    pub(crate) fn refuse<E: Into<Status>>(&self, method: &str, fault: impl Fn() -> E + Send + 'static) {
        let answer = Box::new(move || Err(fault().into()));
        self.answers.lock().unwrap().insert(method.to_owned(), answer);
    }

    /// What was asked since the last look, without the questions about sessions.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap());
        seen.into_iter().filter(|seen| seen.method != "SessionService/VerifySession").collect()
    }

    /// The methods for which sessions were verified since the last look; what else was asked is forgotten.
    pub(crate) fn asked_for(&self) -> Vec<String> {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap());
        let asked = seen.into_iter().filter(|seen| seen.method == "SessionService/VerifySession");
        let method = |seen: Seen| seen.message.get_field_by_name("method")?.as_str().map(str::to_owned);
        asked.filter_map(method).collect()
    }

    fn reply(&self, seen: Seen) -> Result<Value, Status> {
        let method = seen.method.clone();
        let message = serde_json::to_value(&seen.message).unwrap();
        self.seen.lock().unwrap().push(seen);
        match self.answers.lock().unwrap().get(&method) {
            Some(answer) => answer(),
            None if method == "SessionService/VerifySession" => verify(&message),
            None => Ok(json!({})),
        }
    }
}

fn verify(message: &Value) -> Result<Value, Status> {
    if message["token"] != TOKEN {
        return Err(Status::unauthenticated("no such session"));
    }
    Ok(json!({"session": {"id": SESSION, "user": {
        "id": USER,
        "fullName": "Lò Thị Mai",
        "appointments": [{
            "agencyId": AGENCY, "unitId": AGENCY, "position": "Văn thư",
            "roles": ["ROLE_DOCUMENT_OFFICE", "ROLE_ADMINISTRATOR"], // whom every method lets in
        }],
    }}}))
}

fn method(path: &str) -> MethodDescriptor {
    let (service, name) = path.split_once('/').unwrap();
    let service = congvan_proto::descriptor_pool().get_service_by_name(service).unwrap();
    service.methods().find(|method| method.name() == name).unwrap()
}

struct Handler {
    backend: Arc<Backend>,
    method: MethodDescriptor,
    headers: HeaderMap,
}

impl UnaryService<Bytes> for Handler {
    type Response = Bytes;
    type Future = Pin<Box<dyn Future<Output = Result<tonic::Response<Bytes>, Status>> + Send>>;

    fn call(&mut self, request: tonic::Request<Bytes>) -> Self::Future {
        let caller = Caller::of(&request).map_err(Status::from);
        let (backend, method, headers) = (self.backend.clone(), self.method.clone(), self.headers.clone());
        Box::pin(async move {
            let name = format!("{}/{}", method.parent_service().name(), method.name());
            let message = DynamicMessage::decode(method.input(), request.into_inner()).unwrap();
            let answer = backend.reply(Seen { method: name, caller: caller?, headers, message })?;
            let answer = DynamicMessage::deserialize(method.output(), answer).unwrap();
            Ok(tonic::Response::new(answer.encode_to_vec().into()))
        })
    }
}

#[derive(Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, target: &mut EncodeBuf<'_>) -> Result<(), Status> {
        target.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(source.copy_to_bytes(source.remaining())))
    }
}
