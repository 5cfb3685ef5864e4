use std::{sync::Arc, time::Duration};

use aws_lc_rs::digest;
use base::Timestamp;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use directory_domain::{Expected, Profile};
use reqwest::{RequestBuilder, StatusCode, Url};
use serde::Deserialize;

use super::{
    OidcConfig, Trouble,
    discovery::{Description, Discovery},
    id_token::{self, IdToken, WrittenProfile},
    keys::Keys,
    web::{self, Web},
};
use crate::store::oidc_attempt::Attempt;

/// How long the whole exchange may take, whatever it needs.
const PATIENCE: Duration = Duration::from_secs(10);

/// Longest error code of the provider that is worth a place in the log.
const ERROR_CODE: usize = 40;

/// Our end of the provider. Clones share what was read of it.
#[derive(Clone)]
pub(crate) struct Oidc {
    pub(crate) config: OidcConfig,
    web: Web,
    discovery: Arc<Discovery>,
    keys: Arc<Keys>,
}

/// What a browser brought back from the provider.
pub(crate) struct Answer<'a> {
    pub(crate) code: &'a str,
    /// The parameter `iss` (RFC 9207); empty if there was none.
    pub(crate) iss: &'a str,
}

/// Who signed in there, verified.
pub(crate) struct Account {
    pub(crate) subject: String,
    profile: Profile,
    access_token: Option<String>,
}

/// What the token address answers.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

/// What it answers instead (RFC 6749, section 5.2).
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// What the UserInfo address answers.
#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    profile: WrittenProfile,
}

impl Oidc {
    pub(crate) fn new(config: OidcConfig) -> Result<Self, reqwest::Error> {
        Ok(Self { config, web: Web::new()?, discovery: Arc::default(), keys: Arc::default() })
    }

    /// The address to which a browser is sent to sign in.
    pub(crate) async fn address(
        &self,
        attempt: &Attempt,
        state: &str,
        now: Timestamp,
    ) -> Result<String, Trouble> {
        let description = self.description(now).await?;
        let mut url = Url::parse(&description.authorization_endpoint)
            .map_err(|error| Trouble::away("authorization address", error))?;
        let challenge = digest::digest(&digest::SHA256, attempt.verifier.as_bytes());
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.config.client_id)
            .append_pair("redirect_uri", &attempt.redirect_uri)
            .append_pair("scope", self.config.scopes.as_str())
            .append_pair("state", state)
            .append_pair("nonce", &attempt.nonce)
            .append_pair("code_challenge", &BASE64_URL_SAFE_NO_PAD.encode(challenge))
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Redeems a code; who signed in.
    pub(crate) async fn redeem(
        &self,
        attempt: &Attempt,
        answer: Answer<'_>,
        now: Timestamp,
    ) -> Result<Account, Trouble> {
        in_time(async {
            let description = self.description(now).await?;
            self.came_from_it(&description, answer.iss)?;
            let tokens = self.exchange(&description, attempt, answer.code).await?;
            let header = id_token::header(&tokens.id_token)?;
            let (address, kid) = (&description.jwks_uri, header.kid.as_deref());
            let key = self.keys.find(&self.web, address, kid, header.alg, now).await?;
            let token = IdToken::verify(&tokens.id_token, &header, &key)?;
            let (issuer, client_id) = (self.config.issuer.as_str(), self.config.client_id.as_str());
            let expected = Expected { issuer, client_id, nonce: &attempt.nonce, now };
            token
                .claims
                .answer(expected)
                .map_err(|lie| Trouble::Lied(format!("the ID token lies: {lie:?}")))?;
            if tokens.access_token.as_ref().is_some_and(|access| !token.goes_with(access)) {
                return Err(Trouble::Lied(
                    "the access token is another than that of the ID token".to_owned(),
                ));
            }
            let (subject, profile) = (token.claims.subject, token.profile);
            Ok(Account { subject, profile, access_token: tokens.access_token })
        })
        .await
    }

    /// What the provider says of an account that comes for the first time; asked for only if its ID token did not say enough.
    pub(crate) async fn profile(&self, account: &Account, now: Timestamp) -> Result<Profile, Trouble> {
        let Some(access_token) =
            account.access_token.as_ref().filter(|_| self.config.link_by.lacks(&account.profile))
        else {
            return Ok(account.profile.clone());
        };
        in_time(async {
            let Some(address) = self.description(now).await?.userinfo_endpoint else {
                return Ok(account.profile.clone());
            };
            let request = self.web.get(&address).bearer_auth(access_token);
            let info: UserInfo = web::read("user info", request).await?;
            if info.sub != account.subject {
                return Err(Trouble::Lied("the user info is about somebody else".to_owned()));
            }
            Ok(info.profile.read())
        })
        .await
    }

    async fn description(&self, now: Timestamp) -> Result<Description, Trouble> {
        self.discovery.get(&self.web, &self.config.issuer, now).await
    }

    /// Whether the browser came from this provider and no other (RFC 9207, section 2.4).
    fn came_from_it(&self, description: &Description, iss: &str) -> Result<(), Trouble> {
        let missing = iss.is_empty() && description.authorization_response_iss_parameter_supported;
        if missing || !iss.is_empty() && iss != self.config.issuer.as_str() {
            return Err(Trouble::Lied("the browser comes from another provider".to_owned()));
        }
        Ok(())
    }

    async fn exchange(
        &self,
        description: &Description,
        attempt: &Attempt,
        code: &str,
    ) -> Result<Tokens, Trouble> {
        const WHAT: &str = "token address";
        let (status, body) = web::send(WHAT, self.token_request(description, attempt, code)).await?;
        if status == StatusCode::OK {
            return web::parse(WHAT, &body);
        }
        let error = serde_json::from_slice(&body).map(|Refusal { error }| error).unwrap_or_default();
        let shown: String = error.chars().filter(char::is_ascii_graphic).take(ERROR_CODE).collect();
        if status == StatusCode::BAD_REQUEST && error == "invalid_grant" {
            return Err(Trouble::Lied("the provider does not know the code".to_owned()));
        }
        // With invalid_client or invalid_request the settings are at fault, here or there; the person can do nothing about it.
        Err(Trouble::away(WHAT, format!("{status} {shown}")))
    }

    fn token_request(&self, description: &Description, attempt: &Attempt, code: &str) -> RequestBuilder {
        let (id, secret) = (self.config.client_id.as_str(), self.config.client_secret.reveal());
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &attempt.redirect_uri),
            ("code_verifier", &attempt.verifier),
        ];
        let address = &description.token_endpoint;
        if description.takes_basic() {
            // Encoded before they are put together (RFC 6749, section 2.3.1).
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            return self.web.post(address, &form).basic_auth(encode(id), Some(encode(secret)));
        }
        form.extend([("client_id", id), ("client_secret", secret)]);
        self.web.post(address, &form)
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let late = |_| Trouble::Away("the whole exchange took too long".to_owned());
    tokio::time::timeout(PATIENCE, work).await.map_err(late)?
}
