use std::sync::Arc;

use axum::{Router, middleware::from_fn};
use base::{Clock, Ids};
use http::{HeaderName, HeaderValue, Method, header};
use kit::{caller::Signer, lifecycle::Lifecycle, serving};
use tower_http::{
    catch_panic::CatchPanicLayer,
    cors::{AllowOrigin, CorsLayer},
};

use crate::{
    Backends, GatewayConfig,
    front::{self, Front},
    pages::Pages,
    problem,
    rest::routes::Routes,
    session::Sessions,
    surroundings,
};

/// The public port, ready to be served.
pub struct Gateway {
    config: GatewayConfig,
    backends: Backends,
    sessions: Sessions,
}

impl Gateway {
    /// A gateway in front of these services. `signer` must be the gateway's own: the services take the word of nobody else
    /// for a person.
    pub fn new(config: GatewayConfig, backends: Backends, signer: Signer, clock: Arc<dyn Clock>) -> Self {
        let sessions = Sessions::new(&backends.directory, signer, clock);
        Self { config, backends, sessions }
    }

    /// The routes, wrapped in everything that stands around a call: metrics, trace, language, deadline, log, security
    /// headers. Health turns to `NOT_SERVING` when `life` drains.
    pub async fn router(self, ids: Ids, life: &Lifecycle) -> Router {
        let routes = Routes::from_contracts().expect("a test reads every annotation");
        let own = serving::grpc(tonic::service::Routes::default(), &health_names(), life).await;
        let cors = cors(&self.config.allowed_origins);
        let front = Front {
            pages: Pages::new(&routes),
            config: self.config,
            routes,
            backends: self.backends,
            sessions: self.sessions,
            own,
        };
        let router = Router::new()
            .fallback(front::serve)
            .with_state(Arc::new(front))
            .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| problem::after_panic()));
        let router = match cors {
            Some(cors) => router.layer(cors),
            None => router,
        };
        kit::layers::outside(router.layer(from_fn(surroundings::wrap)), ids)
    }
}

/// The gateway as a whole, and each service it answers for.
fn health_names() -> Vec<&'static str> {
    let public = congvan_proto::methods().filter(|method| method.public);
    let mut names: Vec<_> = public.filter_map(|method| method.path.split('/').nth(1)).chain([""]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Web pages of the origins named may call; no others. What is no origin was refused when the settings were read.
fn cors(origins: &[String]) -> Option<CorsLayer> {
    let origins: Vec<_> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    if origins.is_empty() {
        return None;
    }
    let own = |name| HeaderName::from_static(name);
    Some(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([
                Method::GET,
                Method::HEAD,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
            ])
            .allow_headers([
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                header::ACCEPT_LANGUAGE,
                header::RANGE,
                header::IF_RANGE,
                header::IF_NONE_MATCH,
                own("idempotency-key"),
                own("traceparent"),
                own("grpc-timeout"),
                own("x-grpc-web"),
                own("x-user-agent"),
            ])
            .expose_headers([
                header::ETAG,
                header::CONTENT_DISPOSITION,
                header::CONTENT_RANGE,
                header::RETRY_AFTER,
                own("x-request-id"),
                own("grpc-status"),
                own("grpc-message"),
                own("grpc-status-details-bin"),
            ])
            .max_age(std::time::Duration::from_mins(10)),
    )
}
