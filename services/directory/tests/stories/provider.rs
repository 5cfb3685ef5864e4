//! An OpenID Connect provider on this machine that tells the truth until it is told to lie.

mod token;

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base::Timestamp;
use base64::{Engine, prelude::*};
use kit::lifecycle::Lifecycle;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

pub(crate) use token::{Key, Lie};

use crate::world::random;

/// Who we are to the provider. With characters that must be encoded before they are put together.
pub(crate) const CLIENT_ID: &str = "công văn";
pub(crate) const SECRET: &str = "bí mật: 100%";

/// Where it sends browsers back to.
pub(crate) const REDIRECT_URI: &str = "https://desk.example/signed-in";

/// What is wrong with the provider as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    Fine,
    /// Every address answers 503.
    Down,
    /// Every address answers with a page for people.
    Html,
    /// The token address answers without end.
    Endless,
    /// The token address sends callers elsewhere.
    Redirect,
    /// The token address does not answer.
    Hang,
    /// The client is not known any more.
    StrangeClient,
    /// It describes another provider.
    OtherIssuer,
    /// It names an address where anybody could listen.
    PlainAddress,
}

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) sub: String,
    /// The other claims, in the ID token or at the UserInfo address.
    pub(crate) profile: Value,
    pub(crate) profile_in_token: bool,
}

/// What a browser asked for with a code.
#[derive(Debug, Clone)]
struct Grant {
    nonce: String,
    challenge: String,
    redirect_uri: String,
    account: Account,
    now: Timestamp,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) discovery: u32,
    pub(crate) keys: u32,
    pub(crate) token: u32,
    pub(crate) user_info: u32,
}

pub(crate) struct Inside {
    pub(crate) issuer: String,
    pub(crate) key: Key,
    pub(crate) published: Vec<Value>,
    pub(crate) lie: Lie,
    pub(crate) weather: Weather,
    pub(crate) says_iss: bool,
    pub(crate) takes_basic: bool,
    pub(crate) account: Account,
    pub(crate) calls: Calls,
    grants: HashMap<String, Grant>,
    access: HashMap<String, Account>,
}

type Shared = Arc<Mutex<Inside>>;

pub(crate) struct Provider {
    inside: Shared,
    _life: Lifecycle,
}

/// What a browser brings back.
#[derive(Debug, Clone)]
pub(crate) struct Back {
    pub(crate) state: String,
    pub(crate) code: String,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let key = Key::ecdsa("first");
        let inside = Arc::new(Mutex::new(Inside {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            published: vec![key.public()],
            key,
            lie: Lie::None,
            weather: Weather::Fine,
            says_iss: false,
            takes_basic: true,
            account: account("chung", json!({ "preferred_username": "chung.cv" })),
            calls: Calls::default(),
            grants: HashMap::new(),
            access: HashMap::new(),
        }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(tokens))
            .route("/me", get(user_info))
            .with_state(inside.clone());
        let life = Lifecycle::default();
        life.spawn("provider", async move {
            axum::serve(listener, routes).await.unwrap();
            Ok::<_, Infallible>(())
        });
        Self { inside, _life: life }
    }

    /// What it is, to look at or to change.
    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    /// The account of its `inside` signs in with a browser that was sent to this address.
    pub(crate) fn authorize(&self, address: &str, now: Timestamp) -> Back {
        let url = reqwest::Url::parse(address).unwrap();
        let mut asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let mut take = |name: &str| asked.remove(name).unwrap_or_else(|| panic!("no {name} in {address}"));
        assert_eq!((take("response_type"), take("code_challenge_method")), ("code".into(), "S256".into()));
        assert_eq!((take("client_id"), take("scope")), (CLIENT_ID.into(), "openid profile email".into()));
        let (nonce, challenge) = (take("nonce"), take("code_challenge"));
        let (redirect_uri, state) = (take("redirect_uri"), take("state"));
        assert!(asked.is_empty(), "{asked:?}");
        let mut inside = self.inside();
        let code = BASE64_URL_SAFE_NO_PAD.encode(random::<16>());
        let account = inside.account.clone();
        inside.grants.insert(code.clone(), Grant { nonce, challenge, redirect_uri, account, now });
        Back { state, code }
    }

    /// Exchanges the key; the one before is taken away.
    pub(crate) fn roll(&self, key: Key) {
        let mut inside = self.inside();
        inside.published = vec![key.public()];
        inside.key = key;
    }
}

