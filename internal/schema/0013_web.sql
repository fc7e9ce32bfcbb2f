-- +goose Up

-- Forms that were accepted, by the token that each carries: one that arrives
-- a second time is answered like the first.
CREATE TABLE sent_form (
    token     TEXT PRIMARY KEY,
    person_id BIGINT NOT NULL,
    location  TEXT NOT NULL,
    done      TEXT NOT NULL,
    at        BIGINT NOT NULL
);
CREATE INDEX sent_form_at_idx ON sent_form (at);
