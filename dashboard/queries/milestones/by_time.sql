-- What became of the milestones of the actions that were last heard in each survey wave, or submitted in each month?
-- Grain: one row for the milestones of a time that are alike in this; `dashboard.measures.milestones` adds them up.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; time (wave, submitted).
select
    time_of($time, a.submitted_on, a.report_no, r.wave) as code,
    m.outcome_no,
    m.is_late,
    m.is_soon,
    count(*) as milestones
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
inner join milestones_on($as_of) as m on a.action_no = m.action_no
left join progress_reports as r on a.report_no = r.report_no
group by all
