-- What of the numbers that actions promise and reach contradicts itself or their action?

-- query: result_target_behind_baseline
-- severity: warning
-- Which targets lie behind their baseline, so that nothing is promised?
-- Grain: one row a result.
-- Nothing without: snapshot.results where baseline is not null and target is not null.
select
    r.action_id, r.source_file, r.source_sheet as sheet, r.source_row, 'target' as field, r.target::varchar as value,
    if(i.direction = 'down', '≤ ', '≥ ') || r.baseline as expected
from snapshot.results as r
inner join snapshot.indicators as i on r.indicator = i.indicator
where if(i.direction = 'down', r.target > r.baseline, r.target < r.baseline);

-- query: result_reached_before_baseline
-- severity: warning
-- Which numbers were reached before the day of the baseline from which they are counted?
-- Grain: one row a number reached.
-- Nothing without: snapshot.result_reports where actual_on is not null; snapshot.results where baseline_on is not null.
select
    p.action_id, p.source_file, p.source_sheet as sheet, p.source_row, 'actual_on' as field,
    p.actual_on::varchar as value, '≥ ' || r.baseline_on as expected
from snapshot.result_reports as p
inner join snapshot.results as r on p.result_no = r.result_no
where p.actual_on < r.baseline_on;

-- query: result_two_units
-- severity: warning
-- Which actions count one indicator in several units? They are several results, and no sum holds both.
-- Grain: one row a result in another unit than the indicator's first one.
-- Nothing without: snapshot.results.
with first_units as (
    select action_no, indicator, arg_min(unit, result_no) as unit
    from snapshot.results
    where indicator <> 'unclassified'
    group by action_no, indicator
    having count(distinct unit) > 1
)

select
    r.action_id, r.source_file, r.source_sheet as sheet, r.source_row, 'unit' as field, r.unit as value,
    f.unit as expected
from snapshot.results as r
inner join first_units as f on r.action_no = f.action_no and r.indicator = f.indicator and r.unit <> f.unit;

-- query: result_above_100_percent
-- severity: warning
-- Which numbers in per cent are above 100?
-- Grain: one row a number.
-- Nothing without: snapshot.results where unit = 'percent'.
with numbers as (
    select action_id, source_file, source_sheet, source_row, 'target' as field, target as number
    from snapshot.results
    where unit = 'percent'
    union all
    select p.action_id, p.source_file, p.source_sheet, p.source_row, 'actual', p.actual
    from snapshot.result_reports as p
    inner join snapshot.results as r on p.result_no = r.result_no
    where r.unit = 'percent'
)

select
    action_id, source_file, source_sheet as sheet, source_row, field, number::varchar as value, '≤ 100' as expected
from numbers
where number > 100;

-- query: result_due_after_deadline
-- severity: warning
-- Which numbers are promised for a day after the deadline of their action?
-- Grain: one row a result.
-- Nothing without: snapshot.results where target_on is not null.
select
    r.action_id, r.source_file, r.source_sheet as sheet, r.source_row, 'target_on' as field,
    r.target_on::varchar as value, '≤ ' || a.due_on as expected
from snapshot.results as r
inner join snapshot.actions as a on r.action_no = a.action_no
where r.target_on > a.due_on;
