//! What the stories of passwords, devices and authenticator apps have in common.

use congvan_proto::directory::v1::{self as pb, credential_service_client::CredentialServiceClient};
use kit::transport::Transport;
use sql::{Queries, Statement, statement};
use tonic::Status;

use crate::world::{PASSWORD, Who, World, department, officer, who};

/// Another password than everyone's.
pub(crate) const OTHER: &str = "con trâu gặm cỏ non";

/// An officer with an account, and an administrator.
pub(crate) struct Account {
    pub(crate) administrator: Who,
    pub(crate) me: Who,
    pub(crate) id: String,
    pub(crate) token: String,
    pub(crate) device_token: String,
}

/// An app as it runs on a telephone.
pub(crate) struct App(totp_rs::Totp);

impl App {
    pub(crate) fn new(secret: &str) -> Self {
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        Self(totp_rs::Builder::new().with_secret(secret).build().unwrap())
    }

    /// What it shows, so many seconds from now.
    pub(crate) fn shows(&self, world: &World, later: i64) -> String {
        use base::Clock;
        let second = world.clock.now().as_second() + later;
        self.0.generate(u64::try_from(second).unwrap()).to_string()
    }
}

/// An attempt of the officer to sign in.
pub(crate) fn attempt(password: &str) -> pb::SignInRequest {
    pb::SignInRequest {
        sign_in_name: "chung.cv".to_owned(),
        password: password.to_owned(),
        ..pb::SignInRequest::default()
    }
}

impl World {
    pub(crate) fn credentials(&self) -> CredentialServiceClient<Transport> {
        CredentialServiceClient::new(self.transport.clone())
    }

    pub(crate) async fn account(&self) -> Account {
        let administrator = self.administrator().await;
        let unit = self.unit(&administrator, department("H52.01")).await.unwrap();
        let id = self.user(&administrator, officer("chung.cv", &unit)).await.unwrap().id;
        let answer = self.attempt(attempt(PASSWORD)).await.unwrap();
        let me = who(answer.session.as_ref().unwrap());
        self.wait(1); // what follows is later in the audit
        Account { administrator, me, id, token: answer.token, device_token: answer.device_token }
    }

    pub(crate) async fn attempt(&self, request: pb::SignInRequest) -> Result<pb::SignInResponse, Status> {
        Ok(self.sessions().sign_in(self.from(&Who::Gateway, request)).await?.into_inner())
    }

    /// Whether the token opens this method.
    pub(crate) async fn opens(&self, token: &str, method: &str) -> Result<(), Status> {
        let request = pb::VerifySessionRequest { token: token.to_owned(), method: method.to_owned() };
        self.sessions().verify_session(self.from(&Who::Gateway, request)).await.map(drop)
    }

    pub(crate) async fn change_password(
        &self,
        by: &Who,
        old: &str,
        new: &str,
    ) -> Result<pb::ChangePasswordResponse, Status> {
        let request = pb::ChangePasswordRequest {
            old_password: old.to_owned(),
            new_password: new.to_owned(),
            request_id: String::new(),
        };
        Ok(self.credentials().change_password(self.from(by, request)).await?.into_inner())
    }

    /// The temporary password of the officer.
    pub(crate) async fn reset_password(&self, account: &Account) -> String {
        let request = pb::ResetPasswordRequest { user_id: account.id.clone(), ..Default::default() };
        let answer = self.credentials().reset_password(self.from(&account.administrator, request)).await;
        answer.unwrap().into_inner().temporary_password
    }

    pub(crate) async fn begin_totp(&self, by: &Who) -> Result<App, Status> {
        let request = pb::BeginTotpRequest { password: PASSWORD.to_owned(), ..Default::default() };
        let answer = self.credentials().begin_totp(self.from(by, request)).await?.into_inner();
        Ok(App::new(&answer.secret))
    }

    pub(crate) async fn confirm_totp(&self, by: &Who, code: &str) -> Result<Vec<String>, Status> {
        let request = pb::ConfirmTotpRequest { code: code.to_owned(), ..Default::default() };
        Ok(self.credentials().confirm_totp(self.from(by, request)).await?.into_inner().recovery_codes)
    }

    /// Sets up an app for somebody, with recovery codes; its first code can be used to sign in from 30 seconds later.
    pub(crate) async fn set_up_totp(&self, by: &Who) -> (App, Vec<String>) {
        let app = self.begin_totp(by).await.unwrap();
        let codes = self.confirm_totp(by, &app.shows(self, 0)).await.unwrap();
        self.wait(30);
        (app, codes)
    }

    /// Everything that is written down of answers and changes, as text.
    pub(crate) async fn written(&self) -> String {
        const ANSWERS: Statement = statement("ANSWERS", "SELECT fingerprint, body FROM answer");
        const AUDIT: Statement = statement("AUDIT", "SELECT reason, state_before, state_after FROM audit");
        let mut read = self.db.read("test").await.unwrap();
        let mut written = String::new();
        for row in read.all(&ANSWERS, vec![]).await.unwrap() {
            written += &row.get::<String>("fingerprint").unwrap();
            let body = row.get::<Option<Vec<u8>>>("body").unwrap().unwrap_or_default();
            written += &String::from_utf8_lossy(&body);
        }
        for row in read.all(&AUDIT, vec![]).await.unwrap() {
            for column in ["reason", "state_before", "state_after"] {
                written += &row.get::<String>(column).unwrap();
            }
        }
        written
    }
}
