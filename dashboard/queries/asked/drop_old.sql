-- Which letters went out so long ago that nothing of them is kept? What they asked about has gone before.
-- Grain: one row a letter.
-- Parameters: before.
delete from letters
where noted_at < $before
