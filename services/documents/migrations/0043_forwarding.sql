-- How far a document may go round.
ALTER TABLE document ADD COLUMN circulation TEXT;

-- A document may come to the same recipient again: handed on by another.
DROP INDEX delivery_once;
CREATE INDEX delivery_of_document ON delivery (document_id, recipient_id);
ALTER TABLE delivery ADD COLUMN forwarded_from UUID REFERENCES delivery (id);
ALTER TABLE delivery ADD COLUMN forwarder_agency_id UUID;
ALTER TABLE delivery ADD COLUMN forwarder_agency_name TEXT;
ALTER TABLE delivery ADD COLUMN forwarder_id UUID;
ALTER TABLE delivery ADD COLUMN forwarder_name TEXT;
ALTER TABLE delivery ADD COLUMN forwarder_position TEXT;
ALTER TABLE delivery ADD COLUMN forwarded_at TIMESTAMPTZ;
ALTER TABLE delivery ADD COLUMN forward_note TEXT;
CREATE INDEX delivery_forwarded ON delivery (forwarded_from) WHERE forwarded_from IS NOT NULL;
