-- +goose Up

-- How a weak cell is to be consolidated: why, by what, by whom, until when, and
-- what came of it (S-11, S-12). A cell has one open plan at a time.
CREATE TABLE consolidation (
    id         BIGINT PRIMARY KEY,
    unit_id    BIGINT NOT NULL REFERENCES unit (id),
    reasons    TEXT NOT NULL,
    measures   TEXT NOT NULL,
    owner_id   BIGINT NOT NULL,
    due        TEXT NOT NULL,
    planned    TEXT NOT NULL,            -- the day on which it was made
    planner_id BIGINT,
    finished   TEXT,
    outcome    TEXT NOT NULL DEFAULT '', -- strong, better, unchanged
    result     TEXT NOT NULL DEFAULT '',
    version    BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX consolidation_open_idx ON consolidation (unit_id) WHERE finished IS NULL;
CREATE INDEX consolidation_unit_idx ON consolidation (unit_id, planned);
CREATE INDEX consolidation_owner_idx ON consolidation (owner_id) WHERE finished IS NULL;

-- The cells with signs that deserve attention (S-13), as they were on a day: what
-- the records of each cell say, kept so that a province need not read the records
-- of ten thousand. Only the job that looks at the cells writes here.
CREATE TABLE watch (
    unit_id BIGINT PRIMARY KEY REFERENCES unit (id),
    weight  INTEGER NOT NULL,
    signs   TEXT NOT NULL,
    day     TEXT NOT NULL
);
CREATE INDEX watch_weight_idx ON watch (weight, unit_id);

-- Up to which entry of the journal the cells were looked at again, and on which
-- day all of them were.
CREATE TABLE watch_cursor (
    id      BIGINT PRIMARY KEY,
    entry   BIGINT NOT NULL,
    day     TEXT NOT NULL,
    version BIGINT NOT NULL
);
INSERT INTO watch_cursor (id, entry, day, version) VALUES (1, 0, '', 1);
