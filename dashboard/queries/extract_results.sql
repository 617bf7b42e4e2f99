-- Which numbers do these actions promise, and what was reached of each by the day?
-- Grain: one row a result, in the register's order of actions; a number that was never promised once it is told.
-- Parameters: selection; lang; first, last (action_no of a portion).
with labels as (select * from labels_in($lang)),

chosen as (
    select action_no, title, stakeholder
    from selected_actions($selection)
    where action_no between $first and $last
)

select
    r.action_id,
    c.title as action_title,
    stakeholder_in(c.stakeholder, $lang) as stakeholder,
    coalesce(indicators.label, r.indicator) as indicator,
    coalesce(units.label, r.unit) as unit,
    r.baseline,
    r.target,
    r.target_on,
    r.promised,
    r.actual,
    t.actual_on,
    r.reached,
    r.outcome,
    t.how_known,
    r.baseline_on,
    r.told_on,
    t.told_on as reported_on,
    r.indicator as indicator_code,
    r.unit as unit_code,
    p.report_id,
    r.source_file,
    r.source_sheet,
    r.source_row,
    t.source_file as reached_source_file,
    t.source_sheet as reached_source_sheet,
    t.source_row::varchar as reached_source_row
from results_on($as_of) as r
inner join chosen as c on r.action_no = c.action_no
left join result_reports as t on r.telling_no = t.telling_no
left join progress_reports as p on t.report_no = p.report_no
left join labels as indicators on indicators.codelist = 'indicators' and r.indicator = indicators.code
left join labels as units on units.codelist = 'units' and r.unit = units.code
where r.target is not null or r.actual is not null
order by r.action_no, r.result_no
