use directory::{
    LinkBy,
    oidc::{ClientSecret, Issuer, OidcConfig, RedirectUris, Scopes},
};
use kit::config::Settings;

/// The provider at which people may sign in; none if no issuer is named, or if, with mistakes noted, something is missing.
pub(crate) fn oidc(settings: &mut Settings) -> Option<OidcConfig> {
    let Some(issuer) = settings.optional::<Issuer>("oidc.issuer") else {
        for key in ["client_id", "client_secret", "redirect_uris", "scopes", "link_by"] {
            settings.pointless(&format!("oidc.{key}"), "no oidc.issuer is named");
        }
        return None;
    };
    let client_id = settings.required::<String>("oidc.client_id", "who we are to the sign-in provider");
    let client_secret = settings.required::<ClientSecret>("oidc.client_secret", "the secret that it gave us");
    let redirect_uris =
        settings.required::<RedirectUris>("oidc.redirect_uris", "addresses to which it sends browsers back");
    let scopes = settings.or("oidc.scopes", Scopes::default());
    let link_by = settings.or("oidc.link_by", LinkBy::Subject);
    Some(OidcConfig {
        issuer,
        client_id: client_id?,
        client_secret: client_secret?,
        redirect_uris: redirect_uris?,
        scopes,
        link_by,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<OidcConfig>, Vec<String>) {
        let mut settings = Settings::default();
        settings.add_toml(text, "congvan.toml");
        let read = oidc(&mut settings);
        (read, settings.finish().err().map(|mistakes| mistakes.0).unwrap_or_default())
    }

    #[test]
    fn a_provider_is_set_up_whole_or_every_mistake_is_told() {
        let (config, mistakes) = read(
            "[oidc]\nissuer = 'https://sso.example'\nclient_id = 'congvan'\nclient_secret = 'x'\nlink_by = 'email'\n\
             redirect_uris = ['https://desk.example/signed-in']",
        );
        assert_eq!((config.map(|config| config.link_by), mistakes), (Some(LinkBy::Email), Vec::new()));
        assert!(matches!(read(""), (None, mistakes) if mistakes.is_empty()));

        let (config, mistakes) = read(
            "[oidc]\nissuer = 'https://a'\nlink_by = 'name'\nredirect_uris = 'http://b'\nscopes = 'email'",
        );
        assert!(config.is_none());
        assert_eq!(
            mistakes,
            [
                "oidc.client_id is missing: who we are to the sign-in provider (or set CONGVAN_OIDC__CLIENT_ID)",
                "oidc.client_secret is missing: the secret that it gave us (or set CONGVAN_OIDC__CLIENT_SECRET)",
                "oidc.redirect_uris (congvan.toml): must be addresses as https://host/path without fragment, apart by commas \
                 (http:// only on this machine)",
                "oidc.scopes (congvan.toml): must have openid among them",
                "oidc.link_by (congvan.toml): must be subject, sign_in_name or email",
            ]
        );
        let (_, mistakes) = read("oidc.link_by = 'email'");
        assert_eq!(mistakes, ["oidc.link_by (congvan.toml) has no effect: no oidc.issuer is named"]);
    }
}
