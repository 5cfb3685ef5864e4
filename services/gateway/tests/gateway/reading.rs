use axum::body::Body;
use gateway::GatewayConfig;
use serde_json::{Value, json};

use crate::world::{World, signed_in};

const ID: &str = "00000000-0000-7000-8000-00000000000a";

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let world = World::new().await;
    let body = json!({
        "draftingUnitId": 7,
        "kind": "OFFICIAL_LETTER",
        "urgency": 99,
        "pageAmount": "many",
        "page_amount": 3,
        "colour": "red",
        "stage": "nonsense in a field that only answers hold",
        "recipients": [
            {"unitId": "u1"},
            {"unitId": "u2", "purpose": "RECIPIENT_PURPOSE_NONE"},
            {"purpose": "RECIPIENT_PURPOSE_EXECUTE", "hat": true},
            "Sở Nội vụ",
        ],
    });
    let answer = world.send_json("POST", "/v1/documents?requestId=a&requestId=b&page=2", &body).await;
    assert_eq!(answer.problem(), (400, "INVALID_FIELDS".to_owned()));
    assert_eq!(
        answer.violations(),
        [
            "document.draftingUnitId: must be a string",
            &format!("document.kind: must be one of: {}", kinds().join(", ")),
            "document.urgency: must be one of: URGENCY_NORMAL, URGENCY_URGENT, URGENCY_VERY_URGENT, URGENCY_FLASH",
            "document.pageAmount: must be a whole number from -2147483648 to 2147483647",
            "document.pageAmount: is given more than once",
            "document.colour: is no field of this message",
            "document.recipients[1].purpose: must be one of: RECIPIENT_PURPOSE_EXECUTE, RECIPIENT_PURPOSE_SUPERVISE, \
             RECIPIENT_PURPOSE_REPORT, RECIPIENT_PURPOSE_COORDINATE, RECIPIENT_PURPOSE_FOR_INFORMATION, RECIPIENT_PURPOSE_FILE",
            "document.recipients[2].hat: is no field of this message",
            "document.recipients[3]: must be a JSON object",
            "requestId: is given more than once",
            "page: is no parameter of this address",
            "document.abstract: is required",
        ]
    );
    assert!(world.backend.seen().is_empty(), "nothing of it reaches a service");
}

#[tokio::test]
async fn a_message_in_itself_is_read_to_its_depth() {
    let world = World::new().await;
    let mut deep = json!({"groupId": "7"});
    for _ in 0..16 {
        deep = json!({"difference": {"of": {"kinds": {"kinds": ["UNIT_KIND_COMMUNE"]}}, "except": deep}});
    }
    let body = json!({"expression": deep, "agenciesOnly": true});
    world.backend.answer("AddressBookService/ResolveRecipients", json!({"asOfDate": "2026-11-23"}));
    let answer = world.send_json("POST", "/v1/addressBook:resolve", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let seen = world.backend.seen();
    assert_eq!(serde_json::to_value(&seen[0].message).unwrap(), body);

    let wrong = json!({"expression": {"union": {"sets": [{"units": {}}, {"kinds": {"kinds": ["X"]}, "groupId": "7"}]}}});
    let answer = world.send_json("POST", "/v1/addressBook:resolve", &wrong).await;
    let told = answer.violations();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("expression.union.sets[1].kinds.kinds[0]: must be one of"), "{told:?}");
    assert_eq!(told[1], "expression.union.sets[1].groupId: excludes another field that is given");
    assert_eq!(told[2], "expression.union.sets[0].units.unitIds: is required");
}

fn kinds() -> Vec<String> {
    let pool = congvan_proto::descriptor_pool();
    let kinds = pool.get_enum_by_name("congvan.documents.v1.DocumentKind").unwrap();
    kinds.values().skip(1).map(|value| value.name().to_owned()).collect()
}

