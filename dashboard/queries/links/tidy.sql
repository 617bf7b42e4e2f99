-- Which links ended so long ago that nobody asks about them?
-- Grain: one row a link that is dropped.
-- Parameters: before, a day.
delete from links
where min(ends_on, coalesce(revoked_on, ends_on)) < :before
