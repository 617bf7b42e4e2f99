-- Which actions lack a stakeholder group, a category, themes or a place; what are their present classes, and which do
-- their words suggest?
-- Grain: one row an action; classes are lists of codes. Regions that follow from countries are not stated: left out.
-- Parameters: file (null: all), q (folded words; null: any), typed (the same in small letters, for an id), lacks (what
-- is missing: stakeholder_group, category, themes, places or anything; nothing: every action), groups, countries
-- (codes that stand or are suggested; null: any), is_suggested (whether something missing is; null: any),
-- answered_group, answered_category, answered_themes, answered_places (ids of actions of which staff have said that
-- since the build), most, first (rows to leave out before the first).
with themed as (select distinct action_no from action_themes),

standing as (
    select
        a.*,
        a.stakeholder_group is null and not list_contains($answered_group::varchar[], a.action_id) as lacks_group,
        a.category is null and not list_contains($answered_category::varchar[], a.action_id) as lacks_category,
        t.action_no is null and not list_contains($answered_themes::varchar[], a.action_id) as lacks_themes,
        a.scope is null and not list_contains($answered_places::varchar[], a.action_id) as lacks_places
    from actions as a
    left join themed as t on a.action_no = t.action_no
    where
        ($file is null or a.source_file = $file)
        and ($q is null or contains_every($q::varchar[], a.search_text) or contains(lower(a.action_id), $typed))
),

wanted as (
    select *
    from standing as s
    where
        case $lacks
            when 'stakeholder_group' then lacks_group
            when 'category' then lacks_category
            when 'themes' then lacks_themes
            when 'places' then lacks_places
            when 'anything' then lacks_group or lacks_category or lacks_themes or lacks_places
            else true
        end
        and (
            $groups is null
            or list_contains($groups::varchar[], coalesce(stakeholder_group, 'unclassified'))
            or exists (
                select 1 from suggested_classes as c
                where
                    c.action_no = s.action_no and c.field = 'stakeholder_group'
                    and list_contains($groups::varchar[], c.code)
            )
        )
        and (
            $countries is null
            or exists (
                select 1 from action_countries as c
                where c.action_no = s.action_no and list_contains($countries::varchar[], c.iso3)
            )
            or exists (
                select 1 from suggested_classes as c
                where
                    c.action_no = s.action_no and c.field = 'countries'
                    and list_contains($countries::varchar[], c.code)
            )
        )
        and (
            $is_suggested is null
            or $is_suggested = exists (
                select 1 from suggested_classes as c
                where
                    c.action_no = s.action_no
                    and case c.field
                        when 'stakeholder_group' then lacks_group
                        when 'category' then lacks_category
                        when 'themes' then lacks_themes
                        else lacks_places
                    end
            )
        )
),

asked as (
    select *, count(*) over () as rows_in_all
    from wanted
    order by stakeholder nulls last, title nulls last, action_id
    limit $most offset $first
),

suggested as (
    select
        s.action_no,
        list(s.code order by s.score desc, s.code) filter (where s.field = 'stakeholder_group') as stakeholder_group,
        list(s.code order by s.score desc, s.code) filter (where s.field = 'category') as category,
        list(s.code order by s.score desc, s.code) filter (where s.field = 'themes') as themes,
        list(s.code order by s.score desc, s.code) filter (where s.field = 'countries') as countries,
        list(s.code order by s.score desc, s.code) filter (where s.field = 'regions') as regions,
        list_distinct(flatten(list(s.words order by s.field, s.score desc, s.code))) as words
    from suggested_classes as s
    semi join asked as k on s.action_no = k.action_no
    group by s.action_no
),

parts as (
    select action_no, subregion as code from action_subregions
    union all
    select r.action_no, r.region
    from action_regions as r
    anti join action_subregions as s on r.action_no = s.action_no
),

themes_stated as (select action_no, list(theme order by theme) as codes from action_themes group by action_no),

countries_stated as (select action_no, list(iso3 order by iso3) as codes from action_countries group by action_no),

regions_stated as (select action_no, list(code order by code) as codes from parts group by action_no)

select
    k.action_id,
    k.title,
    k.stakeholder,
    k.description,
    k.lacks_group,
    k.lacks_category,
    k.lacks_themes,
    k.lacks_places,
    s.stakeholder_group,
    s.category,
    s.themes,
    s.countries,
    s.regions,
    list_sort(s.words) as words,
    list_filter([k.stakeholder_group], lambda code: code is not null) as stakeholder_group_stated,
    list_filter([k.category], lambda code: code is not null) as category_stated,
    t.codes as themes_stated,
    c.codes as countries_stated,
    case when k.scope <> 'countries' then r.codes end as regions_stated,
    k.source_file,
    k.source_sheet as sheet,
    k.source_row,
    k.rows_in_all
from asked as k
left join suggested as s on k.action_no = s.action_no
left join themes_stated as t on k.action_no = t.action_no
left join countries_stated as c on k.action_no = c.action_no
left join regions_stated as r on k.action_no = r.action_no
order by k.stakeholder nulls last, k.title nulls last, k.action_id
