use anyhow::{Context, ensure};
use base::{Ids, Uuid};
use congvan::sample;
use congvan_proto::{
    directory::v1::{
        GetSessionRequest, ListUnitsRequest, SignInRequest, Unit, UnitKind, User,
        import_service_client::ImportServiceClient, session_service_client::SessionServiceClient,
        unit_service_client::UnitServiceClient,
    },
    documents::v1::{
        IssueDocumentRequest, IssueDocumentResponse, document_service_client::DocumentServiceClient,
    },
};
use kit::transport::Transport;
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
};

use crate::stock;

/// A signed-in person with a connection of their own.
pub(crate) struct Clerk {
    pub(crate) transport: Transport,
    bearer: MetadataValue<Ascii>,
    /// Who it is.
    pub(crate) user: User,
}

impl Clerk {
    /// Signs in somebody of the sample.
    pub(crate) async fn sign_in(address: &str, name: &str) -> anyhow::Result<Self> {
        let transport = Transport::remote(address)?;
        let request = SignInRequest {
            sign_in_name: name.to_owned(),
            password: sample::PASSWORD.to_owned(),
            ..Default::default()
        };
        let answer = SessionServiceClient::new(transport.clone()).sign_in(request).await?.into_inner();
        let user = answer.session.and_then(|session| session.user).context("a session without a user")?;
        let bearer = format!("Bearer {}", answer.token).parse()?;
        Ok(Self { transport, bearer, user })
    }

    /// Goes on with a session that is there already.
    pub(crate) async fn with_session(address: &str, token: &str) -> anyhow::Result<Self> {
        let (transport, bearer) = (Transport::remote(address)?, format!("Bearer {token}").parse()?);
        let mut clerk = Self { transport, bearer, user: User::default() };
        let mut client = SessionServiceClient::new(clerk.transport.clone());
        let answer = client.get_session(clerk.request(GetSessionRequest {})).await?.into_inner();
        clerk.user = answer.session.and_then(|session| session.user).context("a session without a user")?;
        Ok(clerk)
    }

    /// Loads the sample province; for the administrator.
    pub(crate) async fn load_province(&self) -> anyhow::Result<()> {
        let mut client = ImportServiceClient::new(self.transport.clone());
        client.import_directory(self.request(sample::province(&sample::password_hash()))).await?;
        Ok(())
    }

    /// So many communes with their names, to write to.
    pub(crate) async fn recipients(&self, count: usize) -> anyhow::Result<Vec<(Uuid, String)>> {
        let communes = self.communes().await?;
        ensure!(communes.len() >= count, "{} communes", communes.len());
        communes[..count].iter().map(|unit| Ok((unit.id.parse()?, unit.name.clone()))).collect()
    }

    /// The communes of the sample.
    pub(crate) async fn communes(&self) -> anyhow::Result<Vec<Unit>> {
        let kinds = vec![UnitKind::Ward.into(), UnitKind::Commune.into()];
        let request = ListUnitsRequest { kinds, page_size: 100, ..Default::default() };
        let mut client = UnitServiceClient::new(self.transport.clone());
        Ok(client.list_units(self.request(request)).await?.into_inner().units)
    }

    /// Issues a document as it lies in the stock, to so many recipients.
    pub(crate) async fn issue(&self, document: Uuid, recipients: usize, ids: &Ids) -> anyhow::Result<()> {
        let answer = self.ask_to_issue(document, ids.next()).await?;
        ensure!(
            usize::try_from(answer.delivery_count)? == recipients,
            "{} deliveries",
            answer.delivery_count
        );
        Ok(())
    }

    /// Asks once to issue a document of the stock.
    pub(crate) async fn ask_to_issue(
        &self,
        document: Uuid,
        request_id: Uuid,
    ) -> Result<IssueDocumentResponse, Status> {
        let (id, request_id) = (document.to_string(), request_id.to_string());
        let request =
            IssueDocumentRequest { id, revision: stock::REVISION, request_id, ..Default::default() };
        let mut client = DocumentServiceClient::new(self.transport.clone());
        Ok(client.issue_document(self.request(request)).await?.into_inner())
    }

    /// A request in the name of this person.
    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", self.bearer.clone());
        request
    }
}
