-- severity: warning
-- Which events and stories name an action by an id that none has?
-- Grain: one row an event or story and id.
-- Nothing without: unknown_refs.
select
    null::varchar as action_id,
    f.source_file,
    f.sheet,
    u.source_row,
    'action_id' as field,
    left(u.ref, 100) as value,
    null::varchar as expected
from unknown_refs as u
inner join sheets as f on u.sheet_no = f.sheet_no
