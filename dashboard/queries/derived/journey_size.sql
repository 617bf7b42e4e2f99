-- How many entries has the journey that a large snapshot holds, each counted once?
-- Grain: one row.
-- Parameters: none.
select entries from journey_size
