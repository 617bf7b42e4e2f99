-- When does an event end, at which moments and where is it, in a snapshot of an older program? It does not say.
-- Grain: one row an event, as in the table that this view stands before.
-- Parameters: none.
create view events as
select
    *,
    null::date as ends_on,
    null::timestamptz as starts_at,
    null::timestamptz as ends_at,
    null::varchar as place
from snapshot.events
