use congvan_proto::access::v1::Access;
use http::{Method, uri::PathAndQuery};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, Value};

use super::matcher::{BadTemplate, Template};

/// A public method at its REST address.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// The gRPC method.
    pub(crate) method: MethodDescriptor,
    /// Path of the gRPC method.
    pub(crate) path: PathAndQuery,
    /// HTTP method.
    pub(crate) verb: Method,
    /// Address.
    pub(crate) template: Template,
    /// What the request body holds.
    pub(crate) payload: Payload,
    /// How request and answer travel.
    pub(crate) form: Form,
    /// The message that address, query and body make together.
    pub(crate) input: MessageDescriptor,
    /// Who may call.
    pub(crate) access: Access,
    /// Whether the call needs a session.
    pub(crate) needs_session: bool,
}

/// What the request body holds.
#[derive(Debug, Clone)]
pub(crate) enum Payload {
    /// Nothing.
    None,
    /// Every field that the address does not bind.
    Whole,
    /// One field.
    Field(FieldDescriptor),
    /// The bytes of a file.
    File,
}

/// How request and answer travel. The streams that REST knows are feeds of messages, and files, byte for byte; these are told by their messages: each
/// is one of two parts, what goes before the bytes or a `chunk` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON for JSON.
    Unary,
    /// A file goes in after its `header`.
    Upload,
    /// A stored file comes out after its `attachment`, whole or in ranges.
    Download,
    /// A file made for this call comes out after what is said of the `file`; its length is not known before.
    Export,
    /// Messages come out one after another, each as a server-sent event.
    Feed,
}

/// An annotation that cannot be served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadAnnotation {
    /// The address cannot be read.
    #[error("{0}: {1}")]
    Template(String, BadTemplate),
    /// The annotation is incomplete or uses what is not supported.
    #[error("{0}: {1}")]
    Unsupported(String, &'static str),
}

impl Operation {
    /// The operations that a method is annotated with; none if it is not public.
    pub(crate) fn of(method: &MethodDescriptor) -> Result<Vec<Self>, BadAnnotation> {
        let pool = method.parent_pool();
        let annotation = pool.get_extension_by_name("google.api.http").expect("the protos import it");
        let options = method.options();
        if !options.has_extension(&annotation) {
            return Ok(Vec::new());
        }
        let rule = options.get_extension(&annotation);
        let rule = rule.as_message().expect("google.api.HttpRule is a message");
        let more = rule.get_field_by_name("additional_bindings");
        let more = more.as_deref().and_then(Value::as_list).unwrap_or_default();
        std::iter::once(rule)
            .chain(more.iter().filter_map(Value::as_message))
            .map(|rule| Self::from_rule(method, rule))
            .collect()
    }

    fn from_rule(method: &MethodDescriptor, rule: &DynamicMessage) -> Result<Self, BadAnnotation> {
        let name = method.full_name();
        let unsupported = |why| BadAnnotation::Unsupported(name.to_owned(), why);
        let text = |field: &str| {
            let value = rule.get_field_by_name(field);
            value.and_then(|value| value.as_str().map(str::to_owned)).filter(|text| !text.is_empty())
        };
        let (verb, address) = [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH]
            .into_iter()
            .find_map(|verb| text(&verb.as_str().to_lowercase()).map(|address| (verb, address)))
            .ok_or_else(|| unsupported("no address"))?;
        if text("response_body").is_some() {
            return Err(unsupported("response_body"));
        }
        let template =
            Template::parse(&address).map_err(|error| BadAnnotation::Template(name.to_owned(), error))?;
        let form = Form::of(method).ok_or_else(|| unsupported("a stream that is no file"))?;
        let input = match form {
            Form::Upload => header(method).ok_or_else(|| unsupported("no header"))?,
            Form::Unary | Form::Download | Form::Export | Form::Feed => method.input(),
        };
        let payload = match text("body").as_deref() {
            _ if form == Form::Upload => Payload::File,
            None => Payload::None,
            Some("*") => Payload::Whole,
            Some(field) => Payload::Field(
                input.get_field_by_name(field).ok_or_else(|| unsupported("no such body field"))?,
            ),
        };
        if template.variables().any(|variable| leaf(&input, variable).is_none()) {
            return Err(unsupported("the address binds no text field"));
        }
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        let stated = congvan_proto::method(&path).ok_or_else(|| unsupported("unknown"))?;
        Ok(Self {
            access: stated.access.clone().ok_or_else(|| unsupported("no access stated"))?,
            needs_session: !stated.is_open(),
            path: path.parse().map_err(|_| unsupported("name"))?,
            method: method.clone(),
            verb,
            template,
            payload,
            form,
            input,
        })
    }

    /// Whether the address binds this field of the input message.
    pub(crate) fn binds(&self, field: &FieldDescriptor) -> bool {
        self.template.variables().any(|variable| variable == field.name())
    }

    /// Whether this field of the input message may come in the query.
    pub(crate) fn takes_in_query(&self, field: &FieldDescriptor) -> bool {
        let in_body = match &self.payload {
            Payload::Whole => true,
            Payload::Field(body) => body == field,
            // The bytes wanted are named by the Range header.
            Payload::None | Payload::File => self.form == Form::Download,
        };
        !in_body && !self.binds(field)
    }

    /// The field that makes a repeat recognisable, if the call has one.
    pub(crate) fn request_id(&self) -> Option<FieldDescriptor> {
        self.input.get_field_by_name("request_id")
    }
}

/// Whether a method needs no session.
pub(crate) fn is_open(path: &str) -> bool {
    congvan_proto::method(path).is_some_and(congvan_proto::Method::is_open)
}

impl Form {
    fn of(method: &MethodDescriptor) -> Option<Self> {
        match (method.is_client_streaming(), method.is_server_streaming()) {
            (false, false) => Some(Self::Unary),
            (true, false) if is_file(&method.input(), "header") => Some(Self::Upload),
            (false, true) if is_file(&method.output(), "attachment") => Some(Self::Download),
            (false, true) if is_file(&method.output(), "file") => Some(Self::Export),
            (false, true) => Some(Self::Feed),
            (true, _) => None,
        }
    }
}

/// Whether a message is a part of a file: what goes `before` the bytes, or a chunk of them.
fn is_file(message: &MessageDescriptor, before: &str) -> bool {
    let kind = |field: &str| message.get_field_by_name(field).map(|field| field.kind());
    matches!((kind(before), kind("chunk")), (Some(Kind::Message(_)), Some(Kind::Bytes)))
}

/// The message that goes before the chunks of an upload.
fn header(method: &MethodDescriptor) -> Option<MessageDescriptor> {
    method.input().get_field_by_name("header")?.kind().as_message().cloned()
}

/// The text field at a dotted path below a message.
pub(crate) fn leaf(message: &MessageDescriptor, path: &str) -> Option<FieldDescriptor> {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let field = message.get_field_by_name(first).filter(|field| !field.is_list())?;
    match (rest, field.kind()) {
        (Some(rest), Kind::Message(inner)) => leaf(&inner, rest),
        (None, Kind::String) => Some(field),
        _ => None,
    }
}
