//! The events of a neighbour.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use congvan_proto::events::v1::{
    Event, SubscribeRequest, SubscribeResponse, event_service_server::EventService,
};
use futures::{Stream, StreamExt, stream};
use tonic::{Request, Response, Status};

#[derive(Clone, Default)]
pub(crate) struct Told {
    events: Arc<Mutex<Vec<Event>>>,
    /// Tells every event again to whoever subscribes, whatever they have seen.
    pub(crate) forgetful: Arc<AtomicBool>,
}

impl Told {
    /// Tells an event once more, under the next sequence.
    pub(crate) fn tell(&self, event: Event) {
        let mut events = self.events.lock().unwrap();
        let sequence = i64::try_from(events.len()).unwrap() + 1;
        events.push(Event { sequence, ..event });
    }
}

type Subscription = Pin<Box<dyn Stream<Item = Result<SubscribeResponse, Status>> + Send>>;

#[tonic::async_trait]
impl EventService for Told {
    async fn subscribe(&self, request: Request<SubscribeRequest>) -> Result<Response<Subscription>, Status> {
        let SubscribeRequest { after, types } = request.into_inner();
        let after = if self.forgetful.load(Ordering::SeqCst) { 0 } else { after };
        let events = self.events.lock().unwrap().clone();
        let head = events.last().map_or(0, |event| event.sequence);
        let told =
            events.into_iter().filter(move |event| event.sequence > after && types.contains(&event.r#type));
        let told = told.map(move |event| Ok(SubscribeResponse { event: Some(event), head }));
        Ok(Response::new(Box::pin(stream::iter(told).chain(stream::pending()))))
    }
}
