-- Which codes does each codelist have, with their labels, in their own order?
-- Grain: one row a code.
-- Parameters: none.
select
    codelist,
    code,
    label_en,
    label_fr,
    label_es,
    sort_order,
    parent,
    base_status
from codes
order by
    codelist,
    sort_order,
    code
