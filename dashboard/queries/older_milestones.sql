-- On which day was a milestone told, in a snapshot of an older program? It does not say.
-- Grain: one row a milestone, as in the table that this view stands before.
-- Parameters: none.
create view milestones as
select
    *,
    null::date as told_on
from snapshot.milestones
