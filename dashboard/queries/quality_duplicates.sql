-- Which pairs may be one, with their sources?
-- Grain: one row a suggested pair, the most alike first.
-- Parameters: file (null: all), most.
with origins as (
    select action_id as id from actions where source_file = $file
    union all
    select report_key from progress_reports where source_file = $file and report_key is not null
    union all
    select id from events where source_file = $file
    union all
    select id from stories where source_file = $file
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
    or d.left_id in (select id from origins)
    or d.right_id in (select id from origins)
order by d.kind desc, d.score desc, d.left_id, d.right_id
limit $most
