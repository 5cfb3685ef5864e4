-- Who gets the mails of an agency, as the directory told on a day. Any event of the directory that may concern it empties the
-- table, and what is missing is asked for again: losing a row costs a question, never a mail.
CREATE TABLE office_clerk (
    office_id UUID NOT NULL,
    user_id UUID NOT NULL,
    agency_id UUID NOT NULL,
    full_name TEXT NOT NULL,
    address TEXT NOT NULL,
    known_on DATE NOT NULL,
    PRIMARY KEY (office_id, user_id)
);
