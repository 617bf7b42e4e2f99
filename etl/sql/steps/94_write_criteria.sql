-- Whether each action meets the criteria of a good commitment, as `dashboard/queries/commitments.sql` has found.
-- Grain: one row an action and criterion.
insert into snapshot.commitment_criteria
select f.commitment_no, a.action_id, f.criterion, f.is_met, f.reason, f.words
from commitment_findings as f
inner join snapshot.actions as a on f.commitment_no = a.action_no
order by f.commitment_no, list_position($criteria, f.criterion);
