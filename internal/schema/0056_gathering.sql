-- +goose Up

-- The units of a part of the tree, gathered without fetching them.
CREATE INDEX unit_list_idx ON unit (path, id);
