-- What was the status of a selection's actions on an earlier day, and what is it now? The actions are those in the
-- selection on `as_of`, followed back, as on a curve.
-- Grain: one row a pair of places of a status (`macros/status_places.sql`), on the earlier day and on the later.
-- Parameters: selection; since.
select
    b.status_no as before_no,
    a.status_no as after_no,
    count(*) as actions
from counted_actions($selection) as a
inner join actions_on($since) as b on a.action_no = b.action_no
group by b.status_no, a.status_no
