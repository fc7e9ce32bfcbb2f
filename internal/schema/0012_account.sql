-- +goose Up

-- How a person signs in. The password is empty until the invitation was
-- accepted. unit_id is where the person was last invited.
CREATE TABLE account (
    id           BIGINT PRIMARY KEY,
    person_id    BIGINT NOT NULL UNIQUE,
    unit_id      BIGINT NOT NULL REFERENCES unit (id),
    login        TEXT NOT NULL UNIQUE,
    phone        TEXT,
    email        TEXT,
    password     TEXT NOT NULL DEFAULT '',
    password_set BIGINT,
    created      BIGINT NOT NULL,
    blocked      BIGINT,
    version      BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX account_phone_idx ON account (phone) WHERE phone IS NOT NULL;
CREATE UNIQUE INDEX account_email_idx ON account (email) WHERE email IS NOT NULL;

-- The one slip of an account that is still good: a new one replaces it, and
-- using it deletes it.
CREATE TABLE account_slip (
    account_id BIGINT PRIMARY KEY REFERENCES account (id),
    token_hash TEXT NOT NULL UNIQUE,
    made_by    BIGINT,
    made       BIGINT NOT NULL,
    expires    BIGINT NOT NULL,
    renews     BOOLEAN NOT NULL -- using it removes the second factors
);

-- A device that is signed in. Ending a session deletes it.
CREATE TABLE account_session (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    token_hash TEXT NOT NULL UNIQUE,
    device     TEXT NOT NULL,
    address    TEXT NOT NULL,
    started    BIGINT NOT NULL,
    seen       BIGINT NOT NULL,
    idle       BIGINT NOT NULL, -- how long it lives unused, in milliseconds
    expires    BIGINT NOT NULL,
    own        BOOLEAN NOT NULL, -- nobody else uses the device
    strong     BOOLEAN NOT NULL, -- a second factor was shown
    half       BOOLEAN NOT NULL, -- the second factor is still to be shown
    proved     BIGINT,           -- when a password or a passkey was last shown
    how        TEXT NOT NULL
);
CREATE INDEX account_session_account_idx ON account_session (account_id);

-- Tries to sign in, by login and by address, both as keyed digests: what is
-- typed into the wrong field may be a password.
CREATE TABLE account_attempt (
    subject  TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last     BIGINT NOT NULL
);
CREATE INDEX account_attempt_last_idx ON account_attempt (last);

-- A notice in a person's inbox. key and args become a sentence where it is
-- shown.
CREATE TABLE notice (
    id        BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL,
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    key       TEXT NOT NULL,
    args      TEXT NOT NULL,
    link      TEXT NOT NULL,
    sent_by   BIGINT,
    sent      BIGINT NOT NULL,
    seen      BIGINT
);
CREATE INDEX notice_person_idx ON notice (person_id, id);
CREATE INDEX notice_unread_idx ON notice (person_id) WHERE seen IS NULL;
