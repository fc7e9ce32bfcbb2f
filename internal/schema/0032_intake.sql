-- +goose Up

-- A spreadsheet on its way into the register. Until it is applied only whoever
-- sent it sees it, and it expires; what is not needed any more is emptied then.
-- settings, outline and report are JSON that only the program reads.
CREATE TABLE intake (
    id       BIGINT PRIMARY KEY,
    unit_id  BIGINT REFERENCES unit (id),
    person_id BIGINT, -- who sent it; none for the command line
    kind     TEXT NOT NULL,
    state    TEXT NOT NULL,
    name     TEXT NOT NULL,
    hash     TEXT NOT NULL,
    size     BIGINT NOT NULL,
    settings TEXT NOT NULL,
    outline  TEXT NOT NULL,
    report   TEXT NOT NULL DEFAULT '',
    failure  TEXT NOT NULL DEFAULT '',
    sent     BIGINT NOT NULL,
    applied  BIGINT,
    expires  BIGINT NOT NULL,
    version  BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX intake_person_idx ON intake (person_id, id);
CREATE INDEX intake_unit_idx ON intake (unit_id, id);
CREATE INDEX intake_hash_idx ON intake (hash);
CREATE INDEX intake_expires_idx ON intake (expires);

-- What was decided on a row that may be somebody known.
CREATE TABLE intake_decision (
    intake_id  BIGINT NOT NULL REFERENCES intake (id),
    row_number INTEGER NOT NULL,
    choice     TEXT NOT NULL,
    fields     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (intake_id, row_number)
);

-- What an import wrote: many new records in one row of ids, each updated one in
-- a row of its own with what it was before.
CREATE TABLE intake_effect (
    id         BIGINT PRIMARY KEY,
    intake_id  BIGINT NOT NULL REFERENCES intake (id),
    noun       TEXT NOT NULL,
    made       TEXT NOT NULL DEFAULT '',
    updated    BIGINT,
    row_number INTEGER,
    version    BIGINT,
    before     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX intake_effect_intake_idx ON intake_effect (intake_id);

-- How a form that came before is read: by the unit and the words of its head.
CREATE TABLE intake_form (
    unit_id     BIGINT NOT NULL REFERENCES unit (id),
    fingerprint TEXT NOT NULL,
    settings    TEXT NOT NULL,
    PRIMARY KEY (unit_id, fingerprint)
);
