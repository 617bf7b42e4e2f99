-- Why were rows rejected or merged? The ten most frequent reasons.
-- Grain: one row a reason.
select reason, count(*) as row_count, min(source_file) as first_file, arg_min(source_row, source_file) as first_row
from (
    select reason, source_file, source_row from snapshot.rejected_rows
    union all
    select why, source_file, source_row from snapshot.merged_rows
) as fates
group by reason
order by row_count desc, reason
limit 10;
