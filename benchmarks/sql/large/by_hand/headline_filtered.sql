-- The same of two regions and one stakeholder group.
-- Grain: one row a status and files.
-- Parameters: none.
select
    a.status_no,
    a.is_overdue,
    a.is_on_time,
    a.source_file,
    a.report_file,
    count(*) as actions
from last_day as a
where
    a.stakeholder_group = 'government'
    and a.action_no in (
        select o.action_no from action_members as o where o.dimension = 'region' and o.member in ('africa', 'americas')
    )
group by all
