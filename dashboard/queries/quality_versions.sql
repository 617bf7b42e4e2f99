-- Which events and stories may be one in two languages, with their differences?
-- Grain: one row a suggested pair, the most alike first.
-- Parameters: file (null: all), most, first (pairs to leave out before the first).
with posts as (
    select 'event' as kind, id, on_date, language, url, source_file, source_sheet, source_row from events
    union all
    select 'story', id, on_date, language, url, source_file, source_sheet, source_row from stories
),

told as (
    select kind, id, any_value(coalesce(summary, body)) as words from post_texts group by kind, id
)

select
    l.kind,
    d.left_id,
    d.left_name,
    d.right_id,
    d.right_name,
    d.score,
    d.why,
    l.on_date as left_on_date,
    l.language as left_language,
    l.url as left_url,
    lt.words as left_words,
    l.source_file as left_file,
    l.source_row as left_row,
    r.on_date as right_on_date,
    r.language as right_language,
    r.url as right_url,
    rt.words as right_words,
    r.source_file as right_file,
    r.source_row as right_row,
    count(*) over () as rows_in_all
from suggested_duplicates as d
inner join posts as l on d.kind = l.kind || '_version' and d.left_id = l.id
inner join posts as r on l.kind = r.kind and d.right_id = r.id
left join told as lt on l.kind = lt.kind and l.id = lt.id
left join told as rt on r.kind = rt.kind and r.id = rt.id
where $file is null or $file in (l.source_file, r.source_file)
order by d.score desc, d.left_id, d.right_id
limit $most offset $first
