-- How far are the actions of each member of a dimension?
-- Grain: one row a member, in the order of `listed`; an action with several members counts once in each.
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q;
-- dimension, listed (the codes that may be listed, in order), kept (those listed even without an action).
with tally as (
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
)

select
    l.code,
    coalesce(t.actions, 0) as actions,
    coalesce(t.reported, 0) as reported,
    coalesce(t.completed, 0) as completed,
    coalesce(t.in_progress, 0) as in_progress,
    coalesce(t.not_started, 0) as not_started,
    coalesce(t.discontinued, 0) as discontinued,
    coalesce(t.status_unclassified, 0) as status_unclassified,
    coalesce(t.not_reported, 0) as not_reported,
    coalesce(t.overdue, 0) as overdue,
    coalesce(t.on_time, 0) as on_time,
    t.completed / t.actions as completion_rate,
    t.reported / t.actions as reporting_rate,
    t.completed / nullif(t.reported, 0) as completion_rate_reporting,
    (t.completed + t.not_reported) / t.actions as upper_bound
from (select unnest($listed::varchar[]) as code, generate_subscripts($listed::varchar[], 1) as place) as l
left join tally as t on l.code = t.code
where t.actions > 0 or list_contains($kept::varchar[], l.code)
order by l.place
