-- Which pairs may be one, with the places they come from?
-- Grain: one row a suggested pair, the most alike first.
-- Parameters: file (null: all), most.
with origins as (
    select action_id as id, source_file from actions
    union all
    select report_key, source_file from progress_reports where report_key is not null
)

select
    d.kind,
    d.left_name,
    d.right_name,
    d.score,
    d.why,
    d.left_id,
    d.right_id,
    count(*) over () as rows_in_all
from suggested_duplicates as d
where
    $file is null
    or exists (select 1 from origins as o where o.source_file = $file and o.id in (d.left_id, d.right_id))
order by d.kind desc, d.score desc, d.left_id, d.right_id
limit $most
