//! What people and tools read: the API's description and its page.

use axum::{extract::Request, response::Response};
use bytes::Bytes;
use http::{
    HeaderValue, Method, StatusCode,
    header::{ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, LOCATION, VARY},
};
use kit::{Language, layers::Route};

use crate::{docs, mailbox, openapi, rest::routes::Routes};

/// The pages, made once.
pub(crate) struct Pages {
    openapi: Bytes,
    docs: InBoth,
    mailbox: InBoth,
}

/// A page in both languages.
struct InBoth {
    vi: Bytes,
    en: Bytes,
}

impl Pages {
    pub(crate) fn new(routes: &Routes) -> Self {
        Self {
            openapi: openapi::document(routes).into(),
            docs: InBoth::of(|language| docs::page(routes, language)),
            mailbox: InBoth::of(mailbox::page),
        }
    }

    /// The page at the address of the request, if there is one.
    pub(crate) fn find(&self, request: &Request) -> Option<Response> {
        let path = request.uri().path();
        let (route, mut response) = match path {
            "/" => ("/", moved("/docs")),
            "/docs" => ("/docs", self.docs.answer(request)),
            "/inbox" => ("/inbox", self.mailbox.answer(request)),
            "/outbox" => ("/outbox", self.mailbox.answer(request)),
            "/openapi.json" => ("/openapi.json", page(self.openapi.clone(), "application/json")),
            _ => ("/problems/{reason}", problem(path.strip_prefix("/problems/")?)?),
        };
        let verb = request.method();
        if *verb != Method::GET && *verb != Method::HEAD {
            response = Response::default();
            let asked = *verb == Method::OPTIONS;
            *response.status_mut() =
                if asked { StatusCode::NO_CONTENT } else { StatusCode::METHOD_NOT_ALLOWED };
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, OPTIONS"));
        }
        response.extensions_mut().insert(Route::named(route));
        Some(response)
    }
}

impl InBoth {
    fn of(page: impl Fn(Language) -> String) -> Self {
        Self { vi: page(Language::Vi).into(), en: page(Language::En).into() }
    }

    /// The page in the language that the caller reads.
    fn answer(&self, request: &Request) -> Response {
        let wanted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = Language::preferred(wanted.unwrap_or_default());
        let text = match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        };
        let mut response = page(text.clone(), "text/html; charset=utf-8");
        let headers = response.headers_mut();
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(VARY, HeaderValue::from_static("accept-language"));
        response
    }
}

/// The `type` of a problem leads to its explanation.
fn problem(reason: &str) -> Option<Response> {
    let known = reason.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') && !reason.is_empty();
    known.then(|| moved(&format!("/docs#{reason}")))
}

fn page(text: Bytes, media_type: &'static str) -> Response {
    let mut response = Response::new(text.into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn moved(to: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(LOCATION, HeaderValue::from_str(to).expect("letters and a path"));
    response
}
