-- Who may sign for an agency besides its head, by which form, and who stands in for whom. Periods as in 0003_units.
CREATE TABLE signing_authority (
    id UUID PRIMARY KEY, -- by time
    revision BIGINT NOT NULL,
    agency_id UUID NOT NULL REFERENCES unit (id), -- whose documents are signed
    form TEXT NOT NULL, -- FOR_HEAD (KT.), BY_ORDER (TL.), BY_DELEGATION (TUQ.)
    grantor_position_id UUID NOT NULL REFERENCES position (id),
    grantee_position_id UUID NOT NULL REFERENCES position (id),
    kinds TEXT NOT NULL, -- names of document kinds, one a line; all when empty
    matters TEXT NOT NULL, -- one a line; all when empty
    basis TEXT NOT NULL, -- number and symbol of the decision or regulation
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    revoked_from DATE, -- the first day without it
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX signing_authority_by_agency ON signing_authority (agency_id, id);

CREATE TABLE stand_in (
    id UUID PRIMARY KEY, -- by time
    revision BIGINT NOT NULL,
    position_id UUID NOT NULL REFERENCES position (id),
    absent_person_id UUID NOT NULL REFERENCES person (id), -- the holder who is away
    person_id UUID NOT NULL REFERENCES person (id), -- who stands in
    origin TEXT NOT NULL, -- SELF, SECRETARY, ADMINISTRATOR
    reason TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL, -- valid_from, if it was ended before it began
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX stand_in_by_position ON stand_in (position_id, valid_to);
CREATE INDEX stand_in_by_person ON stand_in (person_id, valid_to);
CREATE INDEX stand_in_by_absent_person ON stand_in (absent_person_id, valid_to);
CREATE INDEX stand_in_by_end ON stand_in (valid_to);

CREATE TABLE absence (
    id UUID PRIMARY KEY, -- by time
    revision BIGINT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    reason TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL, -- valid_from, if it was ended before it began
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX absence_by_person ON absence (person_id, valid_to);

-- Which positions stand in for one during an absence of its holder, the first choice first.
CREATE TABLE stand_in_rule (
    position_id UUID PRIMARY KEY REFERENCES position (id),
    revision BIGINT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE stand_in_substitute (
    position_id UUID NOT NULL REFERENCES stand_in_rule (position_id),
    place BIGINT NOT NULL,
    substitute_position_id UUID NOT NULL REFERENCES position (id),
    PRIMARY KEY (position_id, place)
);
CREATE INDEX stand_in_substitute_by_substitute ON stand_in_substitute (substitute_position_id);
