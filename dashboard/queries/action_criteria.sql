-- Which criteria of a good commitment does one action meet, by which rule, on which of its words?
-- Grain: one row a criterion, in their order; none of an action whose text was not read.
-- Parameters: action_id.
select
    criterion,
    is_met,
    reason,
    words
from commitment_criteria
where action_id = $action_id
order by list_position(['specific', 'measurable', 'achievable', 'relevant', 'time_bound'], criterion)
