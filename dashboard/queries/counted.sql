-- How many rows of one fact are in a selection, in all or by its groupings? `dashboard.snapshot.query_templates`
-- declares facts and groupings, and inserts them at the comments below.
-- Grain: one row for those that are alike in all columns; `dashboard.measures.facts` adds them up. An action with
-- several members is in the rows of each.
-- Parameters: selection; dimension (of one grouping), row_dimension, column_dimension (of two); indicator,
-- unit (of amounts).
select
    -- codes
    -- states
    count(*) as number
from counted_actions($selection) as a
-- joins
-- condition
group by all
