-- Files of units or people that were compared with the directory, and what has become of them.
CREATE TABLE import_job (
    id UUID PRIMARY KEY, -- by time
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL, -- UNITS, PEOPLE
    state TEXT NOT NULL, -- READING, INVALID, STAGED, COMMITTING, COMMITTED, CANCELLED
    file_name TEXT NOT NULL,
    effective_date DATE NOT NULL,
    reason TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    create_count BIGINT NOT NULL,
    update_count BIGINT NOT NULL,
    unchanged_count BIGINT NOT NULL,
    error_count BIGINT NOT NULL,
    done_count BIGINT NOT NULL,
    left_out_count BIGINT NOT NULL,
    done_place BIGINT NOT NULL, -- everything up to this place has been written; moves with what it tells of
    creator_id UUID NOT NULL,
    creator_name TEXT NOT NULL,
    committer TEXT NOT NULL, -- JSON: the person in whose name it is written; empty until then
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX import_job_by_state ON import_job (state, id);
CREATE INDEX import_job_by_age ON import_job (updated_at);

-- The units or people of a file, in the order in which they are written.
CREATE TABLE import_row (
    job_id UUID NOT NULL REFERENCES import_job (id),
    place BIGINT NOT NULL, -- from 1
    row_number BIGINT NOT NULL, -- row of the file where it first stands
    key TEXT NOT NULL, -- code or sign-in name
    subject_id UUID, -- the unit or person, if it is there already
    action TEXT NOT NULL, -- ERROR, CREATE, UPDATE, UNCHANGED, LEFT_OUT
    mistakes TEXT NOT NULL, -- JSON
    changes TEXT NOT NULL, -- JSON
    wish TEXT NOT NULL, -- JSON: what the file says
    PRIMARY KEY (job_id, place)
);
CREATE INDEX import_row_by_action ON import_row (job_id, action, place);
