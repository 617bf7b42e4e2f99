-- How far are the actions that are both: last heard in a survey wave (or submitted in a month), and a member of a
-- dimension?
-- Grain: one row a pair of a time and a member with at least one action.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; time (wave, submitted), dimension.
select
    time_of($time, a.submitted_on, a.report_no, r.wave) as row_code,
    m.member as column_code,
    count(*) as actions,
    count(*) filter (a.status_no < 6) as reported,
    count(*) filter (a.status_no = 1) as completed,
    count(*) filter (a.is_on_time) as on_time,
    count(*) filter (is_unknown(a.status_no) or a.is_on_time is null) as on_time_unknown,
    count(*) filter (a.status_no = 6) as not_reported,
    count(*) filter (is_unknown(a.status_no)) as unknown
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
inner join action_members as m on a.action_no = m.action_no and m.dimension = $dimension
left join progress_reports as r on a.report_no = r.report_no
group by all
