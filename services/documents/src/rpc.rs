//! The calls. Each file holds one group: parse with all violations, authorise, one transaction, answer.

/// A call to the function that does it.
macro_rules! calls {
    ($service:ident; $($name:ident: $request:ident -> $response:ident = $function:path;)+) => {
        #[tonic::async_trait]
        impl $service for Documents {
            $(async fn $name(
                &self,
                request: Request<pb::$request>,
            ) -> Result<Response<pb::$response>, Status> {
                let caller = Caller::of(&request)?;
                Ok(Response::new($function(self, &caller, request.into_inner()).await?))
            })+
        }
    };
}

mod assign;
mod board;
mod check;
mod command;
mod comments;
mod copies;
mod create;
mod decide;
mod deliveries;
mod delivery_events;
mod document_kinds;
mod documents;
mod download;
mod drafting;
mod draftings;
mod events;
mod expression;
mod fields;
mod files;
mod forward;
mod handling;
mod history;
pub(crate) mod issue;
mod number;
mod number_series;
mod number_series_fields;
mod numbering;
mod preview;
mod progress;
mod read;
mod recall;
mod recall_answer;
mod recall_request;
mod recipients;
mod record;
mod register;
mod relations;
pub(crate) mod release;
mod releases;
mod reservations;
mod review;
mod show;
mod sniff;
mod steps;
mod update;
mod upload;
mod urge;
mod void;
mod watch;

pub(crate) use recall::event as recall_event;
pub(crate) use recall_request::settle as settle_recall;
pub(crate) use watch::Boards;
