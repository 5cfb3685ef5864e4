use anyhow::{Context, ensure};
use base::{Ids, Uuid};
use congvan::sample;
use congvan_proto::{
    directory::v1::{
        Appointment, ListUnitsRequest, SignInRequest, Unit, UnitKind, session_service_client::SessionServiceClient,
        unit_service_client::UnitServiceClient,
    },
    documents::v1::{IssueDocumentRequest, document_service_client::DocumentServiceClient},
};
use kit::transport::Transport;
use tonic::{
    Request,
    metadata::{Ascii, MetadataValue},
};

use crate::stock;

/// A signed-in clerk with a connection of their own.
pub(crate) struct Clerk {
    transport: Transport,
    bearer: MetadataValue<Ascii>,
    /// The clerk's post.
    pub(crate) post: Appointment,
    /// Who the clerk is.
    pub(crate) user_id: Uuid,
}

impl Clerk {
    /// Signs in the clerk who issues the documents.
    pub(crate) async fn sign_in(address: &str) -> anyhow::Result<Self> {
        let transport = Transport::remote(address)?;
        let request =
            SignInRequest { sign_in_name: "vanthu.snv".to_owned(), password: sample::PASSWORD.to_owned() };
        let answer = SessionServiceClient::new(transport.clone()).sign_in(request).await?.into_inner();
        let user = answer.session.and_then(|session| session.user).context("a session without a user")?;
        let bearer = format!("Bearer {}", answer.token).parse()?;
        let post = user.appointments.into_iter().next().context("a clerk without a post")?;
        Ok(Self { transport, bearer, post, user_id: user.id.parse()? })
    }

    /// The communes: the recipients of every document.
    pub(crate) async fn communes(&self) -> anyhow::Result<Vec<Unit>> {
        let kinds = vec![UnitKind::Ward.into(), UnitKind::Commune.into()];
        let request = ListUnitsRequest { kinds, page_size: 100, ..Default::default() };
        let mut client = UnitServiceClient::new(self.transport.clone());
        Ok(client.list_units(self.request(request)).await?.into_inner().units)
    }

    /// Issues a document as it lies in the stock.
    pub(crate) async fn issue(&self, document: Uuid, ids: &Ids) -> anyhow::Result<()> {
        let (id, request_id) = (document.to_string(), ids.next().to_string());
        let request = IssueDocumentRequest { id, revision: stock::REVISION, request_id };
        let mut client = DocumentServiceClient::new(self.transport.clone());
        let answer = client.issue_document(self.request(request)).await?.into_inner();
        ensure!(answer.delivery_count == stock::DELIVERIES, "{} deliveries", answer.delivery_count);
        Ok(())
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.bearer.clone());
        request
    }
}
