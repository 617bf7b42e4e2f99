-- How often is each field filled: of all, by region, by wave?
-- Grain: one row a kind, dimension, member and field.
-- Parameters: most.
select
    kind,
    dimension,
    member,
    field,
    rows_filled,
    rows_total,
    count(*) over () as rows_in_all
from field_coverage
order by kind, dimension, member, field
limit $most
