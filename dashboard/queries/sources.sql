-- Which input files do the figures of a selection come from: its actions and the reports in force?
-- Grain: one row a file, the one with most rows first.
-- Parameters: as_of, regions, subregions, countries, categories, themes, groups, statuses, q.
with chosen as materialized (
    select
        action_no,
        report_no
    from selected_actions($as_of, $regions, $subregions, $countries, $categories, $themes, $groups, $statuses, $q)
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
)

select
    source_file,
    count(*) as used_rows
from used
group by source_file
order by used_rows desc, source_file
