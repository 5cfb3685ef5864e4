//! The main job, played against a gateway as its users would: a department issues a directive to all communes and watches it arrive.

mod act;
mod actor;
mod board;
mod progress;

use std::{sync::Arc, time::Duration};

use anyhow::{Context, bail};
use base::{Ids, SystemClock, SystemRandom};
use congvan_proto::{
    directory::v1::{ListUnitsRequest, Unit, UnitKind},
    documents::v1::{DeliveryBoard, Document},
    notifications::v1::CountMessagesRequest,
};
use kit::transport::Transport;

use crate::sample;
use actor::Actor;
use progress::Progress;

/// How long to wait for the last e-mail.
const MAIL_PATIENCE: Duration = Duration::from_mins(1);

/// Tells the story.
pub struct Teller {
    transport: Transport,
    administrator: String,
    password: String,
    ids: Ids,
}

impl Teller {
    /// A teller for the gateway at this address, who loads the province as this administrator.
    pub fn new(at: &str, administrator: &str, password: &str) -> anyhow::Result<Self> {
        let transport = Transport::remote(at).with_context(|| format!("address {at}"))?;
        let ids = Ids::new(Arc::new(SystemClock), Arc::new(SystemRandom));
        Ok(Self { transport, administrator: administrator.to_owned(), password: password.to_owned(), ids })
    }

    /// Plays everything, from loading the province to the board.
    pub async fn tell(&self) -> anyhow::Result<()> {
        let mut progress = Progress::default();
        let administrator = self.load_showing(&mut progress).await?;

        progress.begin("Soạn thảo, đính kèm, trình / drafting, attaching, submitting");
        let officer = self.actor("canbo.snv", sample::PASSWORD).await?;
        let communes = communes(&officer).await?;
        let draft = Box::pin(act::draft(&officer, &communes, &self.ids)).await?;
        progress.done(&format!("{} nơi nhận / recipients", communes.len()));

        progress.begin("Kiểm tra nội dung, thể thức / checking content and format");
        let chief = self.actor("truong.vp.snv", sample::PASSWORD).await?;
        let clerk = self.actor("vanthu.snv", sample::PASSWORD).await?;
        let draft = act::check([&chief, &clerk], &draft, &self.ids).await?;
        progress.done("");

        progress.begin("Duyệt và ký / approving and signing");
        let head = self.actor("lanhdao.snv", sample::PASSWORD).await?;
        let signed = act::approve_and_sign(&head, &draft, &self.ids).await?;
        progress.done("");

        progress.begin("Ban hành: số, ngày, sổ, chuyển / issuing");
        let issued = act::issue(&clerk, &signed, &self.ids).await?;
        progress.done(&notation(&issued));

        progress.begin("Các xã, phường tiếp nhận / communes accept or refuse");
        self.receive(&communes, &issued, &mut progress).await?;
        progress.done("");

        progress.begin("Thư điện tử / e-mail");
        let sent = mails(&administrator, &issued, communes.len() + 1).await?;
        progress.done(&format!("{sent} thư / mails"));

        let board = clerk.board(&issued.id).await?;
        check(&board, communes.len())?;
        print!("{}", board::render(&board));
        progress.summary();
        Ok(())
    }

    /// Only loads the province.
    pub async fn load(&self) -> anyhow::Result<()> {
        self.load_showing(&mut Progress::default()).await.map(drop)
    }

    async fn load_showing(&self, progress: &mut Progress) -> anyhow::Result<Actor> {
        let administrator = self.actor(&self.administrator, &self.password).await?;
        progress.begin("Nạp tỉnh Sơn La / loading the province");
        let loaded = administrator.import(sample::province(&sample::password_hash())).await?;
        progress.done(&format!(
            "{} đơn vị mới / new units, {} người mới / new people",
            loaded.units_created, loaded.users_created
        ));
        Ok(administrator)
    }

    async fn actor(&self, name: &str, password: &str) -> anyhow::Result<Actor> {
        Actor::sign_in(self.transport.clone(), name, password).await
    }

    /// Each commune's clerk opens the inbox: one refuses, two leave it for later, the others accept.
    async fn receive(
        &self,
        communes: &[Unit],
        issued: &Document,
        progress: &mut Progress,
    ) -> anyhow::Result<()> {
        use futures::{FutureExt, StreamExt, stream};
        let total = communes.len();
        let one = |(index, commune)| {
            let decision = act::Decision::of(index, total);
            self.receive_one(commune, &issued.id, decision).boxed()
        };
        let all: Vec<_> = communes.iter().enumerate().map(one).collect();
        let mut decided = stream::iter(all).buffer_unordered(4);
        let mut done = 0;
        while let Some(result) = decided.next().await {
            result?;
            done += 1;
            progress.tick(done, total);
        }
        Ok(())
    }

    async fn receive_one(
        &self,
        commune: &Unit,
        document_id: &str,
        decision: act::Decision,
    ) -> anyhow::Result<()> {
        let handle = commune.code.rsplit('.').next().unwrap_or_default();
        let clerk = self.actor(&format!("vanthu.{handle}"), sample::PASSWORD).await?;
        act::receive(&clerk, commune, document_id, decision, &self.ids).await
    }
}

/// All wards and communes, page by page.
async fn communes(actor: &Actor) -> anyhow::Result<Vec<Unit>> {
    let mut communes = Vec::new();
    let mut page_token = String::new();
    loop {
        let kinds = vec![UnitKind::Ward.into(), UnitKind::Commune.into()];
        let request = ListUnitsRequest { kinds, page_size: 50, page_token, ..Default::default() };
        let page = actor.units(request).await?;
        communes.extend(page.units);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(communes);
        }
    }
}

/// Waits until every clerk's mail is out: one for each commune, and one that tells the sender of the refusal.
async fn mails(administrator: &Actor, issued: &Document, expected: usize) -> anyhow::Result<i32> {
    let expected = i32::try_from(expected)?;
    let waiting = async {
        loop {
            let count = administrator.mails(CountMessagesRequest { subject_id: issued.id.clone() }).await?;
            if count.sent + count.failed >= expected {
                return anyhow::Ok(count);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let count = tokio::time::timeout(MAIL_PATIENCE, waiting)
        .await
        .context("the mails are not out after a minute")??;
    if count.failed > 0 || count.sent != expected {
        bail!("{} mails sent and {} failed, {expected} expected", count.sent, count.failed);
    }
    Ok(count.sent)
}

/// The story went as it should.
fn check(board: &DeliveryBoard, communes: usize) -> anyhow::Result<()> {
    let total = usize::try_from(board.total)?;
    if total != communes || board.exceptions.len() != 1 {
        bail!("the board shows {total} deliveries and {} exceptions", board.exceptions.len());
    }
    Ok(())
}

fn notation(document: &Document) -> String {
    document.issuance.as_ref().map(|issuance| issuance.notation.clone()).unwrap_or_default()
}

/// Where to go on after the story.
pub fn farewell(at: &str) {
    println!(
        "
Tiếp tục tại / go on at
  API              {at}/v1/…   (REST/JSON, gRPC, gRPC-Web)
  OpenAPI          {at}/docs   ({at}/openapi.json)
  Đăng nhập mẫu / sample sign-ins, password {password}
    canbo.snv      chuyên viên Sở Nội vụ / officer
    lanhdao.snv    Giám đốc Sở Nội vụ / head
    vanthu.snv     văn thư Sở Nội vụ / document office
    vanthu.03646   văn thư phường Tô Hiệu / a ward's document office
    {administrator:14} quản trị / administrator",
        password = sample::PASSWORD,
        administrator = sample::ADMINISTRATOR,
    );
}
