//! What every element of the contracts has.

use congvan_proto::access::v1::{Audience, Grant, Relation};
use kit::caller::Role;
use prost_reflect::{DescriptorPool, FileDescriptor, MessageDescriptor, MethodDescriptor, Value};

use super::none;
use crate::operations::{is_output_only, operations};

/// Changes without a request id. Signing in twice opens two sessions, signing out twice ends one, an import brings about the
/// same state however often it is sent, and a sign-in at the provider is known by its state, which counts once.
const WITHOUT_REQUEST_ID: [&str; 5] =
    ["SignIn", "SignOut", "ImportDirectory", "BeginOidcSignIn", "CompleteOidcSignIn"];

/// `NO_SIDE_EFFECTS` of `google.protobuf.MethodOptions.IdempotencyLevel`.
const NO_SIDE_EFFECTS: i32 = 1;

fn ours(pool: &DescriptorPool) -> Vec<FileDescriptor> {
    let files: Vec<_> = pool.files().filter(|file| file.package_name().starts_with("congvan.")).collect();
    assert!(files.len() > 20, "only {} files", files.len());
    files
}

fn methods(pool: &DescriptorPool) -> Vec<MethodDescriptor> {
    let services = pool.services().filter(|service| service.full_name().starts_with("congvan."));
    let methods: Vec<_> = services.flat_map(|service| service.methods().collect::<Vec<_>>()).collect();
    assert!(methods.len() > 25, "only {} methods", methods.len());
    methods
}

/// Elements of a file, each with its full name and its path in the file.
fn elements(file: &FileDescriptor) -> Vec<(String, Vec<i32>)> {
    let mut found = Vec::new();
    for service in file.services() {
        found.push((service.full_name().to_owned(), service.path().to_vec()));
        found.extend(service.methods().map(|method| (method.full_name().to_owned(), method.path().to_vec())));
    }
    let mut messages: Vec<MessageDescriptor> = file.messages().collect();
    let mut enums: Vec<_> = file.enums().collect();
    while let Some(message) = messages.pop() {
        found.push((message.full_name().to_owned(), message.path().to_vec()));
        found.extend(message.fields().map(|field| (field.full_name().to_owned(), field.path().to_vec())));
        found.extend(message.oneofs().map(|oneof| (oneof.full_name().to_owned(), oneof.path().to_vec())));
        messages.extend(message.child_messages());
        enums.extend(message.child_enums());
    }
    for one in enums {
        found.push((one.full_name().to_owned(), one.path().to_vec()));
        found.extend(one.values().map(|value| (value.full_name().to_owned(), value.path().to_vec())));
    }
    found
}

fn has_comment(file: &FileDescriptor, path: &[i32]) -> bool {
    let source = file.file_descriptor_proto().source_code_info.as_ref().expect("compiled with comments");
    let mut places = source.location.iter().filter(|location| location.path == path);
    places.any(|location| !location.leading_comments().trim().is_empty())
}

#[test]
fn every_element_has_a_comment() {
    let pool = congvan_proto::descriptor_pool();
    let mut offenders = Vec::new();
    for file in ours(&pool) {
        let bare = elements(&file).into_iter().filter(|(_, path)| !has_comment(&file, path));
        offenders.extend(bare.map(|(name, _)| name));
    }
    none(&offenders);
}

/// The idempotency level that the proto writes down; none if it is silent.
fn level(method: &MethodDescriptor) -> Option<i32> {
    let options = method.options();
    let said = options.has_field_by_name("idempotency_level");
    said.then(|| options.get_field_by_name("idempotency_level").as_deref().and_then(Value::as_enum_number))
        .flatten()
}

#[test]
fn every_method_says_whether_it_may_be_repeated() {
    let pool = congvan_proto::descriptor_pool();
    let silent = methods(&pool).into_iter().filter(|method| level(method).is_none());
    none(&silent.map(|method| method.full_name().to_owned()).collect::<Vec<_>>());
}

#[test]
fn every_change_takes_a_request_id() {
    let pool = congvan_proto::descriptor_pool();
    let changes = methods(&pool).into_iter().filter(|method| {
        level(method) != Some(NO_SIDE_EFFECTS)
            && !WITHOUT_REQUEST_ID.contains(&method.name())
            && !method.is_client_streaming() // the header of an upload has it
            && !method.is_server_streaming()
    });
    let without = changes.filter(|method| method.input().get_field_by_name("request_id").is_none());
    none(&without.map(|method| method.full_name().to_owned()).collect::<Vec<_>>());
}

#[test]
fn no_two_methods_share_a_message() {
    let pool = congvan_proto::descriptor_pool();
    let wrong = methods(&pool).into_iter().filter(|method| {
        method.input().name() != format!("{}Request", method.name())
            || method.output().name() != format!("{}Response", method.name())
    });
    none(&wrong.map(|method| method.full_name().to_owned()).collect::<Vec<_>>());
}

/// What a method states wrongly about access, in words.
fn misstated(method: &congvan_proto::Method) -> Vec<&'static str> {
    let Some(access) = &method.access else { return vec!["states no access"] };
    let mut wrong = Vec::new();
    let mut say = |is_wrong: bool, what| wrong.extend(is_wrong.then_some(what));
    let inside = |audience| matches!(audience, Audience::Service | Audience::Gateway | Audience::Documents);
    say(access.audiences.is_empty(), "has no audience");
    say(access.audiences().any(|audience| audience == Audience::Unspecified), "has an audience that is none");
    say(!method.public && !access.audiences().all(inside), "is not public, and open to people");
    say(method.public && access.audiences().all(inside), "is public, and open to services only");
    say(access.hides && access.grants.is_empty(), "hides from nobody");
    say(!access.hides && !access.knows.is_empty(), "hides nothing, and says who knows");
    let grants: Vec<_> = access.grants.iter().chain(&access.knows).chain(&access.bars).collect();
    say(grants.iter().any(|grant| grant.relation() == Relation::Unspecified), "grants by no relation");
    let of_agency = |grant: &Grant| matches!(grant.relation(), Relation::Agency | Relation::Recipient);
    let heirs_of_none = grants.iter().any(|grant| grant.heirs && !of_agency(grant));
    say(heirs_of_none, "names heirs of what belongs to no agency");
    say(
        grants.iter().flat_map(|grant| &grant.roles).any(|role| Role::named(role).is_none()),
        "names a role that is none",
    );
    wrong
}

#[test]
fn every_method_states_who_may_call_it() {
    let wrong = congvan_proto::methods()
        .flat_map(|method| misstated(method).into_iter().map(|what| format!("{} {what}", method.path)));
    none(&wrong.collect::<Vec<_>>());
}

/// A change of what its address names says which revision was read. A field that only answers hold is dropped from requests
/// over REST, and could not say it.
#[test]
fn every_change_of_a_thing_can_send_its_revision() {
    let pool = congvan_proto::descriptor_pool();
    let mut things = 0;
    let deaf = operations(&pool).into_iter().filter_map(|operation| {
        let thing = operation.thing()?;
        things += 1;
        let revision = thing.kind().as_message().and_then(|thing| thing.get_field_by_name("revision"));
        let is_deaf = revision.is_none_or(|revision| is_output_only(&revision));
        is_deaf.then(|| operation.method.full_name().to_owned())
    });
    none(&deaf.collect::<Vec<_>>());
    assert!(things >= 7, "only {things} things are changed");
}
