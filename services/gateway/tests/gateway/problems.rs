use gateway::{Backends, GatewayConfig};
use kit::{Fault, Text, Violations, transport::Transport};
use serde_json::json;
use tonic::{Code, Status};

use crate::world::World;

#[tokio::test]
async fn a_refusal_keeps_reason_sentence_and_facts() {
    let world = World::new().await;
    world.backend.refuse("DocumentService/IssueDocument", || Fault::stale(5));
    let answer = world.send_json("POST", "/v1/documents/7:issue", &json!({"revision": 3})).await;
    let id = answer.header("x-request-id").to_owned();
    assert_eq!(
        answer.json(),
        json!({
            "type": "/problems/STALE_REVISION",
            "title": "Conflict with the present state",
            "status": 409,
            "detail": "Somebody else has changed this since you read it. Read it again and repeat.",
            "instance": format!("urn:uuid:{id}"),
            "reason": "STALE_REVISION",
            "domain": "congvan",
            "metadata": {"current_revision": "5"},
        })
    );
    assert_eq!((answer.status.as_u16(), answer.header("content-language")), (409, "en"));
}

#[tokio::test]
async fn violations_of_a_service_name_fields_as_json_does() {
    let world = World::new().await;
    world.backend.refuse("UnitService/ListUnits", || {
        let mut violations = Violations::default();
        violations.page_size(-1, 50, 200);
        violations.missing("recipients[3].unit_id");
        violations.check().unwrap_err()
    });
    let answer = world.get("/v1/units?pageSize=-1").await;
    assert_eq!(answer.violations(), ["pageSize: must be 1 to 200", "recipients[3].unitId: is required"]);
}

#[tokio::test]
async fn a_failure_of_the_system_shows_an_incident_and_never_the_cause() {
    let world = World::new().await;
    world.backend.refuse("UnitService/GetUnit", || Fault::internal("connection to 10.0.0.7 refused"));
    let answer = world.get("/v1/units/7").await;
    assert_eq!(answer.problem(), (500, "INTERNAL".to_owned()));
    assert!(!answer.json()["incidentId"].as_str().unwrap().is_empty());
    assert!(!String::from_utf8(answer.bytes).unwrap().contains("10.0.0.7"));
    // What comes from between the services, without a reason, is a failure of the system, too.
    world.backend.refuse("UnitService/GetUnit", || Status::unknown("h2 protocol error at 10.0.0.7"));
    let answer = world.get("/v1/units/7").await;
    assert_eq!(answer.problem(), (500, "INTERNAL".to_owned()));
    assert_eq!(answer.json()["incidentId"], answer.header("x-request-id"));
    assert!(!String::from_utf8(answer.bytes).unwrap().contains("10.0.0.7"));
}

#[tokio::test]
async fn a_caller_is_told_when_to_come_back() {
    let world = World::new().await;
    world.backend.refuse("SessionService/SignIn", || {
        let text = Text::new("Sai mật khẩu quá nhiều lần.", "Too many wrong passwords.");
        Fault::new(Code::ResourceExhausted, "directory.congvan", "TOO_MANY_ATTEMPTS", text)
            .with("retry_after_seconds", 90)
    });
    let answer =
        world.send_json("POST", "/v1/sessions", &json!({"signInName": "mai", "password": "x"})).await;
    assert_eq!(answer.problem(), (429, "TOO_MANY_ATTEMPTS".to_owned()));
    assert_eq!(answer.header("retry-after"), "90");
}

#[tokio::test]
async fn a_service_that_is_away_is_a_503() {
    let nobody = Transport::remote("http://127.0.0.1:1").unwrap();
    let world =
        World::build(GatewayConfig::default(), false, |services| Backends { documents: nobody, ..services })
            .await;
    let answer = world.get("/v1/documents/7").await;
    assert_eq!(answer.problem(), (503, "UNAVAILABLE".to_owned()));
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(world.get("/v1/units/7").await.status, 200, "the others are served");
}

#[tokio::test]
async fn a_handler_that_panics_is_a_failure_of_the_system() {
    let world = World::new().await;
    world.backend.refuse("UnitService/GetUnit", || -> Status { panic!("a bug") });
    let answer = world.get("/v1/units/7").await;
    assert_eq!(answer.problem(), (500, "INTERNAL".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_hangs_is_not_waited_for_without_end() {
    let hanging = axum::Router::new().fallback(async || std::future::pending::<()>().await);
    let world = World::build(GatewayConfig::default(), false, |services| Backends {
        documents: Transport::local(hanging),
        ..services
    })
    .await;
    for address in ["/v1/documents/7", "/v1/attachments/7:download"] {
        assert_eq!(world.get(address).await.problem(), (504, "DEADLINE_EXCEEDED".to_owned()));
    }
}
