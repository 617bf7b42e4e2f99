-- How many entries does the journey of a large snapshot have, each counted once?
-- Grain: one row.
-- Parameters: none.
select entries from journey_size
