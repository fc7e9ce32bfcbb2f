-- +goose Up

-- Reports that wait for an answer, the oldest first, each with its unit: which of
-- them lie below a province is found without fetching a meeting.
DROP INDEX meeting_waiting_idx;
CREATE INDEX meeting_waiting_list_idx ON meeting (reported, id, unit_id) WHERE reported IS NOT NULL AND answer = '';
