use base::Timestamp;
use jiff::SignedDuration;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::{
    Trouble,
    config::Issuer,
    web::{self, Web},
};

/// How long the provider's description of itself is believed.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// How long nobody asks again after it could not be had, so that a provider in trouble is not asked by everybody at once.
const REST: SignedDuration = SignedDuration::from_secs(2);

/// What a provider says of itself (OpenID Connect Discovery 1.0, section 3), as far as we need it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Description {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    pub(super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

/// The description, read when it is needed and kept for an hour.
#[derive(Default)]
pub(super) struct Discovery {
    /// Held while it is read: one asks, the others wait for the answer.
    last: Mutex<Option<(Timestamp, Result<Description, String>)>>,
}

impl Discovery {
    /// What the provider says of itself.
    pub(super) async fn get(
        &self,
        web: &Web,
        issuer: &Issuer,
        now: Timestamp,
    ) -> Result<Description, Trouble> {
        let mut last = self.last.lock().await;
        if let Some((at, read)) = last.as_ref() {
            let kept = if read.is_ok() { KEPT } else { REST };
            if now.duration_since(*at) < kept {
                return read.clone().map_err(Trouble::Away);
            }
        }
        let read = match fetch(web, issuer).await {
            Ok(description) => Ok(description),
            Err(Trouble::Away(why) | Trouble::Lied(why)) => Err(why),
        };
        *last = Some((now, read.clone()));
        read.map_err(Trouble::Away)
    }
}

async fn fetch(web: &Web, issuer: &Issuer) -> Result<Description, Trouble> {
    let description: Description = web::read("discovery", web.get(&issuer.discovery())).await?;
    if description.issuer != issuer.as_str() {
        return Err(Trouble::Lied("discovery: the provider gives itself another issuer".to_owned()));
    }
    if description.addresses().any(|address| !issuer.may_name(address)) {
        return Err(Trouble::Lied("discovery: an address is not https".to_owned()));
    }
    Ok(description)
}

impl Description {
    /// Every address that we may call or send a browser to.
    fn addresses(&self) -> impl Iterator<Item = &String> {
        let named = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        named.into_iter().chain(&self.userinfo_endpoint)
    }

    /// Whether the client's secret goes into the header (the default of the standard) and not into the form.
    pub(super) fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }
}
