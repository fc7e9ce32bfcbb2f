-- +goose Up

-- A token with which a program acts for a person, as a keyed digest. Revoking
-- deletes it; unit_id is empty where it reaches as far as its owner does.
CREATE TABLE api_token (
    id         BIGINT PRIMARY KEY,
    person_id  BIGINT NOT NULL,
    name       TEXT NOT NULL,
    prefix     TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    writes     BOOLEAN NOT NULL,
    unit_id    BIGINT REFERENCES unit (id),
    made       BIGINT NOT NULL,
    expires    BIGINT NOT NULL,
    used       BIGINT,
    address    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX api_token_person_idx ON api_token (person_id);
CREATE INDEX api_token_expires_idx ON api_token (expires);
