-- +goose Up

-- What was seen of a cell holds no unit: one that is taken back as if it had
-- never been founded goes, whatever was seen of it. So the rows move from watch,
-- which referred to it, to a table without the reference.
CREATE TABLE watch_cell (
    unit_id BIGINT PRIMARY KEY,
    weight  INTEGER NOT NULL,
    signs   TEXT NOT NULL,
    day     TEXT NOT NULL
);
INSERT INTO watch_cell (unit_id, weight, signs, day) SELECT unit_id, weight, signs, day FROM watch;
DROP TABLE watch;
CREATE INDEX watch_cell_weight_idx ON watch_cell (weight, unit_id);

-- entry is a place in the journal from now on, from which it is to be looked at
-- next: an id may be lower than that of an entry committed before. All cells of
-- which the journal tells are looked at once more.
UPDATE watch_cursor SET entry = 0;

-- The pass that is under way: the day whose pass it is, '' for none, the place in
-- the journal at which the next one begins, and below which unit cells were
-- looked at last.
ALTER TABLE watch_cursor ADD COLUMN pass_day TEXT NOT NULL DEFAULT '';
ALTER TABLE watch_cursor ADD COLUMN pass_entry BIGINT NOT NULL DEFAULT 0;
ALTER TABLE watch_cursor ADD COLUMN pass_above BIGINT NOT NULL DEFAULT 0;
