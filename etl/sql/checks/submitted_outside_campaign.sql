-- severity: warning
-- Which actions were submitted more than a year before the campaign, or after its end?
-- Grain: one row an action.
select
    a.action_no, 'submitted_at' as field, a.submitted_on::varchar as value,
    (c.starts_on - interval 1 year)::date || ' … ' || c.ends_on as expected
from snapshot.actions as a
cross join snapshot.campaign as c
where a.submitted_on not between (c.starts_on - interval 1 year)::date and c.ends_on
