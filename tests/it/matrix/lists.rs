//! What is listed is what may be read, for every caller.

mod directory;

use std::collections::BTreeSet;

use congvan_proto::access::v1::Audience;
use congvan_tests::World;
use serde_json::{Value as Json, json};

use super::{
    belongings::Property,
    call::Callable,
    cast::{Caller, cast},
    scene::Scene,
};

/// The lists whose content depends on the caller, each of them proved below.
const PROVED: &[&str] = &[
    "directory.ApiKeyService/ListApiKeys",
    "directory.GroupService/ListGroups",
    "directory.SessionService/ListSessions",
    "directory.SigningAuthorityService/ListSigningAuthorities",
    "directory.StandInService/ListAbsences",
    "directory.StandInService/ListActing",
    "directory.StandInService/ListStandIns",
    "documents.CommentService/ListDocumentComments",
    "documents.DeliveryService/ListDeliveries",
    "documents.DeliveryService/ListDocumentDeliveries",
    "documents.DocumentService/ListDocuments",
    "documents.HandlingService/ListAssignedDeliveries",
    "documents.DraftingService/ListDraftingAssignments",
    "documents.HistoryService/ListDocumentHistory",
    "documents.HistoryService/ListDocumentVersions",
    "documents.HistoryService/ListDocumentViews",
    "documents.RecallService/ListRecalls",
    "documents.RegisterService/ListRegisterEntries",
    "notifications.MessageService/ListMessages",
];

/// Lists of what one person or agency has and nothing else: whoever may ask for one may see all of it, and who may stands in the table.
const WHOLE: [&str; 2] =
    ["directory.OidcService/ListLinkedIdentities", "documents.ReviewService/ListReviewProcesses"];

/// What of a document concerns nobody but those who read it at the sender.
const INNER: &[&str] = &[
    "CommentService/ListDocumentComments",
    "DeliveryService/GetDeliveryBoard",
    "HistoryService/ListDocumentHistory",
    "HistoryService/ListDocumentVersions",
];

/// The methods, and who calls them.
struct Reader<'a> {
    methods: &'a [Callable],
    caller: &'a Caller,
}

impl Reader<'_> {
    async fn ask(&self, method: &str, request: &Json) -> Option<Json> {
        let callable = self.methods.iter().find(|callable| callable.name() == method);
        let callable = callable.unwrap_or_else(|| panic!("{method} is gone"));
        let answer = callable.call(self.caller.claim.as_deref(), request).await.ok()?;
        Some(serde_json::to_value(answer).unwrap())
    }

    async fn reads(&self, method: &str, id: &str) -> bool {
        self.ask(method, &json!({ "id": id })).await.is_some()
    }

    /// What a list says under `key` of each item, on all pages, of one item each unless the request says more; nothing if the list is refused.
    async fn lists(&self, method: &str, request: &Json, items: &str, key: &str) -> BTreeSet<String> {
        let mut request = request.clone();
        if request["pageSize"].is_null() {
            request["pageSize"] = 1.into();
        }
        let mut found = BTreeSet::new();
        while let Some(page) = self.ask(method, &request).await {
            let listed = page[items].as_array().into_iter().flatten();
            found.extend(listed.map(|item| item[key].as_str().unwrap().to_owned()));
            match page["nextPageToken"].as_str() {
                Some(token) => request["pageToken"] = token.into(),
                None => break,
            }
        }
        found
    }
}

#[test]
fn every_list_that_depends_on_the_caller_is_proved() {
    let depends = |method: &&congvan_proto::Method| {
        let access = method.access.as_ref().unwrap();
        let people = access.audiences().any(|audience| audience == Audience::Person);
        people && (!access.grants.is_empty() || !access.rule.is_empty())
    };
    let lists = congvan_proto::methods().filter(|method| method.path.contains("/List")).filter(depends);
    let name = |path: &str| {
        let (service, method) = path.trim_start_matches("/congvan.").rsplit_once('/').unwrap();
        format!("{}/{method}", service.replace(".v1", ""))
    };
    let unproved: Vec<_> = lists
        .map(|method| name(&method.path))
        .filter(|name| !WHOLE.contains(&&**name) && !PROVED.contains(&&**name))
        .collect();
    assert!(unproved.is_empty(), "nothing proves that these list what may be read: {unproved:?}");
}

