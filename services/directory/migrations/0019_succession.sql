-- A unit may give a part of itself to the same other one more than once, on different days.
ALTER TABLE unit_succession RENAME TO unit_succession_start;
DROP INDEX unit_succession_by_successor;

CREATE TABLE unit_succession (
    predecessor_id UUID NOT NULL REFERENCES unit (id),
    successor_id UUID NOT NULL REFERENCES unit (id),
    valid_from DATE NOT NULL,
    takes_over BOOLEAN NOT NULL, -- inbox, registers and open work go here; one for each predecessor
    PRIMARY KEY (predecessor_id, successor_id, valid_from)
);
CREATE INDEX unit_succession_by_successor ON unit_succession (successor_id);
INSERT INTO unit_succession (predecessor_id, successor_id, valid_from, takes_over)
    SELECT predecessor_id, successor_id, valid_from, takes_over FROM unit_succession_start;
DROP TABLE unit_succession_start;
