-- Mergers and splits of units, from their preparation to the day they are applied.
CREATE TABLE reorganisation (
    id UUID PRIMARY KEY,
    revision BIGINT NOT NULL,
    title TEXT NOT NULL,
    basis TEXT NOT NULL, -- the resolution or decision that orders it
    effective_on DATE NOT NULL, -- first day of the new order
    state TEXT NOT NULL, -- PREPARED, REVIEWED, APPLIED, CANCELLED
    changes BYTEA NOT NULL, -- congvan.directory.v1.Reorganisation with nothing but its changes
    preparer_id UUID NOT NULL REFERENCES person (id),
    reviewer_id UUID REFERENCES person (id),
    fingerprint TEXT NOT NULL, -- of the preview that was reviewed; empty before
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
