-- +goose Up

-- Backups that were tried, the newest first on the page of the administrator.
CREATE TABLE backup_run (
    id      BIGINT PRIMARY KEY,
    at      BIGINT NOT NULL,
    took    BIGINT NOT NULL, -- milliseconds
    place   TEXT NOT NULL,
    size    BIGINT NOT NULL, -- bytes; 0 when it failed
    records BIGINT NOT NULL,
    failure TEXT NOT NULL DEFAULT '' -- of the backup or of the drill that restores it
);
CREATE INDEX backup_run_at_idx ON backup_run (at);
