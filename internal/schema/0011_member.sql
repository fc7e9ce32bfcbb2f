-- +goose Up

-- Who somebody is and where they belong. status is empty for whoever holds a
-- role without being a member.
CREATE TABLE person (
    id                BIGINT PRIMARY KEY,
    unit_id           BIGINT NOT NULL REFERENCES unit (id),
    group_id          BIGINT REFERENCES party_group (id),
    status            TEXT NOT NULL,
    birth_name        TEXT NOT NULL,
    name              TEXT NOT NULL,
    folded            TEXT NOT NULL,
    name_key          TEXT NOT NULL,
    sex               TEXT NOT NULL DEFAULT '',
    birth             TEXT,
    card_number       TEXT NOT NULL DEFAULT '',
    cv_number         TEXT NOT NULL DEFAULT '',
    admission_decided TEXT, -- party age counts from here (rules 9)
    ceremony          TEXT, -- "ngày vào Đảng", probation counts from here
    recognised        TEXT, -- "ngày chính thức"
    inactive_months   INTEGER NOT NULL DEFAULT 0,
    left_day          TEXT,
    version           BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX person_unit_idx ON person (unit_id, name_key);
CREATE INDEX person_name_idx ON person (name_key);
CREATE UNIQUE INDEX person_card_idx ON person (card_number) WHERE card_number <> '';

-- The rest of form 2-KNĐ, read only with the right to the file.
CREATE TABLE person_file (
    person_id          BIGINT PRIMARY KEY REFERENCES person (id),
    other_names        TEXT NOT NULL DEFAULT '',
    birthplace         TEXT NOT NULL DEFAULT '',
    home               TEXT NOT NULL DEFAULT '',
    residence          TEXT NOT NULL DEFAULT '',
    ethnic_group       TEXT NOT NULL DEFAULT '',
    religion           TEXT NOT NULL DEFAULT '',
    occupation         TEXT NOT NULL DEFAULT '',
    schooling          TEXT NOT NULL DEFAULT '',
    expertise          TEXT NOT NULL DEFAULT '',
    degree             TEXT NOT NULL DEFAULT '',
    academic_title     TEXT NOT NULL DEFAULT '',
    theory             TEXT NOT NULL DEFAULT '',
    languages          TEXT NOT NULL DEFAULT '',
    computing          TEXT NOT NULL DEFAULT '',
    minority_languages TEXT NOT NULL DEFAULT '',
    union_joined       TEXT,
    union_place        TEXT NOT NULL DEFAULT '',
    phone              TEXT NOT NULL DEFAULT ''
);

-- Which state of membership a person has had since when, and by what.
CREATE TABLE person_status (
    id        BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    status    TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    document  TEXT NOT NULL DEFAULT '',
    reason    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX person_status_idx ON person_status (person_id, from_day);

-- In which cell a person has been, from a day to the day before to_day.
CREATE TABLE person_unit (
    id        BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    from_day  TEXT NOT NULL,
    to_day    TEXT,
    document  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX person_unit_person_idx ON person_unit (person_id, from_day);
CREATE INDEX person_unit_unit_idx ON person_unit (unit_id);

-- What lies over a state for a time (rules 2.6): exempt, away, suspended.
-- unit_id is the cell in which it counts: the host of a guest member.
CREATE TABLE person_overlay (
    id        BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    kind      TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    to_day    TEXT,
    document  TEXT NOT NULL,
    reason    TEXT NOT NULL DEFAULT '',
    version   BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX person_overlay_person_idx ON person_overlay (person_id);
CREATE INDEX person_overlay_unit_idx ON person_overlay (unit_id, kind);

-- A post that a person holds at a unit (rules 4.2). It belongs to package unit
-- and stands here because it names people.
CREATE TABLE post (
    id        BIGINT PRIMARY KEY,
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    kind      TEXT NOT NULL,
    state     TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    to_day    TEXT,
    term      TEXT NOT NULL DEFAULT '',
    decision  TEXT NOT NULL DEFAULT '',
    decided   TEXT,
    reason    TEXT NOT NULL DEFAULT '',
    version   BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX post_unit_idx ON post (unit_id, kind);
CREATE INDEX post_person_idx ON post (person_id);
