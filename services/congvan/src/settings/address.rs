use std::str::FromStr;

use axum::http::Uri;

/// `http://host:port` or `https://host`, perhaps with a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(pub(crate) String);

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Option<Uri> = text.parse().ok();
        let sound =
            uri.is_some_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
        if sound {
            Ok(Self(text.trim_end_matches('/').to_owned()))
        } else {
            Err("must be http://host:port or https://host")
        }
    }
}
