-- Which letters are old enough to be dropped? Their actions are dropped before.
-- Grain: one row a letter.
-- Parameters: before.
delete from letters
where noted_at < $before
