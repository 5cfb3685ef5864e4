-- Each word of a name brings all of its words along: whoever looks for several goes through the rarest, and need not look
-- the others up one person after the other.
ALTER TABLE person_word RENAME TO person_word_start;
DROP INDEX person_word_by_person;

CREATE TABLE person_word (
-- postgres {
    word TEXT COLLATE "C" NOT NULL,
-- }
-- sqlite {
    word TEXT NOT NULL,
-- }
    person_id UUID NOT NULL REFERENCES person (id),
    words TEXT NOT NULL, -- as written and without accents, a space before and behind each
-- postgres {
    PRIMARY KEY (word, person_id) INCLUDE (words)
);
-- }
-- sqlite {
    PRIMARY KEY (word, person_id)
) WITHOUT ROWID; -- in the order of the key, so that a range lies together
-- }

-- postgres {
INSERT INTO person_word (word, person_id, words)
    SELECT word, person_id, ' ' || string_agg(word, ' ') OVER (PARTITION BY person_id) || ' ' FROM person_word_start;
-- }
-- sqlite {
INSERT INTO person_word (word, person_id, words)
    SELECT word, person_id, ' ' || group_concat(word, ' ') OVER (PARTITION BY person_id) || ' ' FROM person_word_start;
-- }
CREATE INDEX person_word_by_person ON person_word (person_id);
DROP TABLE person_word_start;
