-- What do the headings of a sheet name that a codelist knows?
-- Parameters: sheet_no, lists.
-- Grain: one row a list, with the fields' usual names and some of the words.
with headings as (
    select r.value, fold(r.value) as folded, heading_words(fold(r.value)) as bare
    from rejections as r
    where r.sheet_no = $sheet_no and starts_with(r.reason, 'it is a heading that') and r.value is not null
),

understood as (
    select h.value, s.list, arg_min(s.codelist, s.folded <> h.folded) as codelist
    from headings as h
    inner join spellings as s on (h.folded = s.folded or h.bare = s.folded) and list_contains($lists, s.list)
    group by h.value, s.list
)

select
    case list
        when 'places' then if(bool_and(codelist = 'countries'), 'countries', 'regions')
        when 'categories' then 'category'
        when 'stakeholder_groups' then 'stakeholder_group'
        when 'statuses' then 'status'
        else list
    end as field,
    count(*) as headings,
    list(value order by value)[:3] as examples
from understood
group by list
having count(*) > 1
order by headings desc, field
