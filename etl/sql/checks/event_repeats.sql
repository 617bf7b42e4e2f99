-- severity: note
-- Which events repeat by a rule, so that only their first date counts?
-- Grain: one row an event.
-- Nothing without: staged_events.
select
    null::varchar as action_id,
    f.source_file,
    f.sheet,
    e.source_row,
    'repeats' as field,
    left(e.repeats, 100) as value,
    null::varchar as expected
from staged_events as e
inner join sheets as f on e.sheet_no = f.sheet_no
where e.repeats is not null and e.title is not null
