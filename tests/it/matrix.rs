//! Who may call what: every method of every service, by every sort of caller, about everything that it can address. What comes
//! of it is what the contracts state, and stands in one table beside this file.

mod belongings;
mod by;
pub(crate) mod call;
mod cast;
mod doors;
mod lists;
mod openness;
mod oracles;
mod probes;
mod records;
mod scene;
mod table;
mod verdict;

use base::Uuid;
use congvan_proto::access::v1::Access;
use congvan_tests::World;
use tonic::Status;

use belongings::Property;
use call::Callable;
use cast::{Caller, cast};
use probes::{Case, cases, plain};
use prost_reflect::DynamicMessage;
use scene::{EVERYTHING, SECRET, Scene};
use table::Table;
use verdict::{Verdict, knows, stated};

/// What of the scene no refusal tells: abstracts, and the numbers that documents got.
const UNTOLD: [&str; 3] = [SECRET, "/MT-", "/MN-"];

/// What is asked about by a caller: by people about each thing; by the others, who are refused or let through whatever the
/// thing, about one that is open to whoever holds every role, if any is.
fn asked(callable: &Callable, scene: &Scene<'_>, property: &Property, caller: &Caller) -> Option<Vec<Case>> {
    let access = callable.stated().access.as_ref().unwrap();
    let everything = scene.person(EVERYTHING);
    let person = caller.person().unwrap_or(&everything);
    let found = cases(&callable.name(), scene, property, person);
    let mut found = found.or_else(|| plain(access, person))?;
    if caller.person().is_none() {
        let everything = Caller::in_person(&everything);
        let open = |case: &Case| stated(access, &everything, &case.thing) == Verdict::Allowed;
        let one = found.iter().position(open).unwrap_or_default();
        found = found.into_iter().skip(one).take(1).collect();
    }
    Some(found)
}

/// An answer in words that can be compared: without the id of the thing.
fn told(status: &Status, id: &str) -> (String, String) {
    let details = String::from_utf8_lossy(status.details()).replace(id, "ID");
    (format!("{:?} {}", status.code(), status.message().replace(id, "ID")), details)
}

/// What is wrong with how a call was answered, beyond whether it was let through.
async fn betrayed(
    callable: &Callable,
    caller: &Caller,
    case: &Case,
    answer: &Result<DynamicMessage, Status>,
    access: &Access,
) -> Option<String> {
    let status = match answer {
        Ok(message) => {
            let text = serde_json::to_string(message).unwrap();
            return (caller.name.starts_with("ADMINISTRATOR") && text.contains(SECRET))
                .then(|| "shows an administrator what a document is about".to_owned());
        }
        Err(status) => status,
    };
    let text = format!("{} {}", status.message(), String::from_utf8_lossy(status.details()));
    let verdict = Verdict::of(answer, access.hides);
    if verdict != Verdict::Allowed && UNTOLD.iter().any(|untold| text.contains(untold)) {
        return Some(format!("tells too much: {text}"));
    }
    if verdict != Verdict::Allowed && !case.id.is_empty() && !knows(access, caller, &case.thing) {
        let id = Uuid::from_u128(0x0193_76ad_0000_7000_8000_0000_0000_0007).to_string();
        let missing = callable.call(caller.claim.as_deref(), &(case.request)(&id)).await;
        let Err(missing) = missing else { return Some("is refused, but not where nothing is".to_owned()) };
        let (told, missing) = (told(status, &case.id), told(&missing, &id));
        return (told != missing).then(|| format!("{told:?} where nothing is: {missing:?}"));
    }
    None
}

/// Asks every method as every caller; the table of what came of it, and what was not as it is stated.
async fn ask_everything(world: &World) -> (Table, Vec<String>) {
    let scene = Scene::new(world).await;
    let property = Property::new(world, &scene).await;
    let callers = cast(world, &scene);
    let mut table = Table::new(&callers);
    let mut wrong = Vec::new();
    for callable in Callable::all(world) {
        let access = callable.stated().access.as_ref().unwrap();
        for caller in &callers {
            let Some(cases) = asked(&callable, &scene, &property, caller) else {
                wrong.push(format!("{} needs a probe: how it is asked about a thing", callable.name()));
                break;
            };
            for case in cases {
                let answer = callable.call(caller.claim.as_deref(), &(case.request)(&case.id)).await;
                let (seen, expected) =
                    (Verdict::of(&answer, access.hides), stated(access, caller, &case.thing));
                table.note(&callable, &case, caller, seen);
                let place = format!("{} {} by {}", callable.name(), case.name, caller.name);
                if seen != expected {
                    let status = answer.as_ref().err().map(Status::message);
                    wrong.push(format!("{place}: {seen:?}, stated is {expected:?}: {status:?}"));
                }
                let betrayed = betrayed(&callable, caller, &case, &answer, access).await;
                wrong.extend(betrayed.map(|what| format!("{place}: {what}")));
            }
        }
    }
    (table, wrong)
}

/// On one engine: the lists beside this, and the stories of each service, hold on both.
#[tokio::test]
async fn every_method_answers_every_caller_as_it_states() {
    let world = World::new(World::engines()[0]).await;
    let (table, wrong) = ask_everything(&world).await;
    assert!(wrong.is_empty(), "{} wrong:\n  {}", wrong.len(), wrong.join("\n  "));
    insta::assert_snapshot!(table.text());
    never(&table);
    world.end().await;
}

/// Fails if anybody is served whose duties exclude it, whatever the contracts state.
#[track_caller]
fn never(table: &Table) {
    for act in ["ApproveDocument", "SignDocument", "IssueDocument"] {
        table.never("SECRETARY", &format!("documents.DocumentService/{act}"));
    }
    for act in ["DocumentService/ApproveDocument", "DocumentService/SignDocument"] {
        table.never("an officer who stands in", &format!("documents.{act}"));
        table.never("OFFICER's key with every scope", &format!("documents.{act}"));
    }
    for act in ["Number", "Seal", "Release", "Void"] {
        table.never("SECRETARY", &format!("documents.ReleaseService/{act}Document"));
    }
    table.never("an officer who stands in", "documents.ReleaseService/SealDocument");
    for act in ["Create", "Revoke"] {
        let method = format!("directory.SigningAuthorityService/{act}SigningAuthority");
        table.never("an officer who stands in", &method);
    }
    for method in ["Get", "Update", "Submit", "Return", "Approve", "Sign", "Issue"] {
        for who in ["ADMINISTRATOR", "ADMINISTRATOR's key with every scope"] {
            table.never(who, &format!("documents.DocumentService/{method}Document"));
        }
    }
    for method in [
        "AttachmentService/GetAttachment",
        "AttachmentService/DownloadAttachment",
        "AttachmentService/ArrangeAttachments",
        "AttachmentService/RemoveAttachment",
        "CommentService/CommentOnDocument",
        "CommentService/ListDocumentComments",
        "CommentService/ResolveComment",
        "DeliveryService/GetDelivery",
        "DeliveryService/GetDeliveryBoard",
        "DeliveryService/ListDeliveries",
        "DeliveryService/ListDocumentDeliveries",
        "DraftingService/AssignDrafting",
        "DraftingService/GetDraftingAssignment",
        "DraftingService/TakeDrafting",
        "HistoryService/GetDocumentVersion",
        "HistoryService/ListDocumentHistory",
        "HistoryService/ListDocumentVersions",
        "HistoryService/ListDocumentViews",
        "RegisterService/ListRegisterEntries",
    ] {
        for who in ["ADMINISTRATOR", "ADMINISTRATOR's key with every scope"] {
            table.never(who, &format!("documents.{method}"));
        }
    }
}
