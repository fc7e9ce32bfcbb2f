-- +goose Up

-- The cells of the table watch that lie below a unit, added up: how many they
-- are, what their signs are about, and which are the heaviest. The job that looks
-- at the cells writes here, so that no page goes through the list of the country.
CREATE TABLE watch_unit (
    unit_id  BIGINT PRIMARY KEY,
    cells    BIGINT NOT NULL,
    signs    TEXT NOT NULL, -- how many cells show each kind, as JSON
    heaviest TEXT NOT NULL  -- ids of cells, the heaviest first
);
UPDATE watch_cursor SET day = ''; -- the list is drawn up anew, with its sums

-- Open plans of consolidation are counted from now on: where there are any, the
-- figures begin anew with the records.
DELETE FROM tally_cursor WHERE EXISTS (SELECT 1 FROM consolidation);

-- Open tasks by their day: of a wide part of the tree from the first on, and of
-- each of its units.
CREATE INDEX task_open_idx ON task (due, id) WHERE state IN ('assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over', 'reported');
CREATE INDEX task_unit_open_idx ON task (unit_id, due) WHERE state IN ('assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over', 'reported');

-- Reports that wait for an answer, the oldest first.
CREATE INDEX meeting_waiting_idx ON meeting (reported, id) WHERE reported IS NOT NULL AND answer = '';

-- Resolutions in the order in which they were adopted, the last first.
CREATE INDEX resolution_adopted_idx ON resolution (adopted, id) WHERE state IN ('adopted', 'issued');
