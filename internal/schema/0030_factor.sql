-- +goose Up

-- Who a person is at another system that vouches for them (OpenID Connect).
CREATE TABLE account_identity (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    issuer     TEXT NOT NULL,
    subject    TEXT NOT NULL,
    name       TEXT NOT NULL,
    linked     BIGINT NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX account_identity_account_idx ON account_identity (account_id);

-- The clock that makes a person's six digits. The secret is sealed with a key
-- that is not in the database; last_step is the newest step that was used, so
-- that no code serves twice.
CREATE TABLE account_totp (
    account_id BIGINT PRIMARY KEY REFERENCES account (id),
    secret     TEXT NOT NULL,
    last_step  BIGINT NOT NULL,
    added      BIGINT NOT NULL
);

-- A key that a device keeps and opens for its owner's finger, face or PIN.
-- credential is what the library knows of it; none of it is secret.
CREATE TABLE account_passkey (
    id            BIGINT PRIMARY KEY,
    account_id    BIGINT NOT NULL REFERENCES account (id),
    credential_id TEXT NOT NULL UNIQUE,
    credential    TEXT NOT NULL,
    name          TEXT NOT NULL,
    added         BIGINT NOT NULL,
    used          BIGINT
);
CREATE INDEX account_passkey_account_idx ON account_passkey (account_id);

-- Challenges that were answered: none is answered twice.
CREATE TABLE account_challenge (
    challenge TEXT PRIMARY KEY,
    expires   BIGINT NOT NULL
);

-- Codes on paper, for whoever lost the second factor. All codes of one set are
-- digested with the same salt, so that one digest finds the code.
CREATE TABLE account_recovery (
    account_id BIGINT NOT NULL REFERENCES account (id),
    code_hash  TEXT NOT NULL,
    salt       TEXT NOT NULL,
    made       BIGINT NOT NULL,
    used       BIGINT,
    PRIMARY KEY (account_id, code_hash)
);

-- A PIN with which a person comes back on a device that several people share.
-- It is worth nothing without the device's token, of which this is the digest.
CREATE TABLE account_pin (
    id          BIGINT PRIMARY KEY,
    account_id  BIGINT NOT NULL REFERENCES account (id),
    device_hash TEXT NOT NULL,
    pin         TEXT NOT NULL,
    failures    INTEGER NOT NULL DEFAULT 0,
    strong      BOOLEAN NOT NULL, -- set by whoever had shown a second factor
    added       BIGINT NOT NULL,
    expires     BIGINT NOT NULL,
    UNIQUE (device_hash, account_id)
);
CREATE INDEX account_pin_account_idx ON account_pin (account_id);

-- Tries to sign in, good and failed, as the person is shown them. One of an
-- unknown login has no account; it is written so that both take alike.
CREATE TABLE account_entry (
    id         BIGINT PRIMARY KEY,
    account_id BIGINT REFERENCES account (id),
    how        TEXT NOT NULL,
    outcome    TEXT NOT NULL, -- failed, half (the second factor was still to come) or good
    device     TEXT NOT NULL,
    address    TEXT NOT NULL,
    at         BIGINT NOT NULL
);
CREATE INDEX account_entry_account_idx ON account_entry (account_id, id);
CREATE INDEX account_entry_at_idx ON account_entry (at);
