//! The live board.

use std::{pin::Pin, time::Duration};

use congvan_proto::documents::v1::{self as pb, board_service_server::BoardService};
use documents_domain::Document;
use futures::Stream;
use kit::{Fault, Violations, caller::Caller, lifecycle::Lifecycle};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::{board, read::outline_at_sender, urge};
use crate::{Documents, officer};

/// The shortest time between two boards: many changes at once are one.
const PAUSE: Duration = Duration::from_millis(300);

/// How long to wait for a change before looking all the same: another process may have made it, and time itself makes things late.
const REST: Duration = Duration::from_secs(1);

/// After how many looks without a change a sign of life is sent.
const LIFE_EVERY: u32 = 10;

/// How long a board is followed before the caller has to show again who it is.
const LONGEST: Duration = Duration::from_hours(1);

/// Serves boards until the process stops.
pub(crate) struct Boards {
    documents: Documents,
    soft: CancellationToken,
}

type Watch = Pin<Box<dyn Stream<Item = Result<pb::WatchDeliveryBoardResponse, Status>> + Send>>;

impl Boards {
    pub(crate) fn new(documents: Documents, life: &Lifecycle) -> Self {
        Self { documents, soft: life.soft().clone() }
    }
}

#[tonic::async_trait]
impl BoardService for Boards {
    async fn watch_delivery_board(
        &self,
        request: Request<pb::WatchDeliveryBoardRequest>,
    ) -> Result<Response<Watch>, Status> {
        let officer = officer::of(&Caller::of(&request)?)?;
        let request = request.into_inner();
        let mut violations = Violations::default();
        let id = violations.id("documentId", &request.document_id);
        let hours = board::hours("undecidedHours", request.undecided_hours, &mut violations);
        violations.check()?;
        let mut read = self.documents.db.read("watch_board").await.map_err(Fault::from)?;
        let document = outline_at_sender(&mut read, &officer, id).await?;
        drop(read);
        let follower =
            Follower { documents: self.documents.clone(), soft: self.soft.clone(), document, hours };
        Ok(Response::new(Box::pin(follower.boards())))
    }

    async fn urge_deliveries(
        &self,
        request: Request<pb::UrgeDeliveriesRequest>,
    ) -> Result<Response<pb::UrgeDeliveriesResponse>, Status> {
        let caller = Caller::of(&request)?;
        Ok(Response::new(urge::urge(&self.documents, &caller, request.into_inner()).await?))
    }
}

/// One call that follows a board.
struct Follower {
    documents: Documents,
    soft: CancellationToken,
    document: Document,
    hours: u32,
}

impl Follower {
    /// The board at once, and again whenever it is another.
    fn boards(self) -> impl Stream<Item = Result<pb::WatchDeliveryBoardResponse, Status>> {
        async_stream::try_stream! {
            let end = Instant::now() + LONGEST;
            let mut last = None;
            let mut quiet = 0;
            while !self.soft.is_cancelled() && Instant::now() < end {
                let board = Some(self.read().await?);
                if board != last {
                    last.clone_from(&board);
                    quiet = 0;
                    yield pb::WatchDeliveryBoardResponse { board };
                } else if quiet >= LIFE_EVERY {
                    quiet = 0;
                    yield pb::WatchDeliveryBoardResponse { board: None };
                }
                quiet += 1;
                let rest = async {
                    sleep(PAUSE).await;
                    self.documents.sequenced.wait_or(REST).await;
                };
                self.soft.run_until_cancelled(rest).await;
            }
        }
    }

    async fn read(&self) -> Result<pb::DeliveryBoard, Fault> {
        let Self { documents, document, hours, .. } = self;
        let mut read = documents.db.read("watch_board").await?;
        board::read(&mut read, document, *hours, documents.clock.now()).await
    }
}