#[tokio::test]
async fn what_is_wrong_is_told_in_vietnamese_unless_asked_otherwise() {
    let world = World::new().await;
    let request = signed_in("POST", "/v1/deliveries/7:refuse")
        .header("content-type", "application/json")
        .body(Body::from(r#"{"revision": true, "id": "8"}"#))
        .unwrap();
    let (mut head, body) = request.into_parts();
    head.headers.remove("accept-language");
    let answer = world.send(http::Request::from_parts(head, body)).await;
    assert_eq!(
        answer.violations(),
        [
            "revision: phải là số nguyên từ -9223372036854775808 đến 9223372036854775807",
            "id: khác với giá trị trong địa chỉ",
        ]
    );
    assert_eq!(answer.header("content-language"), "vi");
    assert_eq!(answer.json()["detail"], "Yêu cầu có 2 chỗ chưa đúng; xem từng trường bên dưới.");
}

#[tokio::test]
async fn answers_never_repeat_what_the_request_said() {
    let world = World::new().await;
    for body in [
        r#"{"signInName": "mai", "password": ["hunter2"]}"#,
        r#"{"signInName": "mai", "password": hunter2}"#,
        r#"{"signInName": {"hunter2": "hunter2"}, "password": "x"}"#,
        r#"["hunter2"]"#,
    ] {
        let answer = world.send_text("POST", "/v1/sessions", body).await;
        assert_eq!(answer.problem(), (400, "INVALID_FIELDS".to_owned()), "{body}");
        assert!(!String::from_utf8(answer.bytes).unwrap().contains("hunter2"), "{body}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_objects_are_told_what_they_are() {
    let world = World::new().await;
    for (body, expected) in [
        ("null", vec!["body: must be a JSON object", "revision: is required"]),
        ("[]", vec!["body: must be a JSON object", "revision: is required"]),
        ("{\"revision\": 1", vec!["body: ends in the middle of the JSON"]),
        ("revision=1", vec!["body: is not valid JSON at line 1, column 1"]),
        ("\u{feff}{}", vec!["body: starts with a byte order mark; JSON must be UTF-8 without one"]),
    ] {
        let answer = world.send_text("POST", "/v1/documents/7:issue", body).await;
        assert_eq!(answer.violations(), expected, "{body}");
    }
    assert_eq!(
        world.send_text("POST", "/v1/documents/7:issue", "").await.status,
        200,
        "nothing is an empty object"
    );
    let form = signed_in("POST", "/v1/documents/7:issue").header("content-type", "text/plain");
    let answer = world.send(form.body(Body::from("{}")).unwrap()).await;
    assert_eq!(answer.problem(), (415, "INVALID_FIELDS".to_owned()));
    assert_eq!(answer.violations(), ["Content-Type: must be application/json"]);
    let packed = signed_in("POST", "/v1/documents/7:issue").header("content-encoding", "gzip");
    assert_eq!(world.send(packed.body(Body::from("x")).unwrap()).await.status, 415);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_with_and_without_announcement() {
    let world = World::with(GatewayConfig { body_limit_bytes: 100, ..GatewayConfig::default() }).await;
    let body = format!(r#"{{"revision": "1", "reason": "{}"}}"#, "x".repeat(200));
    let announced = signed_in("POST", "/v1/deliveries/7:refuse").header("content-length", body.len());
    let answer = world.send(announced.body(Body::from(body.clone())).unwrap()).await;
    assert_eq!(answer.problem(), (413, "BODY_TOO_LARGE".to_owned()));
    assert_eq!(answer.json()["metadata"]["limit_bytes"], "100");
    let chunks =
        body.as_bytes().chunks(10).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>();
    let answer = world
        .send_text("POST", "/v1/deliveries/7:refuse", Body::from_stream(futures::stream::iter(chunks)))
        .await;
    assert_eq!(answer.problem(), (413, "BODY_TOO_LARGE".to_owned()));
}

#[tokio::test]
async fn a_hundred_mistakes_are_told_and_the_rest_counted() {
    let world = World::new().await;
    let body: serde_json::Map<_, _> = (0..5_000).map(|n| (format!("unknown{n}"), Value::Null)).collect();
    let answer = world.send_json("POST", "/v1/documents/7:issue", &Value::Object(body)).await;
    let told = answer.violations();
    assert_eq!(told.len(), 101);
    assert_eq!(told[100], "…: and 4901 more");
}

#[tokio::test]
async fn queries_fill_fields_of_every_kind() {
    let world = World::new().await;
    let address = "/v1/units?parentId=a%20b&kinds=UNIT_KIND_WARD&kinds=UNIT_KIND_COMMUNE&page_size=20";
    assert_eq!(world.get(address).await.status, 200);
    let seen = world.backend.seen().remove(0);
    assert_eq!(
        serde_json::to_value(&seen.message).unwrap(),
        json!({"parentId": "a b", "kinds": ["UNIT_KIND_WARD", "UNIT_KIND_COMMUNE"], "pageSize": 20})
    );
    let answer = world.get("/v1/units?kinds=WARD&pageSize=&pageSize.x=1&parentId=%ff&=2").await;
    assert_eq!(
        answer.violations()[..3],
        [
            "parentId: is not valid percent-encoded UTF-8",
            "kinds[0]: must be one of: UNIT_KIND_PROVINCIAL_PEOPLES_COMMITTEE, UNIT_KIND_PROVINCIAL_OFFICE, \
             UNIT_KIND_PROVINCIAL_DEPARTMENT, UNIT_KIND_PROVINCIAL_INSPECTORATE, UNIT_KIND_WARD, UNIT_KIND_COMMUNE, \
             UNIT_KIND_INNER_OFFICE, UNIT_KIND_INNER_DIVISION, UNIT_KIND_SERVICE_CENTRE, UNIT_KIND_SPECIAL_ZONE, \
             UNIT_KIND_DISTRICT_PEOPLES_COMMITTEE, UNIT_KIND_TOWNSHIP",
            "pageSize: must be a whole number from -2147483648 to 2147483647",
        ]
    );
}

#[tokio::test]
async fn a_command_may_name_itself_in_a_header() {
    let world = World::new().await;
    let send = async |address: &str| {
        let request = signed_in("POST", address).header("content-type", "application/json");
        let request = request.header("idempotency-key", ID).body(Body::from(r#"{"revision": 3}"#)).unwrap();
        assert_eq!(world.send(request).await.status, 200);
        world.backend.seen().remove(0).message.get_field_by_name("request_id").unwrap().into_owned()
    };
    assert_eq!(send("/v1/documents/7:issue").await.as_str(), Some(ID));
    // A call without an id stays without: an invented one would make no repeat recognisable.
    world.send_json("POST", "/v1/documents/7:issue", &json!({"revision": "3"})).await;
    assert!(!world.backend.seen().remove(0).message.has_field_by_name("request_id"));
}

#[tokio::test]
async fn what_is_missing_is_left_to_the_service_which_tells_all_at_once() {
    let world = World::new().await;
    let body = json!({"code": "?", "parentId": "nowhere"});
    assert_eq!(world.send_json("POST", "/v1/units", &body).await.status, 200);
    let seen = world.backend.seen().remove(0);
    assert_eq!(serde_json::to_value(&seen.message).unwrap(), json!({"unit": body}));
}

#[tokio::test]
async fn a_patch_names_only_what_changes_and_the_address_names_the_thing() {
    let world = World::new().await;
    let body = json!({"name": "Sở Nội vụ", "revision": "4", "agencyId": "only answers hold it"});
    assert_eq!(world.send_json("PATCH", &format!("/v1/units/{ID}?requestId=r"), &body).await.status, 200);
    let seen = world.backend.seen().remove(0);
    assert_eq!(
        serde_json::to_value(&seen.message).unwrap(),
        json!({"unit": {"id": ID, "name": "Sở Nội vụ", "revision": "4"}, "requestId": "r"})
    );
    let body =
        json!({"user": {"id": ID, "fullName": "Lò Thị Mai", "revision": "3"}, "updateMask": "fullName"});
    assert_eq!(world.send_json("PATCH", &format!("/v1/users/{ID}"), &body).await.status, 200);
    let seen = world.backend.seen().remove(0);
    assert_eq!(serde_json::to_value(&seen.message).unwrap(), body);
}

#[tokio::test]
async fn a_body_about_another_thing_than_the_address_is_refused() {
    let world = World::new().await;
    for (address, body, place) in [
        ("documents", json!({"id": "another"}), "document.id"),
        ("units", json!({"id": "another"}), "unit.id"),
        ("users", json!({"user": {"id": "another"}}), "user.id"),
    ] {
        let answer = world.send_json("PATCH", &format!("/v1/{address}/{ID}"), &body).await;
        assert_eq!(answer.violations(), [format!("{place}: differs from the value in the address")]);
    }
}
