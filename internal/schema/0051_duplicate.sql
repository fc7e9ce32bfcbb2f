-- +goose Up

-- Two records that may be of one person, as the search found them; one_id is the
-- smaller number. People decide: open, apart (two different people), merged.
CREATE TABLE duplicate_finding (
    id         BIGINT PRIMARY KEY,
    one_id     BIGINT NOT NULL,
    other_id   BIGINT NOT NULL,
    state      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    reasons    TEXT NOT NULL,
    score      INTEGER NOT NULL,
    found      BIGINT NOT NULL,
    seen       BIGINT NOT NULL, -- by the last search that met it
    decided    BIGINT,
    decided_by BIGINT,
    note       TEXT NOT NULL DEFAULT '',
    version    BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX duplicate_finding_pair_idx ON duplicate_finding (one_id, other_id);
CREATE INDEX duplicate_finding_other_idx ON duplicate_finding (other_id);
CREATE INDEX duplicate_finding_score_idx ON duplicate_finding (state, score, id);

-- The last search: one row.
CREATE TABLE duplicate_search (
    id      BIGINT PRIMARY KEY,
    started BIGINT NOT NULL,
    ended   BIGINT,
    people  BIGINT NOT NULL DEFAULT 0,
    pairs   BIGINT NOT NULL DEFAULT 0
);

-- Two records that were made one: what is kept, and what went into it.
CREATE TABLE duplicate_merge (
    id          BIGINT PRIMARY KEY,
    unit_id     BIGINT NOT NULL REFERENCES unit (id),
    kept_id     BIGINT NOT NULL REFERENCES person (id),
    gone_id     BIGINT NOT NULL REFERENCES person (id),
    reason      TEXT NOT NULL,
    decision    TEXT NOT NULL DEFAULT '',
    at          BIGINT NOT NULL,
    by_id       BIGINT,
    taken_back  BIGINT,
    back_by     BIGINT,
    back_reason TEXT NOT NULL DEFAULT '',
    version     BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX duplicate_merge_kept_idx ON duplicate_merge (kept_id);
CREATE INDEX duplicate_merge_gone_idx ON duplicate_merge (gone_id);

-- What a merge did, in order, with what was there before.
CREATE TABLE duplicate_effect (
    merge_id BIGINT NOT NULL REFERENCES duplicate_merge (id),
    place    INTEGER NOT NULL,
    what     TEXT NOT NULL,
    was      TEXT NOT NULL,
    PRIMARY KEY (merge_id, place)
);

-- A record that went into another one is found by its old number and card.
CREATE TABLE person_merged (
    person_id   BIGINT PRIMARY KEY REFERENCES person (id),
    kept_id     BIGINT NOT NULL REFERENCES person (id),
    card_number TEXT NOT NULL DEFAULT ''
);
CREATE INDEX person_merged_kept_idx ON person_merged (kept_id);
CREATE INDEX person_merged_card_idx ON person_merged (card_number) WHERE card_number <> '';