/// An account that says everything in its ID token.
pub(crate) fn account(sub: &str, profile: Value) -> Account {
    Account { sub: sub.to_owned(), profile, profile_in_token: true }
}

impl Inside {
    fn weather(&self) -> Result<(), Response> {
        match self.weather {
            Weather::Down => Err(StatusCode::SERVICE_UNAVAILABLE.into_response()),
            Weather::Html => Err("<html>Đang bảo trì</html>".into_response()),
            _ => Ok(()),
        }
    }
}

async fn discovery(State(shared): State<Shared>) -> Result<Json<Value>, Response> {
    let mut inside = shared.lock().unwrap();
    inside.calls.discovery += 1;
    inside.weather()?;
    let issuer = &inside.issuer;
    let other = if inside.weather == Weather::OtherIssuer { "/" } else { "" };
    let plain = inside.weather == Weather::PlainAddress;
    let method = if inside.takes_basic { "client_secret_basic" } else { "client_secret_post" };
    Ok(Json(json!({
        "issuer": format!("{issuer}{other}"),
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": if plain { "http://sso.example/token".to_owned() } else { format!("{issuer}/token") },
        "jwks_uri": format!("{issuer}/keys"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "token_endpoint_auth_methods_supported": [method],
        "authorization_response_iss_parameter_supported": inside.says_iss,
    })))
}

async fn keys(State(shared): State<Shared>) -> Result<Json<Value>, Response> {
    let mut inside = shared.lock().unwrap();
    inside.calls.keys += 1;
    inside.weather()?;
    Ok(Json(json!({ "keys": inside.published })))
}

async fn tokens(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Result<Json<Value>, Response> {
    let weather = {
        let mut inside = shared.lock().unwrap();
        inside.calls.token += 1;
        inside.weather()?;
        inside.weather
    };
    match weather {
        Weather::Hang => tokio::time::sleep(Duration::from_mins(1)).await,
        Weather::Endless => return Err("a".repeat(4 << 20).into_response()),
        Weather::Redirect => return Err((StatusCode::FOUND, [("location", "/keys")]).into_response()),
        _ => {}
    }
    let mut inside = shared.lock().unwrap();
    let known = inside.weather != Weather::StrangeClient && knows(&headers, &form, inside.takes_basic);
    if !known {
        let refusal = Json(json!({ "error": "invalid_client", "error_description": "ai đó" }));
        return Err((StatusCode::UNAUTHORIZED, refusal).into_response());
    }
    let grant = inside.grants.remove(&form["code"]);
    let verifier = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    let redeemed = grant.filter(|grant| {
        grant.challenge == verifier
            && grant.redirect_uri == form["redirect_uri"]
            && form["grant_type"] == "authorization_code"
    });
    let Some(grant) = redeemed else {
        return Err((StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response());
    };
    let access = BASE64_URL_SAFE_NO_PAD.encode(random::<16>());
    let id_token = inside.id_token(&grant, &access);
    inside.access.insert(access.clone(), grant.account);
    Ok(Json(json!({ "access_token": access, "token_type": "Bearer", "id_token": id_token })))
}

/// Whether the client proves who it is, in the one way that is taken.
fn knows(headers: &HeaderMap, form: &HashMap<String, String>, takes_basic: bool) -> bool {
    let plain = form.get("client_id").map(String::as_str) == Some(CLIENT_ID)
        && form.get("client_secret").map(String::as_str) == Some(SECRET);
    let given = headers.get(AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = BASE64_STANDARD.encode(format!("{}:{}", encode(CLIENT_ID), encode(SECRET)));
    if takes_basic { given == Some(format!("Basic {pair}")) && !plain } else { plain && given.is_none() }
}

async fn user_info(State(shared): State<Shared>, headers: HeaderMap) -> Result<Json<Value>, Response> {
    let mut inside = shared.lock().unwrap();
    inside.calls.user_info += 1;
    inside.weather()?;
    let token = headers[AUTHORIZATION].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
    let account = inside.access.get(&token).ok_or(StatusCode::UNAUTHORIZED.into_response())?;
    let mut info = account.profile.clone();
    info["sub"] = if inside.lie == Lie::UserInfo { "quantri".into() } else { account.sub.clone().into() };
    Ok(Json(info))
}
