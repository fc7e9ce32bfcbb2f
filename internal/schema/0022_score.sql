-- +goose Up

-- The confirmed score sheet of a meeting (rules 22.4). claimed is the sum of
-- what a person claims; evidence the same sum with the records' points on every
-- line that records decide; proven and proven_most only those lines. Nothing is
-- rescaled: reachable is the most that this month's sheet can give.
CREATE TABLE score (
    meeting_id     BIGINT PRIMARY KEY REFERENCES meeting (id),
    unit_id        BIGINT NOT NULL REFERENCES unit (id),
    month          TEXT NOT NULL,
    title          TEXT NOT NULL,
    claimed        INTEGER NOT NULL,
    evidence       INTEGER NOT NULL,
    proven         INTEGER NOT NULL,
    proven_most    INTEGER NOT NULL,
    reachable      INTEGER NOT NULL,
    whole          INTEGER NOT NULL, -- of the sheet with every line
    class          TEXT NOT NULL,    -- of what is claimed
    class_label    TEXT NOT NULL,
    evidence_class TEXT NOT NULL,    -- of what the records show
    evidence_label TEXT NOT NULL,
    facts          TEXT NOT NULL,    -- JSON, as the records were when last looked at
    pack_id        TEXT NOT NULL,
    pack_hash      TEXT NOT NULL,
    confirmed      BIGINT NOT NULL,
    confirmed_by   BIGINT,
    looked         BIGINT NOT NULL,  -- when the evidence was last looked at
    version        BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX score_unit_idx ON score (unit_id, month);
CREATE INDEX score_month_idx ON score (month, unit_id);

-- A line of the sheet: what the records propose and why, and what a person
-- claims and why it differs.
CREATE TABLE score_line (
    meeting_id      BIGINT NOT NULL REFERENCES score (meeting_id),
    place           INTEGER NOT NULL,
    slot            TEXT NOT NULL, -- the line's id in the pack
    criterion       TEXT NOT NULL,
    criterion_label TEXT NOT NULL,
    label           TEXT NOT NULL,
    mode            TEXT NOT NULL,
    most            INTEGER NOT NULL,
    counted         BOOLEAN NOT NULL,
    decided         BOOLEAN NOT NULL,
    choice          TEXT NOT NULL DEFAULT '', -- the option that the records propose
    proposed        INTEGER NOT NULL,
    reason          TEXT NOT NULL DEFAULT '',
    evidence        TEXT NOT NULL DEFAULT '', -- JSON, the rows it came from
    claimed         INTEGER NOT NULL,
    claim_reason    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (meeting_id, slot)
);
