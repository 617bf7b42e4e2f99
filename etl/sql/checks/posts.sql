-- What of events and stories is told twice, or of an action that is not there?

-- query: event_repeats
-- severity: note
-- Which events repeat by a rule, so that only their first date counts?
-- Grain: one row an event.
-- Nothing without: staged_events.
select
    f.source_file,
    f.sheet,
    e.source_row,
    'repeats' as field,
    left(e.repeats, 100) as value
from staged_events as e
inner join sheets as f on e.sheet_no = f.sheet_no
where e.repeats is not null and e.title is not null;

-- query: post_names_unknown_action
-- severity: warning
-- Which events and stories name an action by an id that none has?
-- Grain: one row an event or story and id.
-- Nothing without: unknown_refs.
select
    f.source_file,
    f.sheet,
    u.source_row,
    'action_id' as field,
    left(u.ref, 100) as value
from unknown_refs as u
inner join sheets as f on u.sheet_no = f.sheet_no;
