-- +goose Up

-- When something begins that nobody expects: a notice of it waits for no quiet
-- hours and no digest.
ALTER TABLE notice ADD COLUMN sudden BIGINT;
CREATE INDEX notice_link_idx ON notice (link);

-- Where a person wants to be written to: an e-mail address, a telephone. It is
-- used once it was confirmed by the code sent there. The code itself is made
-- of the nonce and the database's secret.
CREATE TABLE delivery_address (
    person_id BIGINT NOT NULL,
    channel   TEXT NOT NULL,
    address   TEXT NOT NULL,
    confirmed BIGINT,
    nonce     TEXT NOT NULL,
    expires   BIGINT NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, channel)
);

-- When codes were asked for, to limit them.
CREATE TABLE delivery_code (
    id        BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL,
    address   TEXT NOT NULL,
    at        BIGINT NOT NULL
);
CREATE INDEX delivery_code_person_idx ON delivery_code (person_id, at);
CREATE INDEX delivery_code_address_idx ON delivery_code (address, at);

-- A browser that takes push messages, as long as its session lasts.
CREATE TABLE delivery_device (
    id         BIGINT PRIMARY KEY,
    person_id  BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    endpoint   TEXT NOT NULL UNIQUE,
    p256dh     TEXT NOT NULL,
    auth       TEXT NOT NULL,
    name       TEXT NOT NULL,
    added      BIGINT NOT NULL
);
CREATE INDEX delivery_device_person_idx ON delivery_device (person_id);

-- How a person wants to be told: when, and not in which minutes of the day.
CREATE TABLE delivery_choice (
    person_id  BIGINT PRIMARY KEY,
    digest     TEXT NOT NULL,
    quiet_from INTEGER NOT NULL,
    quiet_to   INTEGER NOT NULL,
    version    BIGINT NOT NULL
);

-- Which kinds a person wants through which channel, once they have chosen.
CREATE TABLE delivery_wish (
    person_id BIGINT NOT NULL,
    kind      TEXT NOT NULL,
    channel   TEXT NOT NULL,
    wanted    BOOLEAN NOT NULL,
    PRIMARY KEY (person_id, kind, channel)
);

-- One message that leaves the program: to one person through one channel.
CREATE TABLE delivery_letter (
    id        BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL,
    unit_id   BIGINT NOT NULL REFERENCES unit (id),
    channel   TEXT NOT NULL,
    made      BIGINT NOT NULL,
    state     TEXT NOT NULL,
    settled   BIGINT,
    failure   TEXT NOT NULL DEFAULT '',
    job_id    BIGINT
);
CREATE INDEX delivery_letter_failed_idx ON delivery_letter (id) WHERE state = 'failed';

-- A notice that is to leave through a channel, and the letter that takes it.
CREATE TABLE delivery (
    notice_id BIGINT NOT NULL,
    channel   TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    due       BIGINT NOT NULL,
    letter_id BIGINT REFERENCES delivery_letter (id),
    PRIMARY KEY (notice_id, channel)
);
CREATE INDEX delivery_waiting_idx ON delivery (person_id, channel, due) WHERE letter_id IS NULL;
CREATE INDEX delivery_of_letter_idx ON delivery (letter_id);

-- The private address of a person's calendar; the token is made of the nonce.
CREATE TABLE delivery_calendar (
    person_id  BIGINT PRIMARY KEY,
    nonce      TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    made       BIGINT NOT NULL
);

-- The gateway for text messages, and other secrets of the program, sealed.
CREATE TABLE delivery_gateway (
    id      BIGINT PRIMARY KEY,
    url     TEXT NOT NULL,
    secret  TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE delivery_key (
    name   TEXT PRIMARY KEY,
    public TEXT NOT NULL,
    sealed TEXT NOT NULL
);
