-- Who changed what, when and why, with what stood there before and after. Rows are only ever added.
CREATE TABLE audit (
    id UUID PRIMARY KEY, -- by time
    at TIMESTAMPTZ NOT NULL,
    actor_id UUID NOT NULL, -- the person; nil for the system itself
    actor_name TEXT NOT NULL, -- as it was then
    actor_session_id UUID NOT NULL, -- session or API key of the call; nil for the system itself
    action TEXT NOT NULL, -- "unit.create", "user.reset_password"
    subject_kind TEXT NOT NULL, -- "unit", "user"
    subject_id UUID NOT NULL,
    reason TEXT NOT NULL,
    state_before TEXT NOT NULL, -- JSON; empty if there was nothing
    state_after TEXT NOT NULL -- JSON; empty if nothing is left
);
CREATE INDEX audit_by_subject ON audit (subject_id, id);
CREATE INDEX audit_by_actor ON audit (actor_id, id);
