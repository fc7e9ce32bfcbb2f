-- +goose Up

-- Work to be done after the commit, once, tried again after growing pauses.
CREATE TABLE job (
    id       BIGINT PRIMARY KEY,
    kind     TEXT NOT NULL,
    payload  TEXT NOT NULL,
    unique_key TEXT UNIQUE,
    due      BIGINT NOT NULL,
    attempt  INTEGER NOT NULL DEFAULT 0,
    taken    BIGINT,
    failure  TEXT NOT NULL DEFAULT '',
    dead     BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX job_due_idx ON job (due) WHERE dead = FALSE;

-- A file that belongs to a record. The bytes lie on disk under their hash.
CREATE TABLE attachment (
    id       BIGINT PRIMARY KEY,
    unit_id  BIGINT NOT NULL REFERENCES unit (id),
    noun     TEXT NOT NULL,
    noun_id  BIGINT NOT NULL,
    hash     TEXT NOT NULL,
    name     TEXT NOT NULL,
    media    TEXT NOT NULL,
    size     BIGINT NOT NULL,
    added_by BIGINT,
    added    BIGINT NOT NULL
);
CREATE INDEX attachment_noun_idx ON attachment (noun, noun_id);
