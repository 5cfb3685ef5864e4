use congvan_tests::World;
use http::{Request, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full};
use kit::{caller::HEADER, transport::Transport};
use prost_reflect::prost::Message;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use serde_json::Value as Json;
use tonic::{Status, body::Body};
use tower::ServiceExt;

/// Bytes before a message in its gRPC frame: compression flag and length.
const FRAME_HEAD: usize = 5;

/// Methods that end sessions, the less the earlier.
pub(crate) const LAST: [&str; 3] = ["RevokeSession", "RevokeAllSessions", "SignOut"];

/// A method of a service that serves it; events are served by several.
#[derive(Clone)]
pub(crate) struct Callable {
    pub(crate) method: MethodDescriptor,
    /// Which process serves it.
    pub(crate) process: &'static str,
    transport: Transport,
}

impl Callable {
    /// Every method of the contracts, with every process that serves it, in a fixed order.
    pub(crate) fn all(world: &World) -> Vec<Self> {
        let backends = world.backends();
        let processes = [
            ("directory", &backends.directory),
            ("documents", &backends.documents),
            ("notifications", &backends.notifications),
        ];
        let mut found = Vec::new();
        for service in congvan_proto::descriptor_pool().services() {
            let package = service.package_name().to_owned();
            let serves = |process: &str| match package.as_str() {
                "congvan.events.v1" => process != "notifications", // which tells nothing
                package => package == format!("congvan.{process}.v1"),
            };
            let serving: Vec<_> = processes.iter().filter(|(process, _)| serves(process)).collect();
            assert!(!serving.is_empty() || !package.starts_with("congvan."), "who serves {package}?");
            for (process, transport) in serving {
                let transport = (*transport).clone();
                found.extend(service.methods().map(|method| Self {
                    method,
                    process,
                    transport: transport.clone(),
                }));
            }
        }
        found.sort_by_key(|callable| (callable.ends(), callable.name()));
        found
    }

    /// Its name in the table: "directory.UnitService/GetUnit".
    pub(crate) fn name(&self) -> String {
        format!("{}.{}/{}", self.process, self.method.parent_service().name(), self.method.name())
    }

    /// Whether it ends what others are asked about: such come last.
    fn ends(&self) -> Option<usize> {
        LAST.iter().position(|name| *name == self.method.name())
    }

    /// What the contracts say about it.
    pub(crate) fn stated(&self) -> &'static congvan_proto::Method {
        let path = format!("/{}/{}", self.method.parent_service().full_name(), self.method.name());
        congvan_proto::method(&path).unwrap()
    }

    /// Calls the service with a claim, or none; the answer, which is empty for a stream that began.
    pub(crate) async fn call(&self, claim: Option<&str>, request: &Json) -> Result<DynamicMessage, Status> {
        self.send(&self.transport, claim.map(|claim| (HEADER, claim.to_owned())), request).await
    }

    /// Calls by a gateway with the token of a session or a key, or none.
    pub(crate) async fn at(
        &self,
        gateway: &Transport,
        token: Option<&str>,
        request: &Json,
    ) -> Result<DynamicMessage, Status> {
        let bearer = token.map(|token| ("authorization", format!("Bearer {token}")));
        self.send(gateway, bearer, request).await
    }

    async fn send(
        &self,
        transport: &Transport,
        header: Option<(&str, String)>,
        request: &Json,
    ) -> Result<DynamicMessage, Status> {
        let message = DynamicMessage::deserialize(self.method.input(), request)
            .unwrap_or_else(|error| panic!("{}: {error} in {request}", self.name()))
            .encode_to_vec();
        let mut frame = vec![0];
        frame.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        frame.extend(message);
        let mut call = Request::post(self.stated().path.as_str())
            .header(CONTENT_TYPE, "application/grpc")
            .header("te", "trailers")
            .header("accept-language", "en");
        if let Some((name, value)) = header {
            call = call.header(name, value);
        }
        let call = call.body(Body::new(Full::from(frame))).unwrap();
        let (head, body) = transport.clone().oneshot(call).await.unwrap().into_parts();
        if let Some(status) = Status::from_header_map(&head.headers) {
            return Err(status);
        }
        let empty = DynamicMessage::new(self.method.output());
        if self.method.is_server_streaming() {
            return Ok(empty);
        }
        let body = body.collect().await.unwrap();
        match body.trailers().and_then(Status::from_header_map) {
            Some(status) if status.code() != tonic::Code::Ok => Err(status),
            _ => {
                let bytes = body.to_bytes();
                Ok(DynamicMessage::decode(self.method.output(), &bytes[FRAME_HEAD..]).unwrap())
            }
        }
    }
}
