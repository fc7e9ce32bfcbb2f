-- +goose Up

-- What an agenda says beside its template, which the table of the levels above
-- compares month by month (S-38).
CREATE INDEX meeting_item_own_idx ON meeting_item (meeting_id) WHERE slot = '' OR note <> '';
