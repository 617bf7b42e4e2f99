-- How far are the actions that were last heard in each survey wave, or submitted in each month?
-- Grain: one row for the actions of a time that are alike in this; `dashboard.measures.times` adds them up.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; time (wave, submitted).
select
    time_of($time, a.submitted_on, a.report_no, r.wave) as code,
    a.status_no,
    a.is_overdue,
    a.is_on_time,
    count(*) as actions
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
left join progress_reports as r on a.report_no = r.report_no
group by all
