//! The executable itself: starting, stopping, four processes, help.

use congvan_tests::{
    World,
    process::{Client, Congvan, free_port, run},
};
use http::Method;
use sql::{Engine, testing};

#[tokio::test]
async fn it_stops_softly_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let admin = format!("127.0.0.1:{}", free_port());
    let data = folder.path().to_str().unwrap();
    let up = Congvan::start(&["up", "--data", data, "--listen", "127.0.0.1:0", "--admin", &admin]).await;
    let operators = Client::at(&format!("http://{admin}"));
    for (path, text) in [("/livez", "ok"), ("/readyz", "ready"), ("/metrics", "congvan_")] {
        up.client().call(Method::GET, "/v1/units", None).await.unwrap();
        let answer = operators.call(Method::GET, path, None).await.unwrap();
        assert!(answer.status == 200 && String::from_utf8_lossy(&answer.body).contains(text), "{path}");
    }
    let (played, story) = run(&["demo", "--at", &up.address]).await;
    assert!(played, "{story}");
    let (code, printed) = up.stop().await;
    assert_eq!(code, Some(0), "{printed:?}");

    let again = Congvan::up(folder.path(), 0).await;
    let (played, story) = run(&["demo", "--at", &again.address]).await;
    assert!(played, "{story}");
    assert!(story.contains("0 đơn vị mới") && story.contains("02/SNV-VP"), "{story}");
    assert_eq!(again.stop().await.0, Some(0));
}

#[tokio::test]
async fn every_mistake_in_a_configuration_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("documents.toml");
    std::fs::write(&file, "listen = 'here'\nadmin = '127.0.0.1:0'\ncolour = 'red'\nmax_file_mib = 'much'")
        .unwrap();
    let (served, printed) = run(&["serve", "documents", "--config", file.to_str().unwrap()]).await;
    assert!(!served);
    for mistake in [
        "listen (",
        "trust is missing",
        "database is missing",
        "blobs is missing",
        "max_file_mib (",
        "colour (",
    ] {
        assert!(printed.contains(mistake), "{mistake}: {printed}");
    }
}

/// The settings of four processes on one engine.
pub(crate) struct Four {
    folder: tempfile::TempDir,
    ports: [u16; 4],
}

const SERVICES: [&str; 4] = ["directory", "documents", "notifications", "gateway"];

impl Four {
    pub(crate) async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let four = Self { folder, ports: [free_port(), free_port(), free_port(), free_port()] };
        let keys = four.path("keys");
        for issuer in ["documents", "notifications", "gateway", "directory"] {
            let (made, printed) = run(&["keys", "--issuer", issuer, "--to", &keys]).await;
            assert!(made, "{printed}");
        }
        for (index, service) in SERVICES.into_iter().enumerate() {
            let database = match engine {
                Engine::Sqlite => format!("sqlite:{}", four.path(&format!("{service}.db"))),
                Engine::Postgres => {
                    let name = format!("four_{service}_{}_{}", std::process::id(), four.ports[0]);
                    testing::create_postgres(&testing::postgres_url().unwrap(), &name).await.unwrap()
                }
            };
            std::fs::write(four.path(&format!("{service}.toml")), four.settings(index, &database)).unwrap();
        }
        four
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn settings(&self, index: usize, database: &str) -> String {
        let service = SERVICES[index];
        let url =
            |index: usize| format!("{}_url = 'http://127.0.0.1:{}'\n", SERVICES[index], self.ports[index]);
        let common = format!("listen = '127.0.0.1:{}'\nadmin = '127.0.0.1:0'\n", self.ports[index]);
        let key = format!("signing_key = '{}'\n", self.path(&format!("keys/{service}.key.pem")));
        let database = format!("database = '{database}'\ntrust = '{}'\n", self.path("keys/trust"));
        common
            + &match service {
                "directory" => {
                    let seal_key = format!("seal_key = '{}'\n", self.path("keys/directory.seal.key"));
                    database + &seal_key + "[administrator]\nname = 'quantri'\npassword = 'congvan-demo'\n"
                }
                "documents" => database + &key + &url(0) + &format!("blobs = '{}'\n", self.path("files")),
                "notifications" => {
                    database
                        + &key
                        + &url(0)
                        + &url(1)
                        + &format!("[mail]\nfolder = '{}'\n", self.path("mail"))
                }
                _ => key + &url(0) + &url(1) + &url(2),
            }
    }

    /// The URL of a service's database.
    pub(crate) fn database(&self, service: &str) -> String {
        let settings = std::fs::read_to_string(self.path(&format!("{service}.toml"))).unwrap();
        settings.parse::<toml::Table>().unwrap()["database"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn start(&self, service: &str) -> Congvan {
        Congvan::start(&["serve", service, "--config", &self.path(&format!("{service}.toml"))]).await
    }
}

#[tokio::test]
async fn four_processes_play_the_same_story_and_recover_from_each_others_absence() {
    for engine in World::engines() {
        let four = Four::new(engine).await;
        let directory = four.start("directory").await;
        let mut others = Vec::new();
        for service in ["documents", "notifications", "gateway"] {
            others.push(four.start(service).await);
        }
        let gateway = others[2].client();
        let (played, story) = run(&["demo", "--at", &others[2].address]).await;
        assert!(played, "{story}");
        for told in ["01/SNV-VP", "75 nơi nhận", "76 thư"] {
            assert!(story.contains(told), "{told}: {story}");
        }
        let counts = ["/ accepted", "/ arrived", "/ refused"].map(|status| counted(&story, status));
        assert_eq!(counts, [Some(72), Some(2), Some(1)], "{story}");

        // Without the directory nothing can be known of a session: unavailable, not forbidden.
        let officer = gateway.sign_in("canbo.snv").await.unwrap();
        directory.kill().await;
        let refused = officer.call(Method::GET, "/v1/documents", None).await.unwrap();
        assert_eq!(refused.refused(), (503, "UNAVAILABLE".to_owned()));
        let directory = four.start("directory").await;
        officer.get("/v1/documents").await;

        let (played, story) = run(&["demo", "--at", &others[2].address]).await;
        assert!(played && story.contains("02/SNV-VP"), "{story}");
        others.insert(0, directory);
        for process in others.into_iter().rev() {
            let (code, printed) = process.stop().await;
            assert_eq!(code, Some(0), "{printed:?}");
        }
    }
}

/// The count behind a status on the board that the story printed.
fn counted(story: &str, status: &str) -> Option<u32> {
    let line = story.lines().find(|line| line.contains(status) && line.contains('█'))?;
    line.split_once(status)?.1.split_whitespace().next()?.parse().ok()
}
