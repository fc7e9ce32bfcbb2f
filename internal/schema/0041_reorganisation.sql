-- +goose Up

-- What a unit was called and of which kind and level it was until a day. The
-- row of the unit holds what it is today (rules 1.3).
CREATE TABLE unit_former (
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    until_day TEXT NOT NULL,
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    level     TEXT NOT NULL,
    cell_type TEXT NOT NULL DEFAULT '',
    decision  TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (unit_id, until_day)
);
CREATE INDEX unit_former_until_idx ON unit_former (until_day);

-- A plan to found, merge, split, hand over and end organisations: one decision,
-- carried out at once (rules 3.2 to 3.6). unit_id is the body that decides.
CREATE TABLE reorganisation (
    id            BIGINT PRIMARY KEY,
    unit_id       BIGINT NOT NULL REFERENCES unit (id),
    state         TEXT NOT NULL,
    title         TEXT NOT NULL,
    reason        TEXT NOT NULL DEFAULT '',
    issuer        TEXT NOT NULL DEFAULT '', -- '' is the deciding body itself
    number        TEXT NOT NULL DEFAULT '', -- of the decision, as written
    decided       TEXT,
    effective     TEXT,
    created       BIGINT NOT NULL,
    created_by    BIGINT,
    applied       BIGINT,
    applied_by    BIGINT,
    taken_back    BIGINT,
    taken_back_by BIGINT,
    back_reason   TEXT NOT NULL DEFAULT '',
    version       BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX reorganisation_unit_idx ON reorganisation (unit_id, id);

-- One change of one organisation. A unit that the plan founds has its id from
-- the draft on, so that other steps can name it; it is in no tree until then.
CREATE TABLE reorganisation_step (
    id            BIGINT PRIMARY KEY,
    plan_id       BIGINT NOT NULL REFERENCES reorganisation (id),
    kind          TEXT NOT NULL,
    unit_id       BIGINT NOT NULL,
    to_id         BIGINT,  -- the new parent, or where those go who have no place of their own
    stays         BOOLEAN NOT NULL DEFAULT FALSE, -- a divided unit that goes on
    hand_meetings BOOLEAN NOT NULL DEFAULT FALSE, -- planned meetings go to to_id
    acceptance    TEXT NOT NULL DEFAULT '',       -- the receiving side's decision (rules 3.6)
    accepted      TEXT,
    code          TEXT NOT NULL DEFAULT '',
    name          TEXT NOT NULL DEFAULT '',
    unit_kind     TEXT NOT NULL DEFAULT '',
    level         TEXT NOT NULL DEFAULT '',
    cell_type     TEXT NOT NULL DEFAULT '',
    block         TEXT NOT NULL DEFAULT '',
    areas         TEXT NOT NULL DEFAULT '',
    place_code    TEXT NOT NULL DEFAULT '',
    address       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX reorganisation_step_plan_idx ON reorganisation_step (plan_id, id);
CREATE INDEX reorganisation_step_unit_idx ON reorganisation_step (unit_id);

-- Where a person goes who was given a place of their own.
CREATE TABLE reorganisation_destination (
    plan_id   BIGINT NOT NULL REFERENCES reorganisation (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    to_id     BIGINT NOT NULL,
    PRIMARY KEY (plan_id, person_id)
);
CREATE INDEX reorganisation_destination_person_idx ON reorganisation_destination (person_id);

-- Posts that the decision gives (rules 3.2: the first committee is appointed).
CREATE TABLE reorganisation_post (
    id        BIGINT PRIMARY KEY,
    plan_id   BIGINT NOT NULL REFERENCES reorganisation (id),
    unit_id   BIGINT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES person (id),
    kind      TEXT NOT NULL
);
CREATE INDEX reorganisation_post_plan_idx ON reorganisation_post (plan_id, id);
CREATE INDEX reorganisation_post_person_idx ON reorganisation_post (person_id);

-- The collective transfer of each person, in place of letters (rules 3.6).
CREATE TABLE reorganisation_transfer (
    plan_id   BIGINT NOT NULL REFERENCES reorganisation (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    from_id   BIGINT NOT NULL,
    to_id     BIGINT NOT NULL,
    PRIMARY KEY (plan_id, person_id)
);
CREATE INDEX reorganisation_transfer_person_idx ON reorganisation_transfer (person_id);

-- What the plan did, in order, with what was there before: taking it back goes
-- through it from the end.
CREATE TABLE reorganisation_effect (
    plan_id BIGINT NOT NULL REFERENCES reorganisation (id),
    place   INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    was     TEXT NOT NULL,
    PRIMARY KEY (plan_id, place)
);
