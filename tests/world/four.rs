//! The four services as processes of their own.

use std::fs::OpenOptions;

use sha2::{Digest, Sha256};
use sql::{Engine, testing};

use crate::process::{Congvan, free_port, run};

/// The settings of four processes on one engine, in a folder that goes away with this.
pub struct Four {
    folder: tempfile::TempDir,
    ports: [u16; 4],
}

/// Where all of them log.
const LOG: &str = "log";

const SERVICES: [&str; 4] = ["directory", "documents", "notifications", "gateway"];

impl Four {
    /// New keys, databases and settings; nothing runs yet.
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
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
                    testing::create_postgres(&testing::postgres_url().expect("a server"), &name)
                        .await
                        .expect("a database")
                }
            };
            std::fs::write(four.path(&format!("{service}.toml")), four.settings(index, &database))
                .expect("a file");
        }
        four
    }

    /// Where something lies in its folder.
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("an ASCII path").to_owned()
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
    pub fn database(&self, service: &str) -> String {
        let settings =
            std::fs::read_to_string(self.path(&format!("{service}.toml"))).expect("it was written");
        settings.parse::<toml::Table>().expect("TOML")["database"].as_str().expect("a text").to_owned()
    }

    /// Starts one of the services and waits until it is ready. What it logs is kept.
    pub async fn start(&self, service: &str) -> Congvan {
        let config = self.path(&format!("{service}.toml"));
        let log = OpenOptions::new().create(true).append(true).open(self.path(LOG)).expect("a file");
        Congvan::start_logging(&["serve", service, "--config", &config], log.into()).await
    }

    /// Puts a file where the documents keep them.
    pub fn keep(&self, bytes: &[u8]) {
        let digest = hex::encode(Sha256::digest(bytes));
        let folder = self.path(&format!("files/sha256/{}/{}", &digest[..2], &digest[2..4]));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(format!("{folder}/{digest}"), bytes).expect("a file");
    }

    /// The failures that the services have logged.
    pub fn failures(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.path(LOG)).unwrap_or_default();
        log.lines().filter(|line| line.contains("ERROR")).map(str::to_owned).collect()
    }
}
