-- +goose Up

-- What a request was answered with, for a day, so that it may be sent again. The
-- key is kept as a digest; the answer is locked with the key itself.
CREATE TABLE api_reply (
    person_id BIGINT NOT NULL,
    key       TEXT NOT NULL,
    digest    TEXT NOT NULL,
    answer    TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (person_id, key)
);
CREATE INDEX api_reply_at_idx ON api_reply (at);

-- A system outside that is told what happens in a part of the tree. position is
-- the last entry of the journal that it has taken; the secret is locked.
CREATE TABLE hook (
    id         BIGINT PRIMARY KEY,
    unit_id    BIGINT NOT NULL REFERENCES unit (id),
    address    TEXT NOT NULL,
    secret     TEXT NOT NULL,
    nouns      TEXT NOT NULL, -- separated by blanks; '' is all
    active     BOOLEAN NOT NULL,
    position   BIGINT NOT NULL,
    failures   INTEGER NOT NULL DEFAULT 0,
    failure    TEXT NOT NULL DEFAULT '', -- what went wrong last
    next_try   BIGINT NOT NULL,
    created    BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX hook_next_idx ON hook (next_try);
CREATE INDEX hook_unit_idx ON hook (unit_id);
