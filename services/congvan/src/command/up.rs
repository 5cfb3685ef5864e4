use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use kit::{config::Settings, lifecycle::Lifecycle, serving, serving::Port, telemetry::Telemetry};

use super::ended;
use crate::{
    cli::Up,
    composition::{Administrator, Plan, Surroundings, System},
    sample, settings, story,
};

/// Where the password of an administrator made without one is written.
const PASSWORD_FILE: &str = "administrator.txt";

/// Everything in one process.
pub(super) async fn run(up: Up) -> anyhow::Result<ExitCode> {
    let around = Surroundings::default();
    let mut read = Settings::read(up.config.as_deref());
    // The demo's display shares the terminal with the log.
    let log = if up.demo { "warn" } else { settings::LOG };
    let telemetry = settings::telemetry(&mut read, "up", log);
    std::fs::create_dir_all(&up.data).with_context(|| format!("folder {}", up.data.display()))?;
    let _held = take_folder(&up.data)?;
    let plan = plan(&up, read, &around)?;
    let telemetry = telemetry.start()?;
    let well = serve(&up, plan, &around, &telemetry).await;
    telemetry.flush();
    well.map(ended)
}

async fn serve(up: &Up, plan: Plan, around: &Surroundings, telemetry: &Telemetry) -> anyhow::Result<bool> {
    let life = Lifecycle::default();
    let opening = life.latch("databases");
    let admin = Port::take(up.admin).await?;
    let public = Port::take(up.listen).await?;
    let address = public.address();
    admin.serve("admin", serving::admin(&life, telemetry), &life);
    let system =
        System::open(plan, around, &life).await.with_context(|| format!("opening {}", up.data.display()))?;
    public.serve("gateway", system.router.clone(), &life);
    drop(opening);
    println!("Công Văn sẵn sàng / ready: http://{address}  (OpenAPI: http://{address}/docs)");

    if up.demo {
        play(&format!("http://{address}"), &life);
    }
    let well = life.clone().run().await;
    system.close().await;
    println!("Đã dừng / stopped.");
    Ok(well)
}

/// Plays the main job beside the running system, which goes on serving whatever comes of it.
fn play(at: &str, life: &Lifecycle) {
    let at = at.to_owned();
    life.spawn("demo", async move {
        let told = story::Teller::new(&at, sample::ADMINISTRATOR, sample::PASSWORD)?.tell().await;
        match told {
            Ok(()) => story::farewell(&at),
            Err(error) => eprintln!("demo: {error:#}"),
        }
        Ok::<_, anyhow::Error>(())
    });
}

fn plan(up: &Up, mut read: Settings, around: &Surroundings) -> anyhow::Result<Plan> {
    let data = &up.data;
    let database = |name: &str| format!("sqlite:{}", data.join(format!("{name}.db")).display());
    let administrator = settings::administrator(&mut read);
    let sign_in = settings::sign_in(&mut read, true);
    let blobs = settings::blobs(&mut read, Some(data.join("files")));
    let mail = settings::mail(&mut read, Some(data.join("mail")), &format!("http://{}", up.listen));
    let oidc = settings::oidc(&mut read);
    let gateway = settings::gateway(&mut read);
    let limits =
        documents::DocumentsConfig { max_file_bytes: gateway.file_limit_bytes, ..Default::default() };
    let (blobs, mail) = settings::complete(read, blobs.zip(mail))?;
    let administrator = match administrator {
        Some(administrator) => Some(administrator),
        None => first_administrator(up, around)?,
    };
    Ok(Plan {
        directory: database("directory"),
        documents: database("documents"),
        notifications: database("notifications"),
        blobs,
        keys: data.join("keys"),
        mail,
        administrator,
        oidc,
        sign_in,
        limits,
        gateway,
    })
}

/// The sample's administrator for the demo; else, on the first start, one with a random password, written where only the owner
/// can read it before the directory is made.
fn first_administrator(up: &Up, around: &Surroundings) -> anyhow::Result<Option<Administrator>> {
    let name = sample::ADMINISTRATOR.to_owned();
    if up.demo {
        return Ok(Some(Administrator { name, password: sample::PASSWORD.to_owned() }));
    }
    let file: PathBuf = up.data.join(PASSWORD_FILE);
    if let Ok(text) = std::fs::read_to_string(&file) {
        return Ok(Some(Administrator { name, password: text.trim().to_owned() }));
    }
    if up.data.join("directory.db").exists() {
        return Ok(None);
    }
    let password = around.ids.secret()[..24].to_owned();
    write_owner_only(&file, &password).with_context(|| format!("file {}", file.display()))?;
    println!("First administrator: {name}; password in {}", file.display());
    Ok(Some(Administrator { name, password }))
}

/// Takes the data folder for this process until it ends: two on one folder would each believe to be the only writer.
fn take_folder(data: &Path) -> anyhow::Result<std::fs::File> {
    let file = data.join("lock");
    let lock = std::fs::File::create(&file).with_context(|| format!("file {}", file.display()))?;
    lock.try_lock().with_context(|| format!("another congvan runs on {}", data.display()))?;
    Ok(lock)
}

fn write_owner_only(file: &Path, text: &str) -> std::io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}
