-- A person is not a position. A position exists by itself, in a unit, from a day to a day, and may be vacant; an appointment
-- puts a person into it from a day to a day.
ALTER TABLE appointment RENAME TO appointment_start;
DROP INDEX appointment_by_unit;

CREATE TABLE position (
    id UUID PRIMARY KEY,
    revision BIGINT NOT NULL,
    unit_id UUID NOT NULL REFERENCES unit (id),
    title TEXT NOT NULL,
    roles BIGINT NOT NULL, -- bit n stands for role n
    seats BIGINT NOT NULL, -- how many may hold it at once; 0 for any number
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX position_by_unit ON position (unit_id, valid_to);

CREATE TABLE appointment (
    id UUID PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    position_id UUID NOT NULL REFERENCES position (id),
    place BIGINT NOT NULL, -- order among the appointments of the person
    capacity TEXT NOT NULL, -- HOLDER, ACTING (quyền), IN_CHARGE (phụ trách)
    is_primary BOOLEAN NOT NULL,
    basis TEXT NOT NULL, -- number and symbol of the decision
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX appointment_by_person ON appointment (person_id, valid_to);
CREATE INDEX appointment_by_position ON appointment (position_id, valid_to);

ALTER TABLE person ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN external_id TEXT NOT NULL DEFAULT ''; -- id in the software that keeps this person; empty if none does
ALTER TABLE person ADD COLUMN is_active BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX person_by_external_id ON person (external_id);

-- Every post that people held becomes one position, with as many seats as it had holders.
-- postgres {
INSERT INTO position (id, revision, unit_id, title, roles, seats, valid_from, valid_to, created_at, updated_at)
    SELECT gen_random_uuid(), 1, unit_id, position, roles, 0, '0001-01-01', '9999-12-31', person.created_at, person.created_at
    FROM (SELECT unit_id, position, roles, min(person_id::text)::uuid AS first_id FROM appointment_start
        GROUP BY unit_id, position, roles) AS post JOIN person ON person.id = post.first_id;
INSERT INTO appointment (id, person_id, position_id, place, capacity, is_primary, basis, valid_from, valid_to, created_at)
    SELECT gen_random_uuid(), held.person_id, position.id, held.place, 'HOLDER', held.place = 1, '', '0001-01-01', '9999-12-31', person.created_at
    FROM appointment_start AS held
    JOIN position ON position.unit_id = held.unit_id AND position.title = held.position AND position.roles = held.roles
    JOIN person ON person.id = held.person_id;
-- }
-- sqlite {
INSERT INTO position (id, revision, unit_id, title, roles, seats, valid_from, valid_to, created_at, updated_at)
    SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'
        || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
        1, unit_id, position, roles, 0, '0001-01-01', '9999-12-31', person.created_at, person.created_at
    FROM (SELECT unit_id, position, roles, min(person_id) AS first_id FROM appointment_start
        GROUP BY unit_id, position, roles) AS post JOIN person ON person.id = post.first_id;
INSERT INTO appointment (id, person_id, position_id, place, capacity, is_primary, basis, valid_from, valid_to, created_at)
    SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'
        || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
        held.person_id, position.id, held.place, 'HOLDER', held.place = 1, '', '0001-01-01', '9999-12-31', person.created_at
    FROM appointment_start AS held
    JOIN position ON position.unit_id = held.unit_id AND position.title = held.position AND position.roles = held.roles
    JOIN person ON person.id = held.person_id;
-- }
-- What leadership has, one person holds: the head of an agency (role 1) and the head of a unit (role 3).
UPDATE position SET seats = 1 WHERE (roles & 10) <> 0
    AND (SELECT count(*) FROM appointment WHERE appointment.position_id = position.id) <= 1;

DROP TABLE appointment_start;
DROP TABLE unit_start;

-- An appointment on a day: valid_from <= day < valid_to, and the unit of its position on that day.
CREATE VIEW appointment_state AS
    SELECT appointment.id, appointment.person_id, appointment.position_id, appointment.place, appointment.capacity,
        appointment.is_primary, appointment.basis, appointment.valid_from, appointment.valid_to, position.unit_id,
        position.title, position.roles, unit_version.agency_id, unit_version.valid_from AS unit_from,
        unit_version.valid_to AS unit_to
    FROM appointment
    JOIN position ON position.id = appointment.position_id
    JOIN unit_version ON unit_version.unit_id = position.unit_id;
