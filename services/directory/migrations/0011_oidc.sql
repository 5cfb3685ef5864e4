-- Sign-ins begun at the provider and not completed. Whoever completes one takes its row out first, so that it happens once.
CREATE TABLE oidc_attempt (
    state_hash BYTEA PRIMARY KEY, -- SHA-256; the state itself is kept nowhere
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL, -- of PKCE; worthless without the code, which comes through the browser
    redirect_uri TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX oidc_attempt_by_expiry ON oidc_attempt (expires_at);

-- Which account at which provider is whose. Neither two people with one account, nor two accounts of one provider for one person.
CREATE TABLE federated_identity (
    id UUID PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    linked_at TIMESTAMPTZ NOT NULL,
    UNIQUE (issuer, subject),
    UNIQUE (issuer, person_id)
);
CREATE INDEX federated_identity_by_person ON federated_identity (person_id, id);
