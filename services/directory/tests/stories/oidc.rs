use congvan_proto::directory::v1 as pb;
use directory::{
    Housekeeping,
    oidc::{OidcConfig, Scopes},
};
use jsonwebtoken::Algorithm;
use kit::worker::Worker;
use serde_json::{Value, json};
use sql::{Queries, Statement, statement};
use tonic::{Code, Status};

use crate::{
    provider::{Back, CLIENT_ID, Key, Provider, REDIRECT_URI, SECRET, account},
    world::{PASSWORD, Who, World, department, fields, officer, reason, who},
};

/// A desk at which people sign in, in a world with an officer who has a password and an address, and the provider.
pub(crate) struct Desk {
    pub(crate) world: World,
    pub(crate) provider: Provider,
    pub(crate) by: Who,
    pub(crate) chung: pb::User,
}

impl Desk {
    /// One for every engine, where people who come for the first time are recognised in this way.
    pub(crate) async fn all(link_by: &str) -> Vec<Self> {
        let worlds = World::all_with(
            |rules, _| rules,
            async |directory| {
                let provider = Provider::start().await;
                let directory = directory.with_oidc(config(&provider, link_by)).unwrap();
                (directory, provider)
            },
        );
        let mut all = Vec::new();
        for (world, provider) in worlds.await {
            let by = world.administrator().await;
            let unit = world.unit(&by, department("H52.01")).await.unwrap();
            let chung = pb::User { email: "Chung@sonla.gov.vn".to_owned(), ..officer("chung.cv", &unit) };
            let chung = world.user(&by, chung).await.unwrap();
            all.push(Self { world, provider, by, chung });
        }
        all
    }

    pub(crate) async fn begin(&self) -> Result<pb::BeginOidcSignInResponse, Status> {
        let request = pb::BeginOidcSignInRequest { redirect_uri: REDIRECT_URI.to_owned() };
        let answer = self.world.oidc().begin_oidc_sign_in(self.world.from(&Who::Gateway, request)).await;
        answer.map(tonic::Response::into_inner)
    }

    /// The browser goes to the provider and comes back.
    pub(crate) async fn browse(&self) -> Back {
        let begun = self.begin().await.unwrap();
        let back = self.provider.authorize(&begun.authorization_url, base::Clock::now(&self.world.clock));
        assert_eq!(back.state, begun.state);
        back
    }

    pub(crate) async fn complete(
        &self,
        back: &Back,
        iss: &str,
    ) -> Result<pb::CompleteOidcSignInResponse, Status> {
        let (state, code) = (back.state.clone(), back.code.clone());
        let request = pb::CompleteOidcSignInRequest { state, code, iss: iss.to_owned() };
        let answer = self.world.oidc().complete_oidc_sign_in(self.world.from(&Who::Gateway, request)).await;
        answer.map(tonic::Response::into_inner)
    }

    /// The account of the provider signs in.
    pub(crate) async fn sign_in(&self) -> Result<pb::CompleteOidcSignInResponse, Status> {
        let back = self.browse().await;
        self.complete(&back, "").await
    }

    /// The same with another account.
    pub(crate) async fn sign_in_as(
        &self,
        sub: &str,
        profile: Value,
    ) -> Result<pb::CompleteOidcSignInResponse, Status> {
        self.provider.inside().account = account(sub, profile);
        self.sign_in().await
    }

    /// The accounts with which the officer may sign in.
    pub(crate) async fn linked(&self) -> Vec<String> {
        let request = pb::ListLinkedIdentitiesRequest { user_id: self.chung.id.clone() };
        let answer = self.world.oidc().list_linked_identities(self.world.from(&self.by, request)).await;
        answer.unwrap().into_inner().identities.into_iter().map(|identity| identity.subject).collect()
    }

    /// What was done to the officer's account, the newest first: by whom, what, why.
    pub(crate) async fn audit(&self) -> Vec<(String, String, String)> {
        let entries = self.world.audit(&self.by, &self.chung.id).await.into_iter();
        let entries = entries.filter(|entry| entry.action.ends_with("link_identity"));
        entries.map(|entry| (entry.actor_name, entry.action, entry.reason)).collect()
    }
}

fn config(provider: &Provider, link_by: &str) -> OidcConfig {
    OidcConfig {
        issuer: provider.inside().issuer.parse().unwrap(),
        client_id: CLIENT_ID.to_owned(),
        client_secret: SECRET.parse().unwrap(),
        redirect_uris: format!("https://other.example, {REDIRECT_URI}").parse().unwrap(),
        scopes: Scopes::default(),
        link_by: link_by.parse().unwrap(),
    }
}

/// That the sign-in was refused, without saying why.
#[track_caller]
pub(crate) fn refused(answer: Result<pb::CompleteOidcSignInResponse, Status>, what: &str) {
    let status = answer.expect_err(what);
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unauthenticated, "OIDC_REFUSED"), "{what}");
    assert!(status.message().starts_with("The sign-in at the provider was not accepted."), "{what}");
}

