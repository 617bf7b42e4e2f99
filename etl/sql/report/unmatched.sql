-- Which values matched no code, the most frequent first?
-- Grain: one row a file, field and value.
-- Parameters: most.
select u.source_file, u.field, u.value, u.rows, u.nearest_code, count(*) over () as values_in_all
from snapshot.unmatched_values as u
order by u.rows desc, source_file, field, value
limit $most;
