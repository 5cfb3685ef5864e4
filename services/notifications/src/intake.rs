use std::sync::Arc;

use base::{Clock, Ids, Timestamp, Uuid};
use congvan_proto::{
    documents::v1::{
        DeliveriesUrged, DeliveryChanged, DocumentIssued, IssuedDelivery, RecallChanged, RecallPartyState,
        RecipientKind,
    },
    events::v1::Event,
    time_from_proto,
};
use events::{Consumer, Handler};
use kit::{
    Fault,
    transport::Transport,
    worker::{Step, Wake, Worker},
};
use prost_types::Any;
use sql::{Db, Write};

use crate::{
    MailConfig,
    clerks::Clerks,
    facts::{Issued, Recalled, Refused, Urged},
    notice::{Letter, Notice},
    offices::{Offices, Roll},
    store::{self, message::NewMessage},
};

/// A document was issued.
const ISSUED: &str = "congvan.documents.document.issued";

/// A recipient handed a document on.
const FORWARDED: &str = "congvan.documents.delivery.forwarded";

/// A recipient refused a document.
const REFUSED: &str = "congvan.documents.delivery.refused";

/// A recipient sent a document back after having accepted it.
const RETURNED: &str = "congvan.documents.delivery.returned";

/// A sender urged recipients.
const URGED: &str = "congvan.documents.delivery.urged";

/// A document is recalled.
const RECALLED: &str = "congvan.documents.recall.requested";

/// Turns events into messages, and wakes the sender for them.
pub struct Intake {
    consumer: Consumer<Notifier>,
    sender: Wake,
}

/// What [`Intake`] is made of besides the ways to other services.
pub(crate) struct Parts {
    pub(crate) db: Db,
    pub(crate) config: Arc<MailConfig>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Ids,
    pub(crate) sender: Wake,
}

impl Intake {
    pub(crate) fn new(parts: Parts, documents: Transport, directory: Transport) -> Self {
        let Parts { db, config, clock, ids, sender } = parts;
        let offices = Offices { db: db.clone(), clock: clock.clone(), directory: Clerks::new(directory) };
        let notifier = Notifier { config, clock, ids, offices };
        Self { consumer: Consumer::new(db, "documents", documents, notifier), sender }
    }
}

impl Worker for Intake {
    fn name(&self) -> &'static str {
        self.consumer.name()
    }

    async fn step(&mut self) -> Result<Step, Fault> {
        let step = self.consumer.step().await?;
        if step == Step::Busy {
            self.sender.wake(); // only now: before the commit there is nothing to be seen
        }
        Ok(step)
    }
}

struct Notifier {
    config: Arc<MailConfig>,
    clock: Arc<dyn Clock>,
    ids: Ids,
    offices: Offices,
}

/// A notice and who gets it.
struct Prepared {
    notice: Notice,
    roll: Roll,
}

impl Handler for Notifier {
    type Prepared = Prepared;

    fn name(&self) -> &'static str {
        "notifications"
    }

    fn types(&self) -> &'static [&'static str] {
        &[ISSUED, FORWARDED, REFUSED, RETURNED, URGED, RECALLED]
    }

    async fn prepare(&mut self, event: &Event) -> Result<Prepared, Fault> {
        let (notice, agencies) = match event.r#type.as_str() {
            ISSUED | FORWARDED => self.issued(event)?,
            URGED => self.urged(event)?,
            RECALLED => self.recalled(event)?,
            _ => self.refused(event)?,
        };
        let roll = self.offices.of(&agencies).await?;
        Ok(Prepared { notice, roll })
    }

    async fn apply(&mut self, tx: &mut Write, _: &Event, prepared: Prepared) -> Result<(), Fault> {
        let Prepared { notice, roll } = prepared;
        roll.keep(tx).await?;
        if store::notice::exists(tx, notice.event_id).await? {
            return Ok(()); // told again under another sequence: nobody gets a second mail
        }
        store::notice::insert(tx, &notice).await?;
        let now = self.clock.now();
        let messages = roll.clerks.into_iter().map(|clerk| NewMessage {
            id: self.ids.next(),
            message_id: format!("<{}.{}@{}>", notice.event_id, clerk.user_id, self.config.mail_domain),
            clerk,
        });
        store::message::insert(tx, notice.event_id, messages.collect(), now).await?;
        Ok(())
    }
}