#[tokio::test]
async fn a_person_signs_in_at_the_provider() {
    for desk in Desk::all("sign_in_name").await {
        let first = desk.sign_in().await.unwrap();
        let session = desk.world.verify(&first.token).await.unwrap();
        assert_eq!(session.user.as_ref().unwrap().id, desk.chung.id);
        assert_eq!(session.opening, i32::from(pb::SessionOpening::Oidc));
        assert_eq!(Some(session), first.session);
        assert_eq!(desk.linked().await, ["chung"]);
        let linked = ("Cầm Văn Chung", "user.link_identity", "sign_in_name");
        let linked = (linked.0.to_owned(), linked.1.to_owned(), linked.2.to_owned());
        assert_eq!(desk.audit().await, std::slice::from_ref(&linked));

        let again = desk.sign_in_as("chung", json!({ "preferred_username": "quantri" })).await.unwrap();
        assert_eq!(again.session.unwrap().user.unwrap().id, desk.chung.id, "the subject decides");
        assert_ne!(again.token, first.token);
        desk.world.sign_in("chung.cv", PASSWORD).await.expect("the password stays good");
        assert_eq!((desk.linked().await.len(), desk.audit().await), (1, vec![linked]));
    }
}

#[tokio::test]
async fn the_provider_may_tell_who_it_is_at_its_user_info_address_only() {
    for desk in Desk::all("sign_in_name").await {
        desk.provider.inside().account.profile_in_token = false;
        desk.provider.inside().takes_basic = false;
        for calls in [1, 1] {
            desk.sign_in().await.unwrap();
            assert_eq!(desk.provider.inside().calls.user_info, calls, "asked until linked, not after");
        }
        assert_eq!(desk.linked().await, ["chung"]);
    }
}

#[tokio::test]
async fn a_state_counts_once_and_for_ten_minutes() {
    for desk in Desk::all("sign_in_name").await {
        let back = desk.browse().await;
        let other = desk.browse().await;
        let tampered = Back { state: other.state.chars().rev().collect(), ..back.clone() };
        refused(desk.complete(&tampered, "").await, "a state that was not given out");
        assert_eq!(desk.provider.inside().calls.token, 0, "the provider is not asked about it");
        desk.complete(&back, "").await.unwrap();
        refused(desk.complete(&back, "").await, "a state and code that were used");
        let crossed = Back { code: back.code.clone(), ..other.clone() };
        refused(desk.complete(&crossed, "").await, "a code that was used, with a fresh state");
        refused(desk.complete(&other, "").await, "the state of an attempt that failed");

        let (one, two) = (desk.browse().await, desk.browse().await);
        let crossed = Back { code: two.code.clone(), state: one.state.clone() };
        refused(desk.complete(&crossed, "").await, "the code of another browser: its verifier is another");

        let late = desk.browse().await;
        desk.world.wait(600);
        refused(desk.complete(&late, "").await, "after ten minutes");
        let twice = desk.browse().await;
        let (first, second) = tokio::join!(desk.complete(&twice, ""), desk.complete(&twice, ""));
        assert!(first.is_ok() != second.is_ok(), "two at once: one");
    }
}

#[tokio::test]
async fn the_browser_must_come_from_the_provider_it_was_sent_to() {
    for desk in Desk::all("sign_in_name").await {
        let issuer = desk.provider.inside().issuer.clone();
        let back = desk.browse().await;
        refused(desk.complete(&back, "https://sso.example").await, "another issuer");
        let back = desk.browse().await;
        desk.complete(&back, &issuer).await.unwrap();
        desk.provider.inside().says_iss = true;
        desk.world.wait(3600); // what the provider says of itself is read anew
        let back = desk.browse().await;
        refused(desk.complete(&back, "").await, "a provider that says who it is did not");
        let back = desk.browse().await;
        desk.complete(&back, &issuer).await.unwrap();
    }
}

