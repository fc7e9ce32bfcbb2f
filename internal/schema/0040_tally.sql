-- +goose Up

-- What an entry adds to the figures, as package tally writes it. The digest
-- leaves it out: the recount proves figures.
ALTER TABLE journal ADD COLUMN figures TEXT NOT NULL DEFAULT '';

-- The figures of a unit, with all below it, in a month: one row, so that the
-- whole country has a few million. Only the job that follows the journal writes
-- here, so that no row is fought over.
CREATE TABLE tally (
    unit_id BIGINT NOT NULL,
    month   TEXT NOT NULL,
    figures TEXT NOT NULL,
    PRIMARY KEY (unit_id, month)
);

-- By how much the figures of a month changed on a day after it was closed.
CREATE TABLE tally_correction (
    unit_id BIGINT NOT NULL,
    month   TEXT NOT NULL,
    day     TEXT NOT NULL,
    figures TEXT NOT NULL,
    PRIMARY KEY (unit_id, month, day)
);

-- Units that were moved or taken out of the tree, with the parents under which
-- their figures still lie.
CREATE TABLE tally_move (
    unit_id BIGINT PRIMARY KEY,
    parents TEXT NOT NULL,
    at      BIGINT NOT NULL,
    version BIGINT NOT NULL
);

-- How far the journal is counted. While there is no row, as in an installation
-- from before, the records themselves are to be counted once.
CREATE TABLE tally_cursor (
    id       BIGINT PRIMARY KEY,
    position BIGINT NOT NULL,
    version  BIGINT NOT NULL
);
