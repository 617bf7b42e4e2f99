-- What stands behind the status of the completed actions of each survey wave, or month of submission?
-- Grain: one row for the completed actions of a time of one step; `dashboard.measures.evidence` adds them up.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q; time (wave, submitted).
select
    time_of($time, a.submitted_on, a.report_no, r.wave) as code,
    coalesce(e.step_no, 0)::utinyint as step_no,
    count(*) as actions
from counted_actions(
    $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
    $statuses, $evidence, $q
) as a
left join evidence_on($as_of) as e on a.action_no = e.action_no
left join progress_reports as r on a.report_no = r.report_no
where a.is_completed
group by all
