use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use serde_json::json;

use crate::{backend::TOKEN, world::World};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_names_patterns_and_never_what_was_said() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let world = World::new().await;
    world.get("/v1/units/secret-id?parentId=secret-query").await;
    world.get("/secret-address").await;
    let body = json!({"signInName": "secret-name", "password": "secret-word"});
    world.send_json("POST", "/v1/sessions", &body).await;
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for line in [
        "verb=GET route=\"/v1/units/{id}\" status=400",
        "verb=GET route=\"unknown\" status=404",
        "verb=POST route=\"/v1/sessions\" status=200",
    ] {
        assert!(log.contains(line), "{line} is not in\n{log}");
    }
    assert!(!log.contains("secret") && !log.contains(TOKEN), "{log}");
}
