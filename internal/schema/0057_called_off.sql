-- +goose Up

-- The one monthly meeting of a unit is found by a column that only its calling
-- off changes. The state stood in the index before, so that on PostgreSQL every
-- step of a meeting wrote all its indexes anew, into the pages that those who
-- close theirs at the same hour have read, and one of them began anew.
ALTER TABLE meeting ADD COLUMN called_off BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE meeting SET called_off = TRUE WHERE state = 'cancelled';
DROP INDEX meeting_regular_idx;
CREATE UNIQUE INDEX meeting_monthly_idx ON meeting (unit_id, month)
    WHERE kind IN ('regular', 'combined') AND called_off = FALSE;
