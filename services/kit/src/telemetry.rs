//! What the running system says of itself: logs, traces (W3C context, OTLP), metrics (Prometheus).

use std::{io::IsTerminal, sync::OnceLock};

use http::{HeaderMap, HeaderName, HeaderValue};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use opentelemetry::{
    propagation::{Extractor, Injector, TextMapPropagator},
    trace::TracerProvider,
};
use opentelemetry_otlp::WithExportConfig;
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

/// How a process reports.
#[derive(Debug, Clone)]
pub struct TelemetryConfig {
    /// Name of the process in traces.
    pub service: String,
    /// What is logged, in the syntax of `tracing_subscriber`: `info,sqlx=warn`.
    pub log: String,
    /// Whether logs are JSON lines; text for people otherwise.
    pub json: bool,
    /// Address of an OTLP collector (gRPC); none exports nothing.
    pub otlp: Option<String>,
}

/// What was started; flush it at the end.
#[derive(Clone)]
pub struct Telemetry {
    provider: SdkTracerProvider,
    metrics: PrometheusHandle,
}

/// Reporting cannot start.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("log filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The exporter cannot be made.
    #[error("OTLP exporter: {0}")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
}

impl TelemetryConfig {
    /// Starts reporting; once in a process.
    pub fn start(&self) -> Result<Telemetry, TelemetryError> {
        let provider = self.provider()?;
        let colours = std::io::stderr().is_terminal();
        let log = tracing_subscriber::fmt::layer()
            .with_target(false)
            .with_ansi(colours)
            .with_writer(std::io::stderr);
        let log = if self.json { log.json().boxed() } else { log.compact().boxed() };
        // Filters go to each layer: a global one would also keep spans from the exporter.
        let traces = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("congvan"))
            .with_filter(EnvFilter::new("info"));
        let log = log.with_filter(EnvFilter::try_new(&self.log)?);
        tracing_subscriber::registry().with(traces).with(log).init();
        Ok(Telemetry { provider, metrics: recorder().clone() })
    }

    fn provider(&self) -> Result<SdkTracerProvider, TelemetryError> {
        let resource = Resource::builder().with_service_name(self.service.clone()).build();
        // Without a collector spans still get ids: the trace context must survive from call to event to mail.
        let builder = SdkTracerProvider::builder().with_resource(resource);
        let Some(endpoint) = &self.otlp else { return Ok(builder.build()) };
        let exporter =
            opentelemetry_otlp::SpanExporter::builder().with_tonic().with_endpoint(endpoint).build()?;
        Ok(builder.with_batch_exporter(exporter).build())
    }
}

impl Telemetry {
    /// The metrics in Prometheus' text form.
    pub fn metrics(&self) -> String {
        self.metrics.render()
    }

    /// Folds what was measured since the last time; without it samples pile up until somebody asks for the metrics.
    pub(crate) fn keep_up(&self) {
        self.metrics.run_upkeep();
    }

    /// Sends what was not sent yet.
    pub fn flush(&self) {
        if let Err(error) = self.provider.shutdown() {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// The recorder of the process; made once, since tests build many worlds in one process.
fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER
        .get_or_init(|| PrometheusBuilder::new().install_recorder().expect("no other recorder is installed"))
}

/// The W3C `traceparent` of where we are; empty outside of any trace.
pub fn traceparent() -> String {
    let mut headers = HeaderMap::new();
    hand_on(&mut headers);
    headers.get("traceparent").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Makes `span` part of the trace of this `traceparent`.
pub fn continue_traceparent(span: &Span, traceparent: &str) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(traceparent) {
        headers.insert("traceparent", value);
    }
    continue_from(span, &headers);
}

/// Makes `span` part of the trace that the headers tell of.
pub(crate) fn continue_from(span: &Span, headers: &HeaderMap) {
    if headers.contains_key("traceparent") {
        let context = TraceContextPropagator::new().extract(&Headers(headers));
        // Without a subscriber (in most tests) there is nothing to continue.
        let _ = span.set_parent(context);
    }
}

/// Writes the trace we are in into the headers of an outgoing call.
pub(crate) fn hand_on(headers: &mut HeaderMap) {
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut HeadersMut(headers));
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }
}

struct HeadersMut<'a>(&'a mut HeaderMap);

impl Injector for HeadersMut<'_> {
    fn set(&mut self, key: &str, value: String) {
        if let (Ok(key), Ok(value)) = (HeaderName::try_from(key), HeaderValue::try_from(value)) {
            self.0.insert(key, value);
        }
    }
}
