-- +goose Up

-- The terms of a unit's committee; documents are numbered from their start.
CREATE TABLE committee_term (
    unit_id  BIGINT NOT NULL REFERENCES unit (id),
    from_day TEXT NOT NULL,
    to_day   TEXT,
    name     TEXT NOT NULL,
    decision TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, from_day)
);

-- A party group inside a cell (rules 3.1); leader_id is a person.
CREATE TABLE party_group (
    id        BIGINT PRIMARY KEY,
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    name      TEXT NOT NULL,
    folded    TEXT NOT NULL,
    leader_id BIGINT,
    founded   TEXT NOT NULL,
    ended     TEXT,
    decision  TEXT NOT NULL DEFAULT '',
    version   BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX party_group_unit_idx ON party_group (unit_id);
