-- Partners outside this directory.
CREATE TABLE external_agency (
    id UUID PRIMARY KEY,
    revision BIGINT NOT NULL,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL, -- in lower case without accents
    aliases TEXT NOT NULL, -- one a line
    search_text TEXT NOT NULL, -- name and aliases in lower case without accents, one a line
    email TEXT NOT NULL,
    address TEXT NOT NULL,
    phone TEXT NOT NULL,
    website TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX external_agency_by_name ON external_agency (folded_name, id);

-- Unique in its scheme on any one day, also among the identifiers of units; not for ever.
CREATE TABLE external_agency_identifier (
    external_agency_id UUID NOT NULL REFERENCES external_agency (id),
    scheme TEXT NOT NULL, -- DECISION_20, DECISION_28, STATISTICAL, OTHER
    value TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    PRIMARY KEY (scheme, value, valid_from)
);
CREATE INDEX external_agency_identifier_by_bearer ON external_agency_identifier (external_agency_id);

CREATE TABLE contact_group (
    id UUID PRIMARY KEY,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL, -- RECIPIENTS, PEOPLE
    owner_agency_id UUID REFERENCES unit (id), -- none: of the whole directory
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL, -- in lower case without accents
    description TEXT NOT NULL,
    expression TEXT NOT NULL, -- who belongs to it by rule, as in "difference(kinds(COMMUNE), units(…))"; empty if nobody
    external_id TEXT NOT NULL, -- what another system calls it; empty if none does
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX contact_group_by_folded_name ON contact_group (folded_name, id);
CREATE INDEX contact_group_by_name ON contact_group (name);
CREATE INDEX contact_group_by_external_id ON contact_group (external_id);

CREATE TABLE contact_group_member (
    group_id UUID NOT NULL REFERENCES contact_group (id),
    kind TEXT NOT NULL, -- UNIT, EXTERNAL_AGENCY, POSITION, USER, GROUP
    member_id UUID NOT NULL,
    PRIMARY KEY (group_id, kind, member_id)
);
CREATE INDEX contact_group_member_by_member ON contact_group_member (member_id, group_id);

-- Which groups a group holds, as a member or in its expression: circles and uses are found here.
CREATE TABLE contact_group_link (
    group_id UUID NOT NULL REFERENCES contact_group (id),
    linked_id UUID NOT NULL REFERENCES contact_group (id),
    PRIMARY KEY (group_id, linked_id)
);
CREATE INDEX contact_group_link_by_linked ON contact_group_link (linked_id);
