-- How a session was opened, by which program, and when it was last used (to within five minutes).
ALTER TABLE session ADD COLUMN opening TEXT NOT NULL DEFAULT 'PASSWORD';
ALTER TABLE session ADD COLUMN client TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN must_change_password BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE session ADD COLUMN last_used_at TIMESTAMPTZ NOT NULL DEFAULT '1970-01-01T00:00:00.000000Z';
UPDATE session SET last_used_at = created_at;
CREATE INDEX session_by_person ON session (person_id, id);

-- Set for a temporary password, which must be changed when first used; what a person chose stays good.
ALTER TABLE password ADD COLUMN expires_at TIMESTAMPTZ;

-- The passwords that a person had before, the newest few: none of them is taken again.
CREATE TABLE password_history (
    person_id UUID NOT NULL REFERENCES person (id),
    hash TEXT NOT NULL, -- argon2id, as a PHC string
    retired_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, hash)
);

-- Not only names are counted: "device:ID" for a device that is known, "session:ID" for who is signed in already.
ALTER TABLE sign_in_failure RENAME COLUMN sign_in_name TO counter;

-- Devices from which a person signed in. Whoever presents the token of one is not delayed by what strangers do to the name.
CREATE TABLE device (
    id UUID PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    token_hash BYTEA NOT NULL UNIQUE, -- SHA-256; the token itself is kept nowhere
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ NOT NULL,
    returned BOOLEAN NOT NULL -- whether it ever signed in again: programs that forget their token never do
);
CREATE INDEX device_by_person ON device (person_id, last_used_at);
CREATE INDEX device_by_age ON device (last_used_at);

-- Authenticator apps. One that is not confirmed yet asks nobody for a code.
CREATE TABLE totp (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    sealed_secret BYTEA NOT NULL, -- AES-256-GCM under a seal key that is not in the database
    begun_at TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ,
    last_step BIGINT NOT NULL -- time step of the last code taken: it and those before are taken no more
);

-- What stands in for an app that was lost; each is good once.
CREATE TABLE recovery_code (
    person_id UUID NOT NULL REFERENCES person (id),
    code_hash BYTEA NOT NULL, -- SHA-256: a code is 80 random bits, which nobody can try out
    PRIMARY KEY (person_id, code_hash)
);
