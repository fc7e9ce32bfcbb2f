-- +goose Up

-- People of a large part of the tree are looked up by the given name, with the
-- whole name behind it, and by the name as it is written, family name first.
CREATE INDEX person_given_idx ON person ((replace(folded, rtrim(folded, replace(folded, ' ', '')), '') || ' ' || folded), id);
CREATE INDEX person_folded_idx ON person (folded, id);
