-- How many stakeholders are there, and how many have no report on any of their actions?
-- Grain: one row.
-- Parameters: selection.
with stakeholders as (
    select
        a.stakeholder_id,
        bool_or(a.is_reported) as is_reported
    from counted_actions($selection) as a
    group by a.stakeholder_id
)

select
    count(*) as stakeholders,
    count(*) filter (not is_reported) as silent
from stakeholders
