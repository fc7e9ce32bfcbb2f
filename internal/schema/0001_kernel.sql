-- +goose Up

-- The tree of organisations. path lists the ids from the root to the unit,
-- each followed by '/', and is right for today; unit_parent holds every day.
CREATE TABLE unit (
    id         BIGINT PRIMARY KEY,
    parent_id  BIGINT REFERENCES unit (id),
    path       TEXT NOT NULL UNIQUE,
    depth      INTEGER NOT NULL,
    code       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    folded     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    level      TEXT NOT NULL,
    cell_type  TEXT NOT NULL DEFAULT '',
    block      TEXT NOT NULL DEFAULT '',
    areas      TEXT NOT NULL DEFAULT '',
    place_code TEXT NOT NULL DEFAULT '',
    address    TEXT NOT NULL DEFAULT '',
    founded    TEXT,
    ended      TEXT,
    version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX unit_parent_idx ON unit (parent_id);

CREATE TABLE unit_parent (
    unit_id     BIGINT NOT NULL REFERENCES unit (id),
    parent_id   BIGINT REFERENCES unit (id),
    from_day    TEXT NOT NULL,
    to_day      TEXT,
    decision    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, from_day)
);
CREATE INDEX unit_parent_parent_idx ON unit_parent (parent_id, from_day);

-- A role held by a person at a unit, from a day to the day before to_day.
-- subject narrows the role to one record, such as a single meeting.
CREATE TABLE role_grant (
    id        BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL,
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    role      TEXT NOT NULL,
    subject   BIGINT,
    from_day  TEXT NOT NULL,
    to_day    TEXT,
    source    TEXT NOT NULL
);
CREATE INDEX role_grant_person_idx ON role_grant (person_id);
CREATE INDEX role_grant_unit_idx ON role_grant (unit_id, role);

-- One row for each change. position is the leaf in the Merkle tree; it is
-- given soon after the commit, so that no counter is shared by all writers.
CREATE TABLE journal (
    id         BIGINT PRIMARY KEY,
    position   BIGINT,
    at         BIGINT NOT NULL,
    person_id  BIGINT,
    unit_id    BIGINT NOT NULL,
    verb       TEXT NOT NULL,
    noun       TEXT NOT NULL,
    noun_id    BIGINT NOT NULL,
    digest     TEXT NOT NULL, -- of the salt and the content
    seal       TEXT NOT NULL,
    salt       TEXT NOT NULL,
    content    TEXT NOT NULL  -- before and after; '', as the salt, where the law had it erased
);
CREATE UNIQUE INDEX journal_position_idx ON journal (position) WHERE position IS NOT NULL;
CREATE INDEX journal_unplaced_idx ON journal (id) WHERE position IS NULL;
CREATE INDEX journal_noun_idx ON journal (noun, noun_id);

CREATE TABLE journal_hash (
    position BIGINT PRIMARY KEY,
    hash     TEXT NOT NULL
);

CREATE TABLE journal_root (
    size BIGINT PRIMARY KEY,
    at   BIGINT NOT NULL,
    note TEXT NOT NULL
);

-- Who opened a sensitive record.
CREATE TABLE journal_read (
    id        BIGINT PRIMARY KEY,
    at        BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    unit_id   BIGINT NOT NULL,
    noun      TEXT NOT NULL,
    noun_id   BIGINT NOT NULL,
    reason    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX journal_read_noun_idx ON journal_read (noun, noun_id);
