-- What did staff decide, and did it apply in this build?
-- Grain: one row a line of decisions.csv, the newest first.
-- Parameters: most.
select
    line,
    decision,
    subject,
    this,
    that,
    note,
    is_applied,
    why_not,
    count(*) over () as rows_in_all
from decisions
order by line desc
limit $most
