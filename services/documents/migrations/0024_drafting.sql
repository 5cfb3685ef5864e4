-- Drafting that somebody competent assigned to a unit or a person in it.
CREATE TABLE drafting_assignment (
    id UUID PRIMARY KEY, -- version 7: newer ones sort after older ones
    revision BIGINT NOT NULL,
    agency_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    unit_name TEXT NOT NULL,
    assignee_id UUID,
    assignee_name TEXT,
    directive TEXT NOT NULL,
    kind BIGINT,
    due DATE,
    assigner_id UUID NOT NULL,
    assigner_name TEXT NOT NULL,
    assigner_position TEXT NOT NULL,
    assigned_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    taker_id UUID,
    taker_name TEXT,
    taker_position TEXT,
    document_id UUID UNIQUE REFERENCES document (id),
    withdrawal_reason TEXT,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX drafting_by_agency ON drafting_assignment (agency_id, id);
CREATE INDEX drafting_by_unit ON drafting_assignment (unit_id, id);
CREATE INDEX drafting_by_assigner ON drafting_assignment (assigner_id, id);
