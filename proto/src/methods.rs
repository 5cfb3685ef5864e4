use std::{
    collections::HashMap,
    sync::{LazyLock, OnceLock},
};

use prost_reflect::{DescriptorPool, Kind, Value};

use crate::DESCRIPTORS;

/// What the contracts say about one method.
#[derive(Debug, Clone)]
pub struct Method {
    /// Path of the call: `/congvan.documents.v1.DocumentService/GetDocument`.
    pub path: String,
    /// Whether a repeat does no harm: the proto says `NO_SIDE_EFFECTS` or `IDEMPOTENT`.
    pub repeatable: bool,
    /// Whether the call has neither a request nor a response stream.
    pub unary: bool,
    /// Whether the method is for the outside world: it has a `google.api.http` annotation.
    pub public: bool,
    /// Whether the request has a `request_id`.
    pub has_request_id: bool,
}

static POOL: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(DESCRIPTORS).expect("the build script made it"));

static METHODS: OnceLock<HashMap<String, Method>> = OnceLock::new();

/// The method called by this path, if the contracts know it.
pub fn method(path: &str) -> Option<&'static Method> {
    table().get(path)
}

/// Every method of the contracts.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    table().values()
}

fn table() -> &'static HashMap<String, Method> {
    METHODS.get_or_init(|| {
        let http = POOL.get_extension_by_name("google.api.http").expect("the protos import it");
        POOL.services()
            .flat_map(|service| service.methods().collect::<Vec<_>>())
            .map(|method| {
                let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
                let options = method.options();
                let level = options.get_field_by_name("idempotency_level");
                let level = level.as_deref().and_then(Value::as_enum_number).unwrap_or(0);
                let input = method.input();
                let entry = Method {
                    repeatable: level != 0,
                    unary: !method.is_client_streaming() && !method.is_server_streaming(),
                    public: options.has_extension(&http),
                    has_request_id: input
                        .get_field_by_name("request_id")
                        .is_some_and(|field| field.kind() == Kind::String),
                    path: path.clone(),
                };
                (path, entry)
            })
            .collect()
    })
}

/// The descriptors, ready for reflection.
pub(crate) fn pool() -> DescriptorPool {
    POOL.clone()
}
