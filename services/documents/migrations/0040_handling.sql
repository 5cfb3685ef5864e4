-- Recipients are agencies, inner units and persons. The agency is empty where the recipient is one itself.
ALTER TABLE delivery ADD COLUMN recipient_kind TEXT NOT NULL DEFAULT 'AGENCY';
ALTER TABLE delivery ADD COLUMN recipient_agency_id UUID;

-- Who accepted or refused, and why it was refused or sent back.
ALTER TABLE delivery ADD COLUMN decided_at TIMESTAMPTZ;
ALTER TABLE delivery ADD COLUMN decider_id UUID;
ALTER TABLE delivery ADD COLUMN decider_name TEXT;
ALTER TABLE delivery ADD COLUMN decider_position TEXT;
ALTER TABLE delivery ADD COLUMN refusal_code TEXT;
UPDATE delivery SET refusal_code = 'OTHER' WHERE status = 'REFUSED';
UPDATE delivery SET
    decided_at = (SELECT occurred_at FROM delivery_status WHERE delivery_id = delivery.id AND revision = 2),
    decider_id = (SELECT officer_id FROM delivery_status WHERE delivery_id = delivery.id AND revision = 2),
    decider_name = (SELECT officer_name FROM delivery_status WHERE delivery_id = delivery.id AND revision = 2),
    decider_position = (SELECT officer_position FROM delivery_status WHERE delivery_id = delivery.id AND revision = 2)
    WHERE status <> 'ARRIVED';

-- Who is to handle it, and how it was handled.
ALTER TABLE delivery ADD COLUMN assigned_unit_id UUID;
ALTER TABLE delivery ADD COLUMN assigned_unit_name TEXT;
ALTER TABLE delivery ADD COLUMN assignee_id UUID;
ALTER TABLE delivery ADD COLUMN assignee_name TEXT;
ALTER TABLE delivery ADD COLUMN directive TEXT;
ALTER TABLE delivery ADD COLUMN handling_due DATE;
ALTER TABLE delivery ADD COLUMN result TEXT;
ALTER TABLE delivery ADD COLUMN reply_document_id UUID;
ALTER TABLE delivery ADD COLUMN reply_notation TEXT;
CREATE INDEX delivery_assigned ON delivery (assigned_unit_id, id) WHERE assigned_unit_id IS NOT NULL;

-- The list of statuses tells of each what was said with it.
ALTER TABLE delivery_status ADD COLUMN refusal_code TEXT;
ALTER TABLE delivery_status ADD COLUMN concerned TEXT; -- who it was assigned to; number and symbol of the reply

-- What the last look at the files found: how many are damaged or missing, and of each file what it was.
ALTER TABLE delivery ADD COLUMN checked_at TIMESTAMPTZ;
ALTER TABLE delivery ADD COLUMN checker_id UUID;
ALTER TABLE delivery ADD COLUMN checker_name TEXT;
ALTER TABLE delivery ADD COLUMN checker_position TEXT;
ALTER TABLE delivery ADD COLUMN broken_files BIGINT;
CREATE TABLE delivery_file (
    delivery_id UUID NOT NULL REFERENCES delivery (id),
    attachment_id UUID NOT NULL REFERENCES attachment (id),
    finding TEXT NOT NULL,
    PRIMARY KEY (delivery_id, attachment_id)
);

-- What bears the same number, symbol and issuer is told to whoever receives it again.
CREATE INDEX document_by_notation ON document (symbol, number, agency_name) WHERE number IS NOT NULL;
