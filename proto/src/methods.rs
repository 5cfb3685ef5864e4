use std::{
    collections::HashMap,
    sync::{LazyLock, OnceLock},
};

use prost_reflect::{DescriptorPool, DynamicMessage, ExtensionDescriptor, Kind, Value};

use crate::{
    DESCRIPTORS,
    access::v1::{Access, Audience},
};

/// What the contracts say about one method.
#[derive(Debug, Clone)]
pub struct Method {
    /// Path of the call: `/congvan.documents.v1.DocumentService/GetDocument`.
    pub path: String,
    /// Whether a repeat does no harm: the proto says `NO_SIDE_EFFECTS` or `IDEMPOTENT`. See [`Self::may_repeat`].
    pub repeatable: bool,
    /// Whether the call has neither a request nor a response stream.
    pub unary: bool,
    /// Whether the method is for the outside world: it has a `google.api.http` annotation.
    pub public: bool,
    /// Number of the request's field `request_id`; none if it has no such field.
    pub request_id: Option<u32>,
    /// Who may call it; none if the proto does not say, which a test of the house refuses.
    pub access: Option<Access>,
}

impl Method {
    /// Whether this very request may be sent again without harm: a change counts as repeatable only if its caller gave it a
    /// request id, by which the service knows it again. `message` is the encoded request.
    pub fn may_repeat(&self, message: &[u8]) -> bool {
        self.repeatable && self.unary && self.request_id.is_none_or(|number| has_bytes(message, number))
    }

    /// Whether it needs no session: the gateway calls it of its own accord, whoever asks.
    pub fn is_open(&self) -> bool {
        self.access
            .as_ref()
            .is_some_and(|access| access.audiences().any(|audience| audience == Audience::Open))
    }
}

/// What a method's options say of access; none if they do not.
fn access(options: &DynamicMessage, extension: &ExtensionDescriptor) -> Option<Access> {
    let said = options.has_extension(extension).then(|| options.get_extension(extension))?;
    let said = said.as_message().expect("the option is a message");
    Some(said.transcode_to().expect("both were made of the same proto"))
}

/// Whether an encoded message has a non-empty string or bytes field with this number.
fn has_bytes(mut message: &[u8], number: u32) -> bool {
    use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
    while let Ok((tag, wire)) = decode_key(&mut message) {
        if tag == number && wire == WireType::LengthDelimited {
            return decode_varint(&mut message).is_ok_and(|length| length > 0);
        }
        if skip_field(wire, tag, &mut message, DecodeContext::default()).is_err() {
            break;
        }
    }
    false
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
        let extension = |name| POOL.get_extension_by_name(name).expect("the protos import it");
        let (http, stated) = (extension("google.api.http"), extension("congvan.access.v1.access"));
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
                    request_id: input
                        .get_field_by_name("request_id")
                        .filter(|field| field.kind() == Kind::String)
                        .map(|field| field.number()),
                    access: access(&options, &stated),
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

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::{method, methods};
    use crate::{
        access::v1::{Audience, Relation, Scope},
        directory::v1::GetUnitRequest,
        documents::v1::IssueDocumentRequest,
    };

    #[test]
    fn a_change_may_be_repeated_only_under_a_request_id() {
        let issue = method("/congvan.documents.v1.DocumentService/IssueDocument").unwrap();
        let mut request = IssueDocumentRequest { id: "x".to_owned(), revision: 3, ..Default::default() };
        assert!(!issue.may_repeat(&request.encode_to_vec()));
        request.request_id = "019376ad-0000-7000-8000-000000000001".to_owned();
        assert!(issue.may_repeat(&request.encode_to_vec()));
        let get = method("/congvan.directory.v1.UnitService/GetUnit").unwrap();
        assert!(
            get.may_repeat(
                &GetUnitRequest { id: "x".to_owned(), ..GetUnitRequest::default() }.encode_to_vec()
            )
        );
        let sign_in = method("/congvan.directory.v1.SessionService/SignIn").unwrap();
        assert!(!sign_in.may_repeat(&[]));
    }

    #[test]
    fn a_method_says_who_may_call_it() {
        let open: Vec<_> = methods().filter(|method| method.is_open()).map(|method| &*method.path).collect();
        assert!(open.contains(&"/congvan.directory.v1.SessionService/SignIn"), "{open:?}");
        let issue = method("/congvan.documents.v1.DocumentService/IssueDocument").unwrap();
        let access = issue.access.as_ref().unwrap();
        assert_eq!(access.audiences().collect::<Vec<_>>(), [Audience::Person]);
        assert_eq!((access.scope(), access.hides), (Scope::DocumentsWrite, true));
        assert_eq!(access.grants[0].relation(), Relation::Agency);
        assert_eq!(access.grants[0].roles, ["DOCUMENT_OFFICE"]);
    }
}
