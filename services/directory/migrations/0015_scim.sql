-- What a directory kept by other software needs: finding people by what that software knows of them, and by their names.
ALTER TABLE person ADD COLUMN is_withdrawn BOOLEAN NOT NULL DEFAULT FALSE; -- by the software that kept this person
ALTER TABLE person ADD COLUMN folded_name TEXT NOT NULL DEFAULT ''; -- small and without accents; empty until it is filled in
CREATE INDEX person_by_email ON person (lower(email));
CREATE INDEX person_by_change ON person (updated_at);
CREATE INDEX person_unfolded ON person (id) WHERE folded_name = '';

-- The words of full names, as written and without accents. Compared byte by byte, so that a prefix is a range.
CREATE TABLE person_word (
-- postgres {
    word TEXT COLLATE "C" NOT NULL,
-- }
-- sqlite {
    word TEXT NOT NULL,
-- }
    person_id UUID NOT NULL REFERENCES person (id),
    PRIMARY KEY (word, person_id)
);
CREATE INDEX person_word_by_person ON person_word (person_id, word);
