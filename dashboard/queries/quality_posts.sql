-- Which events and stories without an action have likely ones?
-- Grain: one row an event or story and likely action; whole ones are counted and left out.
-- Parameters: file (null: all), most, first (events and stories to leave out before the first).
with posts as (
    select 'event' as kind, id, on_date, url, source_file, source_sheet, source_row from events
    union all
    select 'story', id, on_date, url, source_file, source_sheet, source_row from stories
),

asked as (
    select
        d.kind,
        d.left_id,
        max(d.score) as best,
        count(*) over () as rows_in_all
    from suggested_duplicates as d
    inner join posts as p on d.kind = p.kind and d.left_id = p.id
    where $file is null or p.source_file = $file
    group by d.kind, d.left_id
    order by best desc, d.kind, d.left_id
    limit $most offset $first
),

told as (
    select
        kind,
        id,
        list_sort(list(distinct language) filter (where language is not null)) as languages,
        any_value(coalesce(summary, body)) as words
    from post_texts
    group by kind, id
)

select
    k.kind,
    k.left_id,
    d.left_name,
    p.on_date,
    p.url,
    t.languages,
    t.words,
    p.source_file,
    p.source_sheet as sheet,
    p.source_row,
    d.right_id,
    d.right_name,
    d.score,
    d.why,
    k.rows_in_all
from asked as k
inner join suggested_duplicates as d on k.kind = d.kind and k.left_id = d.left_id
inner join posts as p on k.kind = p.kind and k.left_id = p.id
left join told as t on k.kind = t.kind and k.left_id = t.id
order by k.best desc, k.kind, k.left_id, d.score desc, d.right_id
