-- How far were the actions of a selection on an earlier day, and how far are they now?
-- The actions are those in the selection on `as_of`, which are followed back, as on a curve.
-- Grain: one row a pair of places of a status (`queries/macros.sql`), on the earlier day and on the later.
-- Parameters: selection; since.
select
    b.status_no as before_no,
    a.status_no as after_no,
    count(*) as actions
from counted_actions($selection) as a
inner join actions_on($since) as b on a.action_no = b.action_no
group by b.status_no, a.status_no
