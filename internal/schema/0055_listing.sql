-- +goose Up

-- Indexes that answer the first page of a list by themselves: which rows those
-- are is found without fetching any other row. Where a part of the tree is small,
-- they give the rows of each of its units; where it is large, the rows of the
-- whole country in the order of the list, each with its unit.

-- Members, and names that are looked for among the people of some units.
DROP INDEX person_unit_idx;
CREATE INDEX person_unit_list_idx ON person (unit_id, name_key, id, status, folded);
DROP INDEX person_name_idx;
CREATE INDEX person_name_list_idx ON person (name_key, id, unit_id, status);

-- Names in a large part of the tree. PostgreSQL answers from an index of an
-- expression only if the column in it is there as well.
DROP INDEX person_given_idx;
CREATE INDEX person_given_list_idx ON person ((replace(folded, rtrim(folded, replace(folded, ' ', '')), '') || ' ' || folded), id, unit_id, status, folded);
DROP INDEX person_folded_idx;
CREATE INDEX person_folded_list_idx ON person (folded, id, unit_id, status);

-- Meetings, newest first.
DROP INDEX meeting_unit_idx;
CREATE INDEX meeting_unit_list_idx ON meeting (unit_id, starts, id);
DROP INDEX meeting_starts_idx;
CREATE INDEX meeting_list_idx ON meeting (starts, id, unit_id);

-- Open tasks by their day.
DROP INDEX task_unit_open_idx;
CREATE INDEX task_unit_open_list_idx ON task (unit_id, due, id) WHERE state IN ('assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over', 'reported');
DROP INDEX task_open_idx;
CREATE INDEX task_open_list_idx ON task (due, id, unit_id) WHERE state IN ('assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over', 'reported');

-- Resolutions, the last adopted first.
CREATE INDEX resolution_unit_list_idx ON resolution (unit_id, adopted, id) WHERE state IN ('adopted', 'issued');
DROP INDEX resolution_adopted_idx;
CREATE INDEX resolution_list_idx ON resolution (adopted, id, unit_id) WHERE state IN ('adopted', 'issued');
