-- +goose Up

-- A meeting of a cell, a committee or a party group (rules 22). month is the
-- month that a meeting is held for, 'YYYY-MM', and stays when it is postponed.
CREATE TABLE meeting (
    id              BIGINT PRIMARY KEY,
    unit_id         BIGINT NOT NULL REFERENCES unit (id),
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL,
    month           TEXT NOT NULL,
    starts          BIGINT NOT NULL,
    minutes         INTEGER NOT NULL,
    mode            TEXT NOT NULL,
    mode_reason     TEXT NOT NULL DEFAULT '',
    place           TEXT NOT NULL DEFAULT '',
    topic           TEXT NOT NULL DEFAULT '',
    topic_key       TEXT NOT NULL DEFAULT '', -- of the pack's topic list; '' is the cell's own
    day_reason      TEXT NOT NULL DEFAULT '', -- why not on the day of the pack
    group_id        BIGINT,
    chair_id        BIGINT,
    minute_taker_id BIGINT,
    prepared        BIGINT,
    announced       BIGINT,
    docs_posted     BIGINT,
    opened          BIGINT,
    closed          BIGINT,
    minuted         BIGINT,
    published       BIGINT,
    publish_by      TEXT,
    scored          BIGINT,
    reported        BIGINT,
    answered        BIGINT,                   -- the office above acknowledged or sent back
    answer          TEXT NOT NULL DEFAULT '', -- acknowledged, sent_back
    answer_reason   TEXT NOT NULL DEFAULT '',
    stop_reason     TEXT NOT NULL DEFAULT '', -- why postponed or cancelled
    postponed       INTEGER NOT NULL DEFAULT 0,
    code_salt       TEXT NOT NULL DEFAULT '', -- the check-in code is made of it
    pack_id         TEXT NOT NULL,
    pack_hash       TEXT NOT NULL,
    version         BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX meeting_unit_idx ON meeting (unit_id, starts);
CREATE INDEX meeting_month_idx ON meeting (month, unit_id);
CREATE INDEX meeting_starts_idx ON meeting (starts);
-- One regular meeting for each cell and month; a combined one counts as it.
CREATE UNIQUE INDEX meeting_regular_idx ON meeting (unit_id, month)
    WHERE kind IN ('regular', 'combined') AND state <> 'cancelled';

-- Every time a meeting was put off (S-51).
CREATE TABLE meeting_move (
    id         BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meeting (id),
    was        BIGINT NOT NULL,
    becomes    BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    at         BIGINT NOT NULL,
    person_id  BIGINT
);
CREATE INDEX meeting_move_meeting_idx ON meeting_move (meeting_id);

-- What the cell reported upwards and what the office above answered.
CREATE TABLE meeting_answer (
    id         BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meeting (id),
    step       TEXT NOT NULL, -- reported, acknowledged, sent_back
    reason     TEXT NOT NULL DEFAULT '',
    at         BIGINT NOT NULL,
    person_id  BIGINT
);
CREATE INDEX meeting_answer_meeting_idx ON meeting_answer (meeting_id);

-- A line of the agenda. used is what the timer has counted, without the
-- stretch that runs since running.
CREATE TABLE meeting_item (
    id           BIGINT PRIMARY KEY,
    meeting_id   BIGINT NOT NULL REFERENCES meeting (id),
    place        INTEGER NOT NULL,
    slot         TEXT NOT NULL DEFAULT '', -- the item's id in the pack; '' was added by hand
    kind         TEXT NOT NULL,
    phase        TEXT NOT NULL DEFAULT '',
    title        TEXT NOT NULL,
    headings     TEXT NOT NULL DEFAULT '', -- one a line, each after '+' (dealt with) or '-'
    note         TEXT NOT NULL DEFAULT '',
    who          TEXT NOT NULL DEFAULT '', -- the role that presents it
    presenter_id BIGINT,
    minutes      INTEGER NOT NULL DEFAULT 0,
    optional     BOOLEAN NOT NULL DEFAULT FALSE,
    rota         BOOLEAN NOT NULL DEFAULT FALSE, -- the presenter rotates among members
    started      BIGINT,
    running      BIGINT,
    used         BIGINT NOT NULL DEFAULT 0, -- milliseconds
    finished     BIGINT,
    skip_reason  TEXT NOT NULL DEFAULT '',
    version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX meeting_item_meeting_idx ON meeting_item (meeting_id, place);

-- A step from preparation to report, copied from the pack when the meeting was
-- planned. A step with a proof is done when the records say so, whatever is
-- stored here.
CREATE TABLE meeting_step (
    id          BIGINT PRIMARY KEY,
    meeting_id  BIGINT NOT NULL REFERENCES meeting (id),
    place       INTEGER NOT NULL,
    slot        TEXT NOT NULL,
    phase       TEXT NOT NULL,
    title       TEXT NOT NULL,
    hint        TEXT NOT NULL DEFAULT '',
    who         TEXT NOT NULL,     -- roles, the usual one first
    person_id   BIGINT,
    due         INTEGER NOT NULL,  -- days from the day of the meeting
    optional    BOOLEAN NOT NULL DEFAULT FALSE,
    proof       TEXT NOT NULL DEFAULT '',
    proof_label TEXT NOT NULL DEFAULT '',
    note        TEXT NOT NULL DEFAULT '',
    done        BIGINT,
    done_by     BIGINT,
    by_record   BOOLEAN NOT NULL DEFAULT FALSE, -- a record of another package, not a person
    version     BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX meeting_step_meeting_idx ON meeting_step (meeting_id, place);
CREATE INDEX meeting_step_person_idx ON meeting_step (person_id) WHERE done IS NULL;

-- Who was told of the meeting, and how.
CREATE TABLE meeting_told (
    meeting_id BIGINT NOT NULL REFERENCES meeting (id),
    person_id  BIGINT NOT NULL,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    above      BOOLEAN NOT NULL DEFAULT FALSE, -- follows the cell for the committee above
    channel    TEXT NOT NULL DEFAULT '',       -- in_app, sheet, word; '' is not yet told
    at         BIGINT,
    person_by  BIGINT,
    PRIMARY KEY (meeting_id, person_id)
);

-- The roll: one row for each member, as they stood when the meeting opened.
CREATE TABLE meeting_roll (
    meeting_id BIGINT NOT NULL REFERENCES meeting (id),
    person_id  BIGINT NOT NULL,
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    status     TEXT NOT NULL,
    overlays   TEXT NOT NULL DEFAULT '',
    group_id   BIGINT,
    expected   BOOLEAN NOT NULL, -- even if not present
    votes      BOOLEAN NOT NULL, -- if present
    mark       TEXT NOT NULL DEFAULT '', -- present, excused, absent; '' is not yet marked
    mode       TEXT NOT NULL DEFAULT '', -- in_person, online
    reason     TEXT NOT NULL DEFAULT '',
    arrived    BIGINT,
    how        TEXT NOT NULL DEFAULT '', -- by the minute-taker, by the member, from paper
    marked     BIGINT,
    marked_by  BIGINT,
    PRIMARY KEY (meeting_id, person_id)
);
CREATE INDEX meeting_roll_person_idx ON meeting_roll (person_id, meeting_id);

-- Wrong check-in codes of a person.
CREATE TABLE meeting_try (
    meeting_id BIGINT NOT NULL REFERENCES meeting (id),
    person_id  BIGINT NOT NULL,
    wrong      INTEGER NOT NULL,
    last       BIGINT NOT NULL,
    PRIMARY KEY (meeting_id, person_id)
);

CREATE TABLE meeting_guest (
    id         BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meeting (id),
    person_id  BIGINT,
    name       TEXT NOT NULL,
    office     TEXT NOT NULL DEFAULT '',
    reason     TEXT NOT NULL DEFAULT '',
    above      BOOLEAN NOT NULL DEFAULT FALSE,
    at         BIGINT NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX meeting_guest_meeting_idx ON meeting_guest (meeting_id);

-- What somebody said. The speaker is a member of the roll or a guest.
CREATE TABLE meeting_opinion (
    id         BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meeting (id),
    item_id    BIGINT REFERENCES meeting_item (id),
    person_id  BIGINT,
    guest_id   BIGINT REFERENCES meeting_guest (id),
    text       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX meeting_opinion_meeting_idx ON meeting_opinion (meeting_id);

-- Praise, reminder, criticism, self-criticism (S-44): sensitive, kept apart.
CREATE TABLE meeting_criticism (
    id         BIGINT PRIMARY KEY,
    meeting_id BIGINT NOT NULL REFERENCES meeting (id),
    item_id    BIGINT REFERENCES meeting_item (id),
    kind       TEXT NOT NULL,
    author_id  BIGINT,
    about_id   BIGINT,                   -- the person; none is a collective
    about      TEXT NOT NULL DEFAULT '', -- the collective
    text       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    reply      TEXT NOT NULL DEFAULT '',
    replied    BIGINT,
    replied_by BIGINT,
    version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX meeting_criticism_meeting_idx ON meeting_criticism (meeting_id);

-- A vote, with the base it was counted against (rules 2.3). A vote is never
-- changed: a correction is a new one that supersedes it.
CREATE TABLE meeting_vote (
    id            BIGINT PRIMARY KEY,
    meeting_id    BIGINT NOT NULL REFERENCES meeting (id),
    item_id       BIGINT REFERENCES meeting_item (id),
    matter        TEXT NOT NULL,
    body          TEXT NOT NULL,
    title         TEXT NOT NULL,
    noun          TEXT NOT NULL DEFAULT '', -- the record voted on, if there is one
    noun_id       BIGINT,
    form          TEXT NOT NULL,
    called        BIGINT NOT NULL,
    called_by     BIGINT,
    recorded      BIGINT,
    recorded_by   BIGINT,
    base_id       TEXT NOT NULL,              -- MEMBERS, COMMITTEE
    listed        INTEGER NOT NULL DEFAULT 0, -- before the deductions
    base          INTEGER NOT NULL DEFAULT 0,
    voters        INTEGER NOT NULL DEFAULT 0, -- entitled and in the room
    issued        INTEGER NOT NULL DEFAULT 0,
    collected     INTEGER NOT NULL DEFAULT 0,
    yes           INTEGER NOT NULL DEFAULT 0,
    no            INTEGER NOT NULL DEFAULT 0,
    other         INTEGER NOT NULL DEFAULT 0,
    invalid       INTEGER NOT NULL DEFAULT 0,
    numerator     INTEGER NOT NULL,
    denominator   INTEGER NOT NULL,
    strict        BOOLEAN NOT NULL, -- more than the share, not at least
    share         TEXT NOT NULL,    -- the share in words
    passed        BOOLEAN NOT NULL DEFAULT FALSE,
    tellers       TEXT NOT NULL DEFAULT '',
    supersedes_id BIGINT REFERENCES meeting_vote (id),
    superseded    BIGINT,
    reason        TEXT NOT NULL DEFAULT '', -- of the correction
    pack_id       TEXT NOT NULL,
    pack_hash     TEXT NOT NULL,
    version       BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX meeting_vote_meeting_idx ON meeting_vote (meeting_id);
CREATE INDEX meeting_vote_noun_idx ON meeting_vote (noun, noun_id);
CREATE UNIQUE INDEX meeting_vote_supersedes_idx ON meeting_vote (supersedes_id);

-- What was taken from the base of a vote, and why.
CREATE TABLE meeting_deduction (
    vote_id  BIGINT NOT NULL REFERENCES meeting_vote (id),
    place    INTEGER NOT NULL,
    slot     TEXT NOT NULL,
    label    TEXT NOT NULL,
    number   INTEGER NOT NULL,
    PRIMARY KEY (vote_id, place)
);

-- The opinion of a minority, kept on request (S-45).
CREATE TABLE meeting_minority (
    id        BIGINT PRIMARY KEY,
    vote_id   BIGINT NOT NULL REFERENCES meeting_vote (id),
    person_id BIGINT NOT NULL,
    text      TEXT NOT NULL,
    at        BIGINT NOT NULL
);
CREATE INDEX meeting_minority_vote_idx ON meeting_minority (vote_id);
