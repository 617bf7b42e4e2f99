-- How many actions are there, how far are they, how many milestones were due and reached,
-- and which input files do these figures come from (actions, their classification, the reports in force)?
-- Grain: one row.
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q.
with chosen as materialized (
    select
        action_no,
        report_no,
        status_no,
        is_overdue,
        is_on_time
    from selected_actions($as_of, $regions, $subregions, $countries, $categories, $themes, $groups, $statuses, $q)
),

tally as (
    select
        count(*) as actions,
        count(*) filter (status_no < 6) as reported,
        count(*) filter (status_no = 1) as completed,
        count(*) filter (status_no = 2) as in_progress,
        count(*) filter (status_no = 3) as not_started,
        count(*) filter (status_no = 4) as discontinued,
        count(*) filter (status_no = 5) as status_unclassified,
        count(*) filter (status_no = 6) as not_reported,
        count(*) filter (is_overdue) as overdue,
        count(*) filter (is_on_time) as on_time
    from chosen
),

steps as (
    select
        count(*) as milestones_due,
        count(*) filter (reached_on <= $as_of) as milestones_reached
    from milestones
    where due_on <= $as_of and action_no in (select action_no from chosen)
),

strays as (
    select count(*) as unmatched_reports
    from progress_reports
    where action_no is null and reported_on <= $as_of
),

used as (
    select source_file
    from actions
    where action_no in (select action_no from chosen)
    union all
    select classification_file
    from actions
    where classification_file is not null and action_no in (select action_no from chosen)
    union all
    select source_file
    from progress_reports
    where report_no in (select report_no from chosen)
),

files as (
    select
        source_file,
        count(*) as used_rows
    from used
    group by source_file
),

sources as (
    select list(source_file order by used_rows desc, source_file) as source_files
    from files
)

select *
from tally, steps, strays, sources
