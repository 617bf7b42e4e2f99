-- One round of carrying the smallest root along the links; repeated until no root changes.
-- Grain: one row a linked submission.
create or replace table action_roots_next as
with both_ways as (
    select l.row_no, r.root from action_links as l inner join action_roots as r on l.first_row = r.row_no
    union all
    select l.first_row, r.root from action_links as l inner join action_roots as r on l.row_no = r.row_no
    union all
    select row_no, root from action_roots
)

select row_no, min(root) as root
from both_ways
group by row_no;
