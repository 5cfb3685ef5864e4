-- What the mails about one event say: the same for everyone who gets one, so it is kept once.
CREATE TABLE notice (
    event_id UUID PRIMARY KEY,
    event_type TEXT NOT NULL,
    subject_id UUID NOT NULL,
    document_id UUID NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    traceparent TEXT NOT NULL
);
CREATE INDEX notice_by_subject ON notice (subject_id);
CREATE INDEX notice_by_document ON notice (document_id);

-- One mail to one person.
CREATE TABLE message (
    id UUID PRIMARY KEY,
    event_id UUID NOT NULL REFERENCES notice (event_id),
    user_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ,
    next_attempt_at TIMESTAMPTZ,
    lease_token UUID,
    lease_until TIMESTAMPTZ,
    UNIQUE (event_id, user_id)
);
CREATE INDEX message_by_user ON message (user_id, id);
CREATE INDEX message_by_state ON message (state, id);
CREATE INDEX message_due ON message (next_attempt_at) WHERE state = 'QUEUED';
CREATE INDEX message_leased ON message (lease_token) WHERE lease_token IS NOT NULL;