#[tokio::test]
async fn what_is_listed_may_be_read_and_the_other_way_round() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let scene = Scene::new(&world).await;
        let property = Property::new(&world, &scene).await;
        let methods = Callable::all(&world);
        for caller in cast(&world, &scene) {
            let reader = Reader { methods: &methods, caller: &caller };
            documents(&reader, &scene).await;
            deliveries(&reader, &scene).await;
            recalls(&reader, &scene).await;
            messages(&reader, &property).await;
            draftings(&reader, &property).await;
            own(&reader).await;
            directory::prove(&reader, &property).await;
        }
        world.end().await;
    }
}

/// What is assigned to the caller's units.
const ASSIGNED: &str = "documents.HandlingService/ListAssignedDeliveries";

/// Documents: listed at the sender, in the inbox, as assigned or in a register if and only if they may be read, with all that hangs on them.
async fn documents(reader: &Reader<'_>, scene: &Scene<'_>) {
    let who = &reader.caller.name;
    let everything = json!({});
    let sent = reader.lists("documents.DocumentService/ListDocuments", &everything, "documents", "id").await;
    let inbox = "documents.DeliveryService/ListDeliveries";
    let mut received = reader.lists(inbox, &everything, "deliveries", "documentId").await;
    received.extend(reader.lists(ASSIGNED, &everything, "deliveries", "documentId").await);
    for id in sent.union(&received) {
        assert!(reader.reads("documents.DocumentService/GetDocument", id).await, "{who} lists {id}");
    }
    for paper in scene.papers() {
        let id = &paper.id;
        let listed = sent.contains(id) || received.contains(id);
        assert_eq!(
            listed,
            reader.reads("documents.DocumentService/GetDocument", id).await,
            "{who}: {paper:?}"
        );
        for method in ["GetAttachment", "DownloadAttachment"] {
            let method = format!("documents.AttachmentService/{method}");
            assert_eq!(listed, reader.reads(&method, &paper.attachment).await, "{who}: {method} {paper:?}");
        }
        for method in INNER {
            let told = reader.ask(&format!("documents.{method}"), &json!({ "documentId": id })).await;
            assert_eq!(sent.contains(id), told.is_some(), "{who}: {method} is the sender's, {paper:?}");
        }
    }
    views(reader, scene, &received).await;
    for agency in ["mt", "vp.mn"].map(|place| scene.drafts[place].thing.agency.unwrap()) {
        for direction in ["REGISTER_DIRECTION_OUTGOING", "REGISTER_DIRECTION_INCOMING"] {
            let register = json!({ "agencyId": agency.to_string(), "direction": direction });
            let method = "documents.RegisterService/ListRegisterEntries";
            for id in reader.lists(method, &register, "entries", "documentId").await {
                assert!(reader.reads("documents.DocumentService/GetDocument", &id).await, "{who} lists {id}");
            }
        }
    }
}

/// Who saw a document: told at a recipient of the own agency only.
async fn views(reader: &Reader<'_>, scene: &Scene<'_>, received: &BTreeSet<String>) {
    let Some(person) = reader.caller.person() else { return };
    let posts = person.appointments.iter();
    let agencies = posts.flat_map(|post| post.inherited_agency_ids.iter().chain([&post.agency_id]));
    let own: BTreeSet<_> = agencies.map(ToString::to_string).collect();
    for paper in scene.papers().filter(|paper| received.contains(&paper.id)) {
        let request = json!({ "documentId": paper.id });
        let method = "documents.HistoryService/ListDocumentViews";
        let told = reader.lists(method, &request, "views", "agencyId").await;
        let sent = paper.thing.agency.is_some_and(|agency| own.contains(&agency.to_string()));
        assert!(sent || told.is_subset(&own), "{}: {paper:?}", reader.caller.name);
    }
}

