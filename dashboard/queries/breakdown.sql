-- How far are the actions of each member of a dimension?
-- Grain: one row a member with at least one action; an action with several members counts once in each.
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q; dimension.
select
    m.member as code,
    count(*) as actions,
    count(*) filter (a.status_no < 6) as reported,
    count(*) filter (a.status_no = 1) as completed,
    count(*) filter (a.status_no = 2) as in_progress,
    count(*) filter (a.status_no = 3) as not_started,
    count(*) filter (a.status_no = 4) as discontinued,
    count(*) filter (a.status_no = 5) as status_unclassified,
    count(*) filter (a.status_no = 6) as not_reported,
    count(*) filter (a.is_overdue) as overdue,
    count(*) filter (a.is_on_time) as on_time
from selected_actions($as_of, $regions, $subregions, $countries, $categories, $themes, $groups, $statuses, $q) as a
inner join action_members as m on a.action_no = m.action_no
where m.dimension = $dimension
group by m.member
