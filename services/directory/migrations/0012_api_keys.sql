-- Keys of other software, each in the name of a person. Ended ones stay, so that it can be seen what there was.
CREATE TABLE api_key (
    id UUID PRIMARY KEY, -- by time
    key_hash BYTEA NOT NULL UNIQUE, -- SHA-256; the key itself is kept nowhere
    person_id UUID NOT NULL REFERENCES person (id),
    name TEXT NOT NULL,
    scopes BIGINT NOT NULL, -- bit n stands for scope n
    created_at TIMESTAMPTZ NOT NULL,
    creator_id UUID NOT NULL REFERENCES person (id),
    expires_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ, -- to within an hour
    revoked_at TIMESTAMPTZ
);
CREATE INDEX api_key_by_person ON api_key (person_id, id);
