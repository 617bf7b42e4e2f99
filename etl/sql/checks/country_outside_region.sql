-- severity: warning
-- Which actions name a country that does not lie in a region they state?
-- Grain: one row an action and country.
-- Nothing without: stated_parts.
with stated as (
    select action_no, list_sort(list(distinct region)) as regions
    from stated_parts
    where region is not null
    group by action_no
)

select
    a.action_id,
    coalesce(f.source_file, a.source_file) as source_file,
    if(f.source_file is null, a.source_sheet, f.sheet) as sheet,
    coalesce(d.source_row, a.source_row) as source_row,
    'countries' as field,
    c.iso3 || ' (' || c.region || ')' as value,
    array_to_string(s.regions, ', ') as expected
from stated as s
inner join snapshot.action_countries as c on s.action_no = c.action_no and not list_contains(s.regions, c.region)
inner join snapshot.actions as a on s.action_no = a.action_no
left join classified as k on s.action_no = k.action_no
left join staged_classification as d on k.places_row = d.row_no
left join sheets as f on d.sheet_no = f.sheet_no