/// Deliveries: listed in the inbox or with a document if and only if they may be read.
async fn deliveries(reader: &Reader<'_>, scene: &Scene<'_>) {
    let inbox = "documents.DeliveryService/ListDeliveries";
    let mut listed = reader.lists(inbox, &json!({}), "deliveries", "id").await;
    listed.extend(reader.lists(ASSIGNED, &json!({}), "deliveries", "id").await);
    for paper in scene.papers() {
        let request = json!({ "documentId": paper.id });
        let method = "documents.DeliveryService/ListDocumentDeliveries";
        listed.extend(reader.lists(method, &request, "deliveries", "id").await);
    }
    for paper in scene.papers().filter(|paper| !paper.delivery.is_empty()) {
        let read = reader.reads("documents.DeliveryService/GetDelivery", &paper.delivery).await;
        assert_eq!(listed.contains(&paper.delivery), read, "{}: {paper:?}", reader.caller.name);
    }
    for id in listed {
        assert!(reader.reads("documents.DeliveryService/GetDelivery", &id).await, "{}", reader.caller.name);
    }
}

/// Assigned drafting: listed if and only if it may be read.
async fn draftings(reader: &Reader<'_>, property: &Property) {
    let list = "documents.DraftingService/ListDraftingAssignments";
    let listed = reader.lists(list, &json!({}), "draftingAssignments", "id").await;
    let read = "documents.DraftingService/GetDraftingAssignment";
    for record in property.records.draftings.values() {
        let may = reader.reads(read, &record.id).await;
        assert_eq!(listed.contains(&record.id), may, "{}", reader.caller.name);
    }
    for id in listed {
        assert!(reader.reads(read, &id).await, "{} lists {id}", reader.caller.name);
    }
}

/// Recalls: whoever lists one may read it, and a recipient that may read one lists it.
async fn recalls(reader: &Reader<'_>, scene: &Scene<'_>) {
    let (who, read) = (&reader.caller.name, "documents.RecallService/GetRecall");
    for recall in &scene.recalls {
        let agencies = [recall.thing.agency.unwrap(), recall.thing.recipients[0]];
        for (agency, direction) in
            agencies.into_iter().zip(["RECALL_DIRECTION_SENT", "RECALL_DIRECTION_RECEIVED"])
        {
            let request = json!({ "agencyId": agency.to_string(), "direction": direction });
            let listed = reader.lists("documents.RecallService/ListRecalls", &request, "recalls", "id").await;
            for id in &listed {
                assert!(reader.reads(read, id).await, "{who} lists {id}");
            }
            let may = reader.ask("documents.RecallService/ListRecalls", &request).await.is_some();
            assert_eq!(listed.contains(&recall.id), may, "{who}: {direction} {recall:?}");
        }
    }
}

/// Messages: listed if and only if they may be read, and counted as many.
async fn messages(reader: &Reader<'_>, property: &Property) {
    let who = &reader.caller.name;
    let listed =
        reader.lists("notifications.MessageService/ListMessages", &json!({}), "messages", "id").await;
    let other = property.other().message.as_ref().unwrap();
    let read = "notifications.MessageService/GetMessage";
    assert_eq!(listed.contains(other), reader.reads(read, other).await, "{who}");
    let counted = reader.ask("notifications.MessageService/CountMessages", &json!({})).await;
    let count = |counts: &Json| ["queued", "sent", "failed"].map(|state| counts[state].as_u64().unwrap_or(0));
    let counted: u64 = counted.as_ref().map(count).unwrap_or_default().into_iter().sum();
    assert_eq!(usize::try_from(counted).unwrap(), listed.len(), "{who}");
    for id in listed {
        assert!(reader.reads(read, &id).await, "{who} lists {id}");
    }
}

/// Sessions and keys: one's own and nobody else's.
async fn own(reader: &Reader<'_>) {
    let Some(person) = reader.caller.person().filter(|person| person.scopes.is_none()) else { return };
    for (method, items) in
        [("SessionService/ListSessions", "sessions"), ("ApiKeyService/ListApiKeys", "apiKeys")]
    {
        let page = reader.ask(&format!("directory.{method}"), &json!({})).await.unwrap();
        let owner = |item: &Json| item["user"]["id"].as_str().or(item["userId"].as_str()).map(str::to_owned);
        let owners: BTreeSet<_> = page[items].as_array().unwrap().iter().map(owner).collect();
        assert_eq!(owners, BTreeSet::from([Some(person.user_id.to_string())]), "{}", reader.caller.name);
    }
}
