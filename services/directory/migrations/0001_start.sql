-- Whoever changes units or people locks this row first: such changes are rare and go one after the other.
CREATE TABLE directory_lock (one BIGINT PRIMARY KEY);
INSERT INTO directory_lock (one) VALUES (1);

CREATE TABLE unit (
    id UUID PRIMARY KEY,
    revision BIGINT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    synthetic_code BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    abbreviation TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent_id UUID REFERENCES unit (id),
    agency_id UUID NOT NULL REFERENCES unit (id), -- the unit itself, or the nearest agency above
    email TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX unit_by_parent ON unit (parent_id, code);
CREATE INDEX unit_by_agency ON unit (agency_id);

CREATE TABLE person (
    id UUID PRIMARY KEY,
    revision BIGINT NOT NULL,
    sign_in_name TEXT NOT NULL UNIQUE,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    is_administrator BOOLEAN NOT NULL, -- without a post: the first one, made when there were no units yet
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE appointment (
    person_id UUID NOT NULL REFERENCES person (id),
    place BIGINT NOT NULL,
    unit_id UUID NOT NULL REFERENCES unit (id),
    position TEXT NOT NULL,
    roles BIGINT NOT NULL, -- bit n stands for role n
    PRIMARY KEY (person_id, place)
);
CREATE INDEX appointment_by_unit ON appointment (unit_id, person_id);

-- Apart from the person, so that no list ever carries a hash. Who has no row cannot sign in.
CREATE TABLE password (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    hash TEXT NOT NULL -- argon2id, as a PHC string
);

CREATE TABLE session (
    id UUID PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE, -- SHA-256; the token itself is kept nowhere
    person_id UUID NOT NULL REFERENCES person (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX session_by_expiry ON session (expires_at);

-- Wrong passwords in a row under a name, whether or not anybody has it.
CREATE TABLE sign_in_failure (
    sign_in_name TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_failure_by_age ON sign_in_failure (last_at);
