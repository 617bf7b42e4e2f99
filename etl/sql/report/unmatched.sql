-- Which values matched no code, the most frequent first?
-- Grain: one row a file, field and value.
-- Parameters: most.
select source_file, field, value, rows, nearest_code, count(*) over () as values_in_all
from snapshot.unmatched_values
order by rows desc, source_file, field, value
limit $most;
