-- Which actions of an older version of a register are missing in its newest version, without a decision yet?
-- Grain: one row an action.
-- Parameters: file (null: all), most, first (actions to leave out before the first).
select
    action_id,
    title,
    source_file,
    sheet,
    source_row,
    count(*) over () as rows_in_all
from gone_actions
where not is_settled and ($file is null or source_file = $file)
order by title, action_id
limit $most offset $first
