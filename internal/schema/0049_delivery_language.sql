-- +goose Up

-- The language of what leaves the program for a person, once they have chosen.
CREATE TABLE delivery_language (
    person_id BIGINT PRIMARY KEY,
    language  TEXT NOT NULL
);
