-- +goose Up

-- Why rows of an import are sent back: JSON that only the program reads, of many
-- rows in each part. It is emptied with the import.
CREATE TABLE intake_rejected (
    intake_id BIGINT NOT NULL REFERENCES intake (id),
    part      INTEGER NOT NULL,
    faults    TEXT NOT NULL,
    PRIMARY KEY (intake_id, part)
);

-- How far the process is that works on an import, written outside the
-- transaction of the import. done is missing while that process cannot tell. No
-- reference: a process may come too late to an import that was dropped.
CREATE TABLE intake_progress (
    intake_id BIGINT PRIMARY KEY,
    done      INTEGER,
    total     INTEGER NOT NULL,
    at        BIGINT NOT NULL
);
