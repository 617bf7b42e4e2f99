-- Which codes does the campaign have, and what are their names by language?
-- Grain: one row a code, in the order of its codelist.
-- Parameters: none.
select
    codelist,
    code,
    labels,
    sort_order,
    parent,
    base_status
from codes
order by codelist, sort_order, code
