-- +goose Up

-- The minutes of a meeting (rules 22.5). number counts their versions: a sealed
-- one never changes, a later correction is the next number. version is of the
-- row while it is a draft.
CREATE TABLE minutes (
    id          BIGINT PRIMARY KEY,
    meeting_id  BIGINT NOT NULL REFERENCES meeting (id),
    unit_id     BIGINT NOT NULL REFERENCES unit (id),
    number      INTEGER NOT NULL,
    state       TEXT NOT NULL,             -- draft, sealed
    content     TEXT NOT NULL,             -- JSON
    digest      TEXT NOT NULL DEFAULT '',  -- SHA-256 of a sealed content
    reason      TEXT NOT NULL DEFAULT '',  -- why there is a number after the first
    drafted     BIGINT NOT NULL,
    drafted_by  BIGINT,
    approved    BIGINT,
    approved_by BIGINT,
    version     BIGINT NOT NULL DEFAULT 1,
    UNIQUE (meeting_id, number)
);
CREATE UNIQUE INDEX minutes_draft_idx ON minutes (meeting_id) WHERE state = 'draft';
CREATE INDEX minutes_unit_idx ON minutes (unit_id, id);

-- What somebody who was present wants to be put differently, and the answer.
CREATE TABLE minutes_correction (
    id            BIGINT PRIMARY KEY,
    minutes_id    BIGINT NOT NULL REFERENCES minutes (id),
    person_id     BIGINT NOT NULL,
    text          TEXT NOT NULL,
    at            BIGINT NOT NULL,
    answer        TEXT NOT NULL DEFAULT '', -- accepted, refused
    answer_reason TEXT NOT NULL DEFAULT '',
    answered      BIGINT,
    answered_by   BIGINT,
    version       BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX minutes_correction_minutes_idx ON minutes_correction (minutes_id, at);
