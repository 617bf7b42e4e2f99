-- Which ended links are old enough to be dropped?
-- Grain: one row a link that is dropped.
-- Parameters: before, a day.
delete from links
where min(ends_on, coalesce(revoked_on, ends_on)) < :before
