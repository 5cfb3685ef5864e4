//! The server's end of a call: one port for the service, one for the operators.

use std::{net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    routing::get,
    serve::{Listener, ListenerExt},
};
use tokio::net::TcpListener;
use tonic::service::Routes;
use tonic_health::ServingStatus;

use crate::{
    Fault,
    lifecycle::{Lifecycle, Readiness},
    telemetry::Telemetry,
    worker::{Step, Wake, Worker},
};

/// A port cannot be taken.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}")]
pub struct PortError {
    address: SocketAddr,
    source: std::io::Error,
}

/// A port taken but not yet served: its address is known.
pub struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Takes a port; port 0 takes any free one.
    pub async fn take(address: SocketAddr) -> Result<Self, PortError> {
        let failed = |source| PortError { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// The address, with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves HTTP/1 and HTTP/2 until the process stops; calls in progress are finished.
    pub fn serve(self, name: &'static str, routes: Router, life: &Lifecycle) {
        // Without nodelay every small call waits about 40 ms for an acknowledgement.
        let listener = self.listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "no TCP_NODELAY");
            }
        });
        let soft = life.soft().clone();
        life.spawn(name, serve(listener, routes, soft));
    }
}

async fn serve<L>(
    listener: L,
    routes: Router,
    soft: tokio_util::sync::CancellationToken,
) -> Result<(), std::io::Error>
where
    L: Listener<Addr = SocketAddr>,
{
    axum::serve(listener, routes).with_graceful_shutdown(soft.cancelled_owned()).await
}

/// gRPC services with health and reflection, as routes for [`crate::layers`] to wrap.
pub async fn grpc(routes: Routes, services: &[&'static str], life: &Lifecycle) -> Router {
    let (reporter, health) = tonic_health::server::health_reporter();
    for service in services {
        reporter.set_service_status(service, ServingStatus::Serving).await;
    }
    let soft = life.soft().clone();
    let names = services.to_vec();
    life.spawn("health", async move {
        soft.cancelled().await;
        for service in names {
            reporter.set_service_status(service, ServingStatus::NotServing).await;
        }
        Ok::<_, std::convert::Infallible>(())
    });
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(congvan_proto::DESCRIPTORS)
        .build_v1()
        .expect("the build script made the descriptors");
    routes.add_service(health).add_service(reflection).prepare().into_axum_router()
}

/// How often the metrics are folded.
const UPKEEP: Duration = Duration::from_secs(5);

struct Upkeep(Telemetry);

impl Worker for Upkeep {
    fn name(&self) -> &'static str {
        "metrics_upkeep"
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        self.0.keep_up();
        Ok(Step::Idle(UPKEEP))
    }
}

#[derive(Clone)]
struct Admin {
    readiness: Readiness,
    telemetry: Telemetry,
}

/// The operators' port: `/livez`, `/readyz` (503 with what it waits for), `/metrics` (Prometheus).
pub fn admin(life: &Lifecycle, telemetry: &Telemetry) -> Router {
    let state = Admin { readiness: life.readiness(), telemetry: telemetry.clone() };
    life.work(Upkeep(telemetry.clone()), Wake::default());
    Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(async |State(admin): State<Admin>| admin.telemetry.metrics()))
        .with_state(state)
}

async fn ready(State(admin): State<Admin>) -> (StatusCode, String) {
    let waiting = admin.readiness.waiting_for();
    if waiting.is_empty() {
        (StatusCode::OK, "ready\n".to_owned())
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, format!("waiting for: {}\n", waiting.join(", ")))
    }
}
