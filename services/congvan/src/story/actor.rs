use anyhow::{Context, anyhow};
use bytes::Bytes;
use congvan_proto::{
    directory::v1::{
        ImportDirectoryRequest, ImportDirectoryResponse, ListUnitsRequest, ListUnitsResponse, SignInRequest,
        User, import_service_client::ImportServiceClient, session_service_client::SessionServiceClient,
        unit_service_client::UnitServiceClient,
    },
    documents::v1::{
        AcceptDeliveryRequest, ApproveDocumentRequest, CheckDocumentRequest, CreateDocumentRequest, Delivery,
        DeliveryBoard, Document, GetDeliveryBoardRequest, IssueDocumentRequest, ListDeliveriesRequest,
        RefuseDeliveryRequest, SignDocumentRequest, SubmitDocumentRequest, UploadAttachmentHeader,
        UploadAttachmentRequest, UploadAttachmentResponse,
        attachment_service_client::AttachmentServiceClient, delivery_service_client::DeliveryServiceClient,
        document_service_client::DocumentServiceClient, review_service_client::ReviewServiceClient,
        upload_attachment_request::Part,
    },
    notifications::v1::{
        CountMessagesRequest, CountMessagesResponse, message_service_client::MessageServiceClient,
    },
};
use kit::transport::Transport;
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
};

/// How much of a file goes into one message.
const CHUNK_BYTES: usize = 256 << 10;

/// A signed-in person.
#[derive(Clone)]
pub(super) struct Actor {
    name: String,
    transport: Transport,
    bearer: MetadataValue<Ascii>,
    user: User,
}

/// A unary call as the actor: client, method, request; the answer, or an error that says who asked for what.
macro_rules! call {
    ($actor:expr, $client:ident, $method:ident, $request:expr) => {{
        let mut client = $client::new($actor.transport.clone());
        let answer = client.$method($actor.request($request)).await;
        answer.map_err(|status| $actor.failed(stringify!($method), &status))?.into_inner()
    }};
}

/// Calls whose answer holds one thing that must be there.
macro_rules! calls {
    ($($name:ident = $client:ident.$method:ident($request:ident) -> $thing:ident: $type:ty;)+) => {
        $(pub(super) async fn $name(&self, request: $request) -> anyhow::Result<$type> {
            call!(self, $client, $method, request).$thing.with_context(|| format!("{}: an empty answer", stringify!($method)))
        })+
    };
}

impl Actor {
    /// Signs in.
    pub(super) async fn sign_in(transport: Transport, name: &str, password: &str) -> anyhow::Result<Self> {
        let request = SignInRequest {
            sign_in_name: name.to_owned(),
            password: password.to_owned(),
            ..Default::default()
        };
        let answer = SessionServiceClient::new(transport.clone()).sign_in(request).await;
        let answer = answer.map_err(|status| told(name, "sign_in", &status))?.into_inner();
        let bearer = format!("Bearer {}", answer.token).parse()?;
        let user = answer.session.and_then(|session| session.user).context("a session without a user")?;
        Ok(Self { name: name.to_owned(), transport, bearer, user })
    }

    calls! {
        create = DocumentServiceClient.create_document(CreateDocumentRequest) -> document: Document;
        submit = DocumentServiceClient.submit_document(SubmitDocumentRequest) -> document: Document;
        check = ReviewServiceClient.check_document(CheckDocumentRequest) -> document: Document;
        approve = DocumentServiceClient.approve_document(ApproveDocumentRequest) -> document: Document;
        sign = DocumentServiceClient.sign_document(SignDocumentRequest) -> document: Document;
        issue = DocumentServiceClient.issue_document(IssueDocumentRequest) -> document: Document;
        accept = DeliveryServiceClient.accept_delivery(AcceptDeliveryRequest) -> delivery: Delivery;
        refuse = DeliveryServiceClient.refuse_delivery(RefuseDeliveryRequest) -> delivery: Delivery;
    }

    /// The unit of the actor's first post.
    pub(super) fn unit_id(&self) -> Option<String> {
        self.user.appointments.first().map(|post| post.unit_id.clone())
    }

    /// Loads units and people.
    pub(super) async fn import(
        &self,
        request: ImportDirectoryRequest,
    ) -> anyhow::Result<ImportDirectoryResponse> {
        Ok(call!(self, ImportServiceClient, import_directory, request))
    }

    /// A page of units.
    pub(super) async fn units(&self, request: ListUnitsRequest) -> anyhow::Result<ListUnitsResponse> {
        Ok(call!(self, UnitServiceClient, list_units, request))
    }

    /// The newest of an inbox.
    pub(super) async fn inbox(&self, request: ListDeliveriesRequest) -> anyhow::Result<Vec<Delivery>> {
        Ok(call!(self, DeliveryServiceClient, list_deliveries, request).deliveries)
    }

    /// The board of a document.
    pub(super) async fn board(&self, document_id: &str) -> anyhow::Result<DeliveryBoard> {
        let request = GetDeliveryBoardRequest { document_id: document_id.to_owned(), ..Default::default() };
        let answer = call!(self, DeliveryServiceClient, get_delivery_board, request);
        answer.board.context("an empty board")
    }

    /// How many mails there are about something.
    pub(super) async fn mails(&self, request: CountMessagesRequest) -> anyhow::Result<CountMessagesResponse> {
        Ok(call!(self, MessageServiceClient, count_messages, request))
    }

    /// Attaches a file.
    pub(super) async fn upload(
        &self,
        header: UploadAttachmentHeader,
        body: &'static [u8],
    ) -> anyhow::Result<UploadAttachmentResponse> {
        let chunks = body.chunks(CHUNK_BYTES).map(|chunk| Part::Chunk(Bytes::from_static(chunk)));
        let parts: Vec<_> = std::iter::once(Part::Header(header)).chain(chunks).collect();
        let stream =
            tokio_stream::iter(parts.into_iter().map(|part| UploadAttachmentRequest { part: Some(part) }));
        Ok(call!(self, AttachmentServiceClient, upload_attachment, stream))
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.bearer.clone());
        request
    }

    fn failed(&self, method: &str, status: &Status) -> anyhow::Error {
        told(&self.name, method, status)
    }
}

fn told(name: &str, method: &str, status: &Status) -> anyhow::Error {
    anyhow!("{name} asked for {method}: {:?}: {}", status.code(), status.message())
}
