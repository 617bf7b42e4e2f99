-- Which links ended so long ago that they are dropped?
-- Grain: one row a link.
-- Parameters: before.
delete from report_links
where coalesce(ended_on, ends_on) < $before
