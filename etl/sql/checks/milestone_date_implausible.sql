-- severity: warning
-- Which milestones are dated more than a year before or after the campaign?
-- Grain: one row a milestone and date.
-- Nothing without: snapshot.milestones.
with dates as (
    select milestone_no, 'due_on' as field, due_on as on_date from snapshot.milestones
    union all
    select milestone_no, 'reached_on', reached_on from snapshot.milestones
)

select
    m.milestone_no, d.field, d.on_date::varchar as value,
    (c.starts_on - interval 1 year)::date || ' … ' || (c.ends_on + interval 1 year)::date as expected
from dates as d
inner join snapshot.milestones as m on d.milestone_no = m.milestone_no
cross join snapshot.campaign as c
where d.on_date not between (c.starts_on - interval 1 year)::date and (c.ends_on + interval 1 year)::date
