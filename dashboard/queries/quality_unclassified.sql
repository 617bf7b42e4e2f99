-- Which actions lack a category, themes or a place, and what do their own words suggest?
-- Grain: one row an action that is not classified whole; suggestions are lists of codes, the likeliest first.
-- Parameters: file (null: all), most, first (rows to leave out before the first).
with themed as (select distinct action_no from action_themes),

asked as (
    select
        a.action_no,
        a.action_id,
        a.title,
        a.stakeholder,
        a.description,
        a.category is null as lacks_category,
        t.action_no is null as lacks_themes,
        a.scope is null as lacks_places,
        a.source_file,
        a.source_sheet as sheet,
        a.source_row,
        count(*) over () as rows_in_all
    from actions as a
    left join themed as t on a.action_no = t.action_no
    where
        (a.category is null or t.action_no is null or a.scope is null)
        and ($file is null or a.source_file = $file)
    order by a.stakeholder nulls last, a.title nulls last, a.action_id
    limit $most offset $first
),

suggested as (
    select
        s.action_no,
        list(s.code order by s.score desc, s.code) filter (where s.field = 'category') as category,
        list(s.code order by s.score desc, s.code) filter (where s.field = 'themes') as themes,
        list(s.code order by s.score desc, s.code) filter (where s.field = 'countries') as countries,
        list(s.code order by s.score desc, s.code) filter (where s.field = 'regions') as regions,
        list_distinct(flatten(list(s.words order by s.field, s.score desc, s.code))) as words
    from suggested_classes as s
    semi join asked as k on s.action_no = k.action_no
    group by s.action_no
)

select
    k.action_id,
    k.title,
    k.stakeholder,
    k.description,
    k.lacks_category,
    k.lacks_themes,
    k.lacks_places,
    s.category,
    s.themes,
    s.countries,
    s.regions,
    list_sort(s.words) as words,
    k.source_file,
    k.sheet,
    k.source_row,
    k.rows_in_all
from asked as k
left join suggested as s on k.action_no = s.action_no
order by k.stakeholder nulls last, k.title nulls last, k.action_id
