-- How many rows has each table of these actions, as the queries extract_*.sql and register_extract.sql give them?
-- Grain: one row, a column a table.
-- Parameters: as_of, regions, subregions, groupings, countries, categories, themes, groups, stakeholders, statuses,
-- evidence, q;
-- everything (also what belongs to no action).
with chosen as materialized (
    select action_no, action_id
    from selected_actions(
        $as_of, $regions, $subregions, $groupings, $countries, $categories, $themes, $groups, $stakeholders,
        $statuses, $evidence, $q
    )
),

stated_subregions as (
    select s.action_no, c.parent as region
    from action_subregions as s
    anti join action_countries as a on s.action_no = a.action_no and s.subregion = a.subregion
    left join codes as c on c.codelist = 'subregions' and s.subregion = c.code
),

named as (
    select action_no, region from action_countries
    union all
    select action_no, region from stated_subregions
),

regions_only as (
    select m.action_no
    from action_members as m
    anti join named as n on m.action_no = n.action_no and m.member = n.region
    where m.dimension = 'region'
),

all_places as (
    select action_no from named
    union all
    select action_no from regions_only
),

places as (
    select action_no, count(*) as places
    from all_places
    group by action_no
),

themes as (
    select action_no, count(*) as themes
    from action_members
    where dimension = 'theme'
    group by action_no
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
        select coalesce(sum(t.themes * p.places), 0)::bigint
        from chosen as c
        inner join themes as t on c.action_no = t.action_no
        inner join places as p on c.action_no = p.action_no
    ) as themes_countries,
    (select count(*) from reports) as reports,
    (select count(*) from milestones where action_no in (select action_no from chosen)) as milestones,
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
