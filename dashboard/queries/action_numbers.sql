-- Which numbers do some actions promise, or have they reached, and which of each is in force on the day?
-- Grain: one row a number, in the order of the actions' files; of each action the first `most`.
-- Parameters: as_of, action_ids (a list), most.
select
    r.action_id,
    r.indicator,
    r.unit,
    r.baseline,
    r.target,
    r.target_on,
    r.promised,
    r.actual,
    coalesce(t.actual_on, r.valid_from) as actual_on,
    r.reached,
    r.outcome,
    t.how_known,
    coalesce(t.source_file, r.source_file) as source_file,
    if(t.source_file is null, r.source_sheet, t.source_sheet) as source_sheet,
    coalesce(t.source_row, r.source_row) as source_row
from results_on($as_of) as r
left join result_reports as t on r.telling_no = t.telling_no
where list_contains($action_ids::varchar[], r.action_id) and (r.target is not null or r.actual is not null)
qualify row_number() over (partition by r.action_no order by r.result_no) <= $most
order by r.result_no
