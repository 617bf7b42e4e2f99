-- severity: note
-- Which actions were submitted after the submission deadline, before the campaign's end?
-- Grain: one row an action.
select
    a.action_no, 'submitted_at' as field, a.submitted_on::varchar as value,
    '≤ ' || c.submission_deadline_on as expected
from snapshot.actions as a
cross join snapshot.campaign as c
where a.submitted_on > c.submission_deadline_on and a.submitted_on <= c.ends_on
