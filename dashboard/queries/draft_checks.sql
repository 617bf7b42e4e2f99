-- How many rows did each check find? A preview compares them with those of the published build.
-- Grain: one row a check.
-- Parameters: none.
select
    check_id,
    severity,
    rows_found as found
from check_totals
order by severity desc, check_id
