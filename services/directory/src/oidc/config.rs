use std::{fmt, str::FromStr};

use directory_domain::LinkBy;
use reqwest::Url;

/// How people sign in at a provider.
#[derive(Debug, Clone)]
pub struct OidcConfig {
    /// The provider.
    pub issuer: Issuer,
    /// Who we are to it.
    pub client_id: String,
    /// What proves it.
    pub client_secret: ClientSecret,
    /// Where it may send browsers back to.
    pub redirect_uris: RedirectUris,
    /// What it is asked to tell.
    pub scopes: Scopes,
    /// How people who come for the first time are recognised.
    pub link_by: LinkBy,
}

/// The issuer identifier of a provider, to the letter: `https://sso.example.gov.vn`, or `http://` on this very machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(String);

/// The secret of a client. Never shown.
#[derive(Clone)]
pub struct ClientSecret(String);

/// Addresses, apart by commas; each `https://`, or `http://` on this very machine.
#[derive(Debug, Clone)]
pub struct RedirectUris(Vec<String>);

/// Scopes, apart by commas or spaces; `openid` is among them.
#[derive(Debug, Clone)]
pub struct Scopes(String);

impl Issuer {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the provider describes itself (OpenID Connect Discovery 1.0, section 4).
    pub(super) fn discovery(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.0.trim_end_matches('/'))
    }

    /// Whether an address that the provider names may be called: nobody can listen or put in words on the way, and no provider
    /// elsewhere leads us to this machine in the clear.
    pub(super) fn may_name(&self, address: &str) -> bool {
        is_safe(address) && (address.starts_with("https:") || self.0.starts_with("http:"))
    }
}

impl FromStr for Issuer {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = Url::parse(text).is_ok_and(|url| url.query().is_none() && url.fragment().is_none());
        if plain && is_safe(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be https://host without query (http:// only on this machine)")
        }
    }
}

impl ClientSecret {
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientSecret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() { Err("is empty") } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientSecret(…)")
    }
}

impl RedirectUris {
    /// Whether this is one of them, to the letter.
    pub(crate) fn allow(&self, address: &str) -> bool {
        self.0.iter().any(|one| one == address)
    }
}

impl FromStr for RedirectUris {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all: Vec<_> = text.split(',').map(str::trim).filter(|one| !one.is_empty()).collect();
        let sound = |one: &&str| is_safe(one) && !one.contains('#');
        if !all.is_empty() && all.iter().all(sound) {
            Ok(Self(all.into_iter().map(str::to_owned).collect()))
        } else {
            Err(
                "must be addresses as https://host/path without fragment, apart by commas (http:// only on this machine)",
            )
        }
    }
}

impl Scopes {
    /// As the request names them.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Scopes {
    fn default() -> Self {
        Self("openid profile email".to_owned())
    }
}

impl FromStr for Scopes {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all: Vec<_> = text.split([',', ' ']).filter(|scope| !scope.is_empty()).collect();
        if all.contains(&"openid") { Ok(Self(all.join(" "))) } else { Err("must have openid among them") }
    }
}

/// `https://`, or `http://` to this very machine.
fn is_safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let plain = url.username().is_empty() && url.password().is_none();
    plain && url.host_str().is_some() && (url.scheme() == "https" || url.scheme() == "http" && here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_nobody_can_listen_to_are_taken() {
        for good in ["https://sso.example.gov.vn", "https://sso.example/realms/a/", "http://127.0.0.1:3000"] {
            assert_eq!(good.parse::<Issuer>().unwrap().as_str(), good, "to the letter");
        }
        for bad in ["", "sso", "http://sso.example", "ftp://a", "https://a?b", "https://a#b", "https://a:b@c"]
        {
            assert!(bad.parse::<Issuer>().is_err(), "{bad}");
        }
        let [far, here]: [Issuer; 2] = ["https://a", "http://[::1]:3000"].map(|text| text.parse().unwrap());
        let addresses = ["https://b/x", "http://localhost/x", "http://b/x"];
        assert_eq!(addresses.map(|address| far.may_name(address)), [true, false, false]);
        assert_eq!(addresses.map(|address| here.may_name(address)), [true, true, false]);
        let discovery = "https://sso.example/".parse::<Issuer>().unwrap().discovery();
        assert_eq!(discovery, "https://sso.example/.well-known/openid-configuration");
    }

    #[test]
    fn addresses_and_scopes_are_lists() {
        let uris: RedirectUris = "https://a.example/x, http://localhost:1/y".parse().unwrap();
        assert!(uris.allow("https://a.example/x") && uris.allow("http://localhost:1/y"));
        for other in ["https://a.example/x/", "https://a.example/X", "https://a.example/x?y", ""] {
            assert!(!uris.allow(other), "{other}");
        }
        for bad in ["", ",", "http://a.example", "https://a.example/x#y"] {
            assert!(bad.parse::<RedirectUris>().is_err(), "{bad}");
        }
        assert_eq!("openid,profile  email".parse::<Scopes>().unwrap().as_str(), Scopes::default().as_str());
        assert!("profile".parse::<Scopes>().is_err());
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret: ClientSecret = "rất kín".parse().unwrap();
        assert_eq!(format!("{secret:?}"), "ClientSecret(…)");
        assert!("".parse::<ClientSecret>().is_err());
    }
}
