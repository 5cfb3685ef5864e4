//! The public methods of the contracts as calls over REST.

use http::Method;
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, MessageDescriptor, MethodDescriptor, Value,
};

/// Numbers of `google.api.FieldBehavior`.
const REQUIRED: i32 = 2;
const OUTPUT_ONLY: i32 = 3;

/// A public method at its address.
pub(crate) struct Operation {
    pub(crate) method: MethodDescriptor,
    pub(crate) verb: Method,
    /// The address as the contracts write it: `/v1/users/{user.id}`.
    pub(crate) address: String,
    /// The field that the body holds, `*` for all; empty for no body.
    body: String,
}

/// Every public method.
pub(crate) fn operations(pool: &DescriptorPool) -> Vec<Operation> {
    let services = pool.services().filter(|service| service.full_name().starts_with("congvan."));
    let methods = services.flat_map(|service| service.methods().collect::<Vec<_>>());
    let operations: Vec<_> = methods.filter_map(|method| Operation::of(&method)).collect();
    assert!(operations.len() > 80, "only {} operations", operations.len());
    operations
}

impl Operation {
    fn of(method: &MethodDescriptor) -> Option<Self> {
        let extension =
            method.parent_pool().get_extension_by_name("google.api.http").expect("it is imported");
        let options = method.options();
        let rule = options.get_extension(&extension);
        let rule = rule.as_message().expect("google.api.HttpRule is a message");
        let verbs = [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH];
        let (verb, address) = verbs.into_iter().find_map(|verb| {
            let address = text(rule, &verb.as_str().to_lowercase());
            (!address.is_empty()).then_some((verb, address))
        })?;
        Some(Self { method: method.clone(), verb, address, body: text(rule, "body") })
    }

    /// The address with the same id for everything that it names.
    pub(crate) fn at(&self, id: &str) -> String {
        let mut parts = self.address.split(['{', '}']);
        let first = parts.next().unwrap_or_default().to_owned();
        let rest: Vec<_> = parts.collect();
        rest.chunks(2).fold(first, |address, pair| address + id + pair.get(1).copied().unwrap_or_default())
    }

    /// The fields of the request that the address names, by their paths: `user.id`.
    pub(crate) fn bound(&self) -> impl Iterator<Item = &str> {
        self.address.split(['{', '}']).skip(1).step_by(2)
    }

    /// Whether the address names this field of the request.
    pub(crate) fn binds(&self, path: &str) -> bool {
        self.bound().any(|bound| bound == path)
    }

    /// The field of the request whose thing the address names: `user` of `/v1/users/{user.id}`. That thing is there already.
    pub(crate) fn thing(&self) -> Option<FieldDescriptor> {
        let (field, _) = self.bound().find_map(|path| path.split_once('.'))?;
        self.method.input().get_field_by_name(field)
    }

    /// Whether the body is a file, byte for byte.
    pub(crate) fn is_upload(&self) -> bool {
        self.method.is_client_streaming()
    }

    /// What body, address and query make together: the request, or what goes before the bytes of a file.
    pub(crate) fn input(&self) -> MessageDescriptor {
        let input = self.method.input();
        if !self.is_upload() {
            return input;
        }
        let header = input.get_field_by_name("header").expect("an upload has a header");
        header.kind().as_message().expect("which is a message").clone()
    }

    /// Whether the body holds this field of the request, by itself or among others.
    pub(crate) fn takes_in_body(&self, field: &FieldDescriptor) -> bool {
        !self.is_upload() && (self.body == "*" || self.body == field.name())
    }

    /// A request as the body that it is written in.
    pub(crate) fn body_of(&self, request: &serde_json::Value) -> serde_json::Value {
        let field = self.method.input().get_field_by_name(&self.body);
        field.map_or_else(|| request.clone(), |field| request[field.json_name()].clone())
    }
}

fn text(message: &DynamicMessage, field: &str) -> String {
    let value = message.get_field_by_name(field);
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Whether a request must give this field.
pub(crate) fn is_required(field: &FieldDescriptor) -> bool {
    behaves(field, REQUIRED)
}

/// Whether only answers hold this field: over REST it is dropped from requests.
pub(crate) fn is_output_only(field: &FieldDescriptor) -> bool {
    behaves(field, OUTPUT_ONLY)
}

fn behaves(field: &FieldDescriptor, behaviour: i32) -> bool {
    let pool = field.parent_pool();
    let extension = pool.get_extension_by_name("google.api.field_behavior").expect("it is imported");
    let options = field.options();
    let said = options.get_extension(&extension);
    let said: &[Value] = said.as_list().unwrap_or_default();
    said.iter().any(|one| one.as_enum_number() == Some(behaviour))
}
