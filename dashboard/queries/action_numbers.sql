-- Which numbers do some actions promise, or have they reached, and which of each is in force on the day?
-- Grain: one row a number, in the order of the actions' files; of each action the first `most`.
-- Parameters: as_of, action_ids (a list), most.
with tellings as (
    select *
    from result_reports
    where list_contains($action_ids::varchar[], action_id)
    qualify
        row_number() over (
            partition by result_no, told_on, actual
            order by report_no desc nulls last, source_row desc
        ) = 1
)

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
left join tellings as t on r.result_no = t.result_no and r.valid_from = t.told_on and r.actual = t.actual
where list_contains($action_ids::varchar[], r.action_id) and (r.target is not null or r.actual is not null)
qualify row_number() over (partition by r.action_no order by r.result_no) <= $most
order by r.result_no