impl Notifier {
    fn issued(&self, event: &Event) -> Result<(Notice, Vec<Uuid>), Fault> {
        let data: DocumentIssued = data(event)?.to_msg().map_err(Fault::internal)?;
        let letter = Letter::issued(&Issued::new(&data, &self.config.base_url)).map_err(Fault::internal)?;
        Ok((notice(event, &data.document_id, letter)?, offices(&data.deliveries)?))
    }

    fn urged(&self, event: &Event) -> Result<(Notice, Vec<Uuid>), Fault> {
        let data: DeliveriesUrged = data(event)?.to_msg().map_err(Fault::internal)?;
        let letter = Letter::urged(&Urged::new(&data, &self.config.base_url)).map_err(Fault::internal)?;
        Ok((notice(event, &data.document_id, letter)?, offices(&data.deliveries)?))
    }

    /// To whoever is asked; not to whom had refused the document before.
    fn recalled(&self, event: &Event) -> Result<(Notice, Vec<Uuid>), Fault> {
        let data: RecallChanged = data(event)?.to_msg().map_err(Fault::internal)?;
        let deadline = moment(data.deadline.as_ref())?;
        let letter = Letter::recalled(&Recalled::new(&data, deadline, &self.config.base_url))
            .map_err(Fault::internal)?;
        let asked = data.parties.iter().filter(|party| party.state() == RecallPartyState::Requested);
        let agencies = asked.map(|party| id(&party.recipient_id));
        Ok((notice(event, &data.document_id, letter)?, agencies.collect::<Result<_, _>>()?))
    }

    fn refused(&self, event: &Event) -> Result<(Notice, Vec<Uuid>), Fault> {
        let data: DeliveryChanged = data(event)?.to_msg().map_err(Fault::internal)?;
        let at = moment(event.time.as_ref())?;
        let letter =
            Letter::refused(&Refused::new(&data, at, &self.config.base_url)).map_err(Fault::internal)?;
        Ok((notice(event, &data.document_id, letter)?, vec![id(&data.sender_id)?]))
    }
}

/// The agencies among the recipients: an inner unit or a person has no document office, and finds what came in the system.
fn offices(deliveries: &[IssuedDelivery]) -> Result<Vec<Uuid>, Fault> {
    let inner = |kind| matches!(kind, RecipientKind::Unit | RecipientKind::Person);
    let agencies = deliveries.iter().filter(|delivery| !inner(delivery.recipient_kind()));
    agencies.map(|delivery| id(&delivery.recipient_id)).collect()
}

fn notice(event: &Event, document_id: &str, letter: Letter) -> Result<Notice, Fault> {
    Ok(Notice {
        event_id: id(&event.id)?,
        event_type: event.r#type.clone(),
        subject_id: id(&event.subject)?,
        document_id: id(document_id)?,
        traceparent: event.traceparent.clone(),
        letter,
    })
}

fn data(event: &Event) -> Result<&Any, Fault> {
    event.data.as_ref().ok_or_else(|| Fault::internal("the event has no data"))
}

fn moment(time: Option<&prost_types::Timestamp>) -> Result<Timestamp, Fault> {
    let time = time.map(time_from_proto).ok_or_else(|| Fault::internal("the event lacks a time"))?;
    Timestamp::from_microsecond(time).map_err(Fault::internal)
}

/// An id in an event. One that cannot be read is our own mistake: the event waits, visible as lag, until it is mended.
fn id(text: &str) -> Result<Uuid, Fault> {
    text.parse().map_err(Fault::internal)
}
