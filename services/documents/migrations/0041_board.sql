-- Days on which offices here work otherwise than the known calendar says, and their hours (in minutes after midnight); empty unless an
-- operator fills them.
CREATE TABLE calendar_day (
    day DATE PRIMARY KEY,
    works BOOLEAN NOT NULL,
    name TEXT NOT NULL
);
CREATE TABLE calendar_hours (
    starts BIGINT PRIMARY KEY,
    ends BIGINT NOT NULL
);

-- That recipients were urged: no status of the delivery, but a part of what happened to it.
CREATE TABLE urging (
    id UUID PRIMARY KEY,
    document_id UUID NOT NULL REFERENCES document (id),
    urged_at TIMESTAMPTZ NOT NULL,
    officer_id UUID NOT NULL,
    officer_name TEXT NOT NULL,
    officer_position TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE TABLE urging_delivery (
    delivery_id UUID NOT NULL REFERENCES delivery (id),
    urging_id UUID NOT NULL REFERENCES urging (id),
    PRIMARY KEY (delivery_id, urging_id)
);

-- What waits is listed by urgency, then by arrival. The index counts what waits in agencies, too.
ALTER TABLE delivery ADD COLUMN urgency BIGINT NOT NULL DEFAULT 1;
UPDATE delivery SET urgency = (SELECT document.urgency FROM document WHERE document.id = delivery.document_id);
CREATE INDEX delivery_waiting ON delivery (recipient_id, urgency DESC, id) WHERE status = 'ARRIVED';
DROP INDEX delivery_undecided;