#[tokio::test]
async fn keys_roll_over_and_every_sort_of_signature_is_understood() {
    for desk in Desk::all("sign_in_name").await {
        desk.sign_in().await.unwrap();
        desk.sign_in().await.unwrap();
        let calls = desk.provider.inside().calls;
        assert_eq!((calls.discovery, calls.keys, calls.token), (1, 1, 2));
        let keys = [
            Key::rsa("rsa", Algorithm::RS256),
            Key::rsa("pss", Algorithm::PS256),
            Key::ed25519("ed"),
            Key::ecdsa("first"), // the name of a key that there was before
        ];
        for key in keys {
            desk.world.wait(3);
            desk.provider.roll(key);
            desk.sign_in().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_key_that_was_taken_away_counts_for_an_hour_at_most() {
    for desk in Desk::all("sign_in_name").await {
        desk.sign_in().await.unwrap();
        desk.provider.inside().published = vec![Key::ecdsa("second").public()];
        desk.world.wait(3599);
        desk.sign_in().await.expect("the keys are believed for an hour");
        desk.world.wait(1);
        refused(desk.sign_in().await, "the key was taken away");
        let odd = json!({ "kty": "XYZ", "kid": "odd" });
        let secret = json!({ "kty": "oct", "kid": "third", "k": "AAAA" });
        let key = Key::ecdsa("third");
        desk.provider.roll(key.clone());
        desk.provider.inside().published = vec![odd, secret, key.public()];
        desk.world.wait(3);
        desk.sign_in().await.expect("keys of other sorts do not disturb");
    }
}

#[tokio::test]
async fn whoever_may_not_sign_in_any_more_does_not_through_the_provider_either() {
    const LEAVE: Statement =
        statement("LEAVE", "UPDATE person SET is_active = FALSE WHERE sign_in_name = 'chung.cv'");
    for desk in Desk::all("sign_in_name").await {
        let linked_before = desk.sign_in().await.is_ok();
        let mut tx = desk.world.db.write("test").await.unwrap();
        assert_eq!((tx.execute(&LEAVE, vec![]).await.unwrap(), linked_before), (1, true));
        tx.commit().await.unwrap();
        refused(desk.sign_in().await, "linked, but gone");
    }
}

#[tokio::test]
async fn without_a_provider_people_have_passwords_only() {
    for world in World::all().await {
        let request = pb::BeginOidcSignInRequest { redirect_uri: REDIRECT_URI.to_owned() };
        let status = world.oidc().begin_oidc_sign_in(world.from(&Who::Gateway, request)).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "OIDC_NOT_SET_UP"));
        let request = pb::CompleteOidcSignInRequest {
            state: "state".to_owned(),
            code: "code".to_owned(),
            ..pb::CompleteOidcSignInRequest::default()
        };
        let status =
            world.oidc().complete_oidc_sign_in(world.from(&Who::Gateway, request)).await.unwrap_err();
        assert_eq!(reason(&status), "OIDC_NOT_SET_UP");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_told_at_once() {
    for desk in Desk::all("subject").await {
        for address in ["", "https://desk.example/signed-in/", "https://evil.example/"] {
            let request = pb::BeginOidcSignInRequest { redirect_uri: address.to_owned() };
            let request = desk.world.from(&Who::Gateway, request);
            let status = desk.world.oidc().begin_oidc_sign_in(request).await.unwrap_err();
            assert_eq!(fields(&status), ["redirectUri"], "{address}");
        }
        let long = "x".repeat(4097);
        let status =
            desk.complete(&Back { state: String::new(), code: long.clone() }, &long).await.unwrap_err();
        assert_eq!(fields(&status), ["state", "code", "iss"]);
        assert_eq!(desk.provider.inside().calls.discovery, 0, "nobody was asked");
    }
}

#[tokio::test]
async fn nothing_that_opens_a_session_is_kept() {
    const KEPT: Statement = statement("KEPT", "SELECT state_hash, redirect_uri FROM oidc_attempt");
    const LEFT: Statement = statement("LEFT", "SELECT count(*) AS n FROM oidc_attempt");
    for desk in Desk::all("sign_in_name").await {
        let db = &desk.world.db;
        let begun = desk.begin().await.unwrap();
        assert_eq!(begun.state.len(), 64);
        let row = db.read("test").await.unwrap().one(&KEPT, vec![]).await.unwrap();
        let kept: Vec<u8> = row.get("state_hash").unwrap();
        assert_eq!(row.get::<String>("redirect_uri").unwrap(), REDIRECT_URI);
        let kept = kept.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        assert!(kept.len() == 64 && kept != begun.state, "who reads the database cannot complete it");
        let left = async || {
            let row = db.read("test").await.unwrap().one(&LEFT, vec![]).await.unwrap();
            row.get::<i64>("n").unwrap()
        };
        desk.sign_in().await.unwrap();
        assert_eq!(left().await, 1, "completed, so gone");
        desk.world.wait(600);
        desk.begin().await.unwrap();
        assert_eq!(left().await, 1, "who begins sweeps");
        desk.world.wait(600);
        Housekeeping::new(&desk.world.directory).step().await.unwrap();
        assert_eq!(left().await, 0);
    }
}

#[tokio::test]
async fn a_database_that_goes_away_leaves_nothing_half_done() {
    use congvan_proto::directory::v1::oidc_service_server::OidcService;
    for desk in Desk::all("sign_in_name").await {
        let mut struck = 0;
        for passing in 0.. {
            let Back { state, code } = desk.browse().await;
            let message = pb::CompleteOidcSignInRequest { state, code, iss: String::new() };
            let mut request = tonic::Request::new(message);
            request.extensions_mut().insert(kit::caller::Caller::service("gateway"));
            desk.world.db.faults().fail_after(passing);
            let answer = desk.world.directory.complete_oidc_sign_in(request).await;
            if !desk.world.db.faults().clear() {
                answer.expect("no statement failed");
                break;
            }
            assert_eq!(reason(&answer.unwrap_err()), "UNAVAILABLE", "statement {passing}");
            assert_eq!(desk.linked().await.len(), 0, "statement {passing}: no link without a session");
            struck += 1;
        }
        assert!(struck >= 9, "{struck} statements were made to fail");
        assert_eq!(desk.linked().await, ["chung"]);
        let me = who(desk.sign_in().await.unwrap().session.as_ref().unwrap());
        assert!(matches!(me, Who::Person(person) if person.user_id.to_string() == desk.chung.id));
    }
}
