-- +goose Up

-- The last number given to a type of document in one term of a committee
-- (rules 26.2). The row is what two writers of one number meet at.
CREATE TABLE number_series (
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    document  TEXT NOT NULL,
    term_from TEXT NOT NULL,
    last      BIGINT NOT NULL,
    PRIMARY KEY (unit_id, document, term_from)
);

-- The register: which number stands on which record.
CREATE TABLE number_given (
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    document  TEXT NOT NULL,
    term_from TEXT NOT NULL,
    number    BIGINT NOT NULL,
    symbol    TEXT NOT NULL,
    day       TEXT NOT NULL,
    noun      TEXT NOT NULL,
    noun_id   BIGINT NOT NULL,
    PRIMARY KEY (unit_id, document, term_from, number),
    UNIQUE (noun, noun_id, document)
);

-- What an organisation resolved. What is known only once it is adopted or
-- issued is NULL or empty until then.
CREATE TABLE resolution (
    id           BIGINT PRIMARY KEY,
    unit_id      BIGINT NOT NULL REFERENCES unit (id),
    kind         TEXT NOT NULL,
    state        TEXT NOT NULL,
    meeting_id   BIGINT NOT NULL REFERENCES meeting (id),
    title        TEXT NOT NULL,
    period_from  TEXT NOT NULL,
    period_to    TEXT NOT NULL,
    vote_id      BIGINT REFERENCES meeting_vote (id),
    adopted      BIGINT,
    number       BIGINT,
    symbol       TEXT NOT NULL DEFAULT '',
    issued_day   TEXT,
    place        TEXT NOT NULL DEFAULT '',
    signing      TEXT NOT NULL DEFAULT '', -- T/M CHI BỘ
    signer_id    BIGINT,
    signer_title TEXT NOT NULL DEFAULT '',
    signer_name  TEXT NOT NULL DEFAULT '',
    pack_id      TEXT NOT NULL DEFAULT '',
    pack_hash    TEXT NOT NULL DEFAULT '',
    reason       TEXT NOT NULL DEFAULT '', -- why it was discarded
    edition      INTEGER NOT NULL DEFAULT 1,
    created      BIGINT NOT NULL,
    version      BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX resolution_unit_idx ON resolution (unit_id, period_from);
CREATE INDEX resolution_meeting_idx ON resolution (meeting_id);
CREATE UNIQUE INDEX resolution_monthly_idx ON resolution (meeting_id) WHERE kind = 'monthly' AND state <> 'discarded';

-- A part of the text that people write.
CREATE TABLE resolution_section (
    resolution_id BIGINT NOT NULL REFERENCES resolution (id),
    section       TEXT NOT NULL,
    body          TEXT NOT NULL,
    version       BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (resolution_id, section)
);

-- The whole text as it was adopted and as it was issued: what happens to its
-- tasks afterwards does not change it. What was put right later is a further
-- edition, with its reason.
CREATE TABLE resolution_text (
    resolution_id BIGINT NOT NULL REFERENCES resolution (id),
    edition       INTEGER NOT NULL DEFAULT 1,
    state         TEXT NOT NULL,
    at            BIGINT NOT NULL,
    person_id     BIGINT,
    reason        TEXT NOT NULL DEFAULT '',
    content       TEXT NOT NULL,
    PRIMARY KEY (resolution_id, edition, state)
);

-- Something to be done by somebody until a day. A line of a resolution that is
-- still a draft may lack both.
CREATE TABLE task (
    id             BIGINT PRIMARY KEY,
    unit_id        BIGINT NOT NULL REFERENCES unit (id),
    resolution_id  BIGINT REFERENCES resolution (id),
    meeting_id     BIGINT REFERENCES meeting (id),
    predecessor_id BIGINT UNIQUE REFERENCES task (id),
    position       INTEGER NOT NULL DEFAULT 0,
    title          TEXT NOT NULL,
    detail         TEXT NOT NULL DEFAULT '',
    area           TEXT NOT NULL DEFAULT '',
    person_id      BIGINT,
    group_id       BIGINT REFERENCES party_group (id),
    body           TEXT NOT NULL DEFAULT '', -- a mass organisation by its name
    handed_to_id   BIGINT,
    state          TEXT NOT NULL,
    due            TEXT,
    original_due   TEXT,
    measure        TEXT NOT NULL DEFAULT '', -- what is counted: hộ, ha, km
    planned        BIGINT NOT NULL DEFAULT 0,
    carried        BIGINT NOT NULL DEFAULT 0,
    done           BIGINT NOT NULL DEFAULT 0,
    percent        INTEGER NOT NULL DEFAULT 0,
    result         TEXT NOT NULL DEFAULT '',
    late_reason    TEXT NOT NULL DEFAULT '',
    reported_day   TEXT,
    reported_by    BIGINT,
    outcome        TEXT NOT NULL DEFAULT '',
    judgement      TEXT NOT NULL DEFAULT '', -- what was said to the outcome
    ended_day      TEXT, -- assessed or withdrawn
    ended_by       BIGINT,
    assigned_day   TEXT,
    assigned_by    BIGINT,
    version        BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX task_unit_idx ON task (unit_id, due);
CREATE INDEX task_person_idx ON task (person_id);
CREATE INDEX task_handed_idx ON task (handed_to_id);
CREATE INDEX task_group_idx ON task (group_id);
CREATE INDEX task_resolution_idx ON task (resolution_id, position);

-- What happened to a task, in order. for_person_id is the member on whose
-- behalf somebody else wrote.
CREATE TABLE task_step (
    id            BIGINT PRIMARY KEY,
    task_id       BIGINT NOT NULL REFERENCES task (id),
    at            BIGINT NOT NULL,
    person_id     BIGINT,
    for_person_id BIGINT,
    verb          TEXT NOT NULL,
    from_state    TEXT NOT NULL,
    to_state      TEXT NOT NULL,
    note          TEXT NOT NULL DEFAULT '',
    percent       INTEGER NOT NULL DEFAULT 0,
    done          BIGINT NOT NULL DEFAULT 0,
    due           TEXT
);
CREATE INDEX task_step_task_idx ON task_step (task_id, id);

-- Which tasks a meeting has before it in its first table. day is the day of the
-- meeting.
CREATE TABLE task_review (
    meeting_id BIGINT NOT NULL REFERENCES meeting (id),
    task_id    BIGINT NOT NULL REFERENCES task (id),
    unit_id    BIGINT NOT NULL REFERENCES unit (id),
    day        TEXT NOT NULL,
    PRIMARY KEY (meeting_id, task_id)
);
CREATE INDEX task_review_task_idx ON task_review (task_id);
CREATE INDEX task_review_unit_idx ON task_review (unit_id, day);
