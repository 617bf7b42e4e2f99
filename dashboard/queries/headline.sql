-- How many actions are there, how far are they, how many milestones were due and reached, and which input files are the
-- sources of these figures (actions, their classification, the reports in force)?
-- Grain: one row for the actions that are alike in all of this; `dashboard.measures.counts` adds them up.
-- Parameters: selection.
with steps as (
    select
        action_no,
        count(*) as due,
        count(*) filter (reached_on <= $as_of) as reached
    from milestones
    where due_on <= $as_of
    group by action_no
)

select
    a.status_no,
    a.is_overdue,
    a.is_on_time,
    a.source_file,
    a.classification_file,
    a.report_file,
    count(*) as actions,
    coalesce(sum(s.due), 0)::bigint as milestones_due,
    coalesce(sum(s.reached), 0)::bigint as milestones_reached
from counted_actions($selection) as a
left join steps as s on a.action_no = s.action_no
group by all
