-- Why were rows rejected, and how many?
-- Grain: one row a reason, the most frequent first.
-- Parameters: file (null: all).
select
    reason,
    count(*) as row_count
from rejected_rows
where $file is null or source_file = $file
group by reason
order by row_count desc, reason
