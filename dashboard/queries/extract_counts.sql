-- How many rows does each table of these actions have, in the queries extract_*.sql and register_extract.sql?
-- Grain: one row, a column a table.
-- Parameters: selection; everything (also what belongs to no action).
with chosen as materialized (
    select action_no
    from numbered_actions($selection)
),

reports as (
    select report_no
    from progress_reports
    where
        reported_on <= $as_of
        and (action_no in (select action_no from chosen) or ($everything::boolean and action_no is null))
)

select
    (select count(*) from chosen) as actions,
    (
        select coalesce(sum(s.sheet_rows), 0)::bigint
        from chosen as c
        inner join themes_countries_rows() as s on c.action_no = s.action_no
    ) as themes_countries,
    (select count(*) from reports) as reports,
    (select count(*) from milestones where action_no in (select action_no from chosen)) as milestones,
    (
        select count(*) from results_on($as_of)
        where (target is not null or actual is not null) and action_no in (select action_no from chosen)
    ) as results,
    (select count(*) from survey_answers where report_no in (select report_no from reports)) as answers,
    (
        select count(*) from events
        where
            $everything::boolean
            or id in (
                select id from post_actions where kind = 'event' and action_no in (select action_no from chosen)
            )
    ) as events,
    (
        select count(*) from stories
        where
            $everything::boolean
            or id in (
                select id from post_actions where kind = 'story' and action_no in (select action_no from chosen)
            )
    ) as stories
