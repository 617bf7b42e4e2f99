-- Which criteria of a good commitment does each action of a build meet, and by which rule?
-- Grain: one row an action, in the order of its rows in the file; what was not judged is null.
select
    a.action_id,
    a.title,
    a.source_row,
    bool_or(c.is_met) filter (where c.criterion = 'specific') as specific,
    max(c.reason) filter (where c.criterion = 'specific') as specific_reason,
    bool_or(c.is_met) filter (where c.criterion = 'measurable') as measurable,
    max(c.reason) filter (where c.criterion = 'measurable') as measurable_reason,
    bool_or(c.is_met) filter (where c.criterion = 'achievable') as achievable,
    max(c.reason) filter (where c.criterion = 'achievable') as achievable_reason,
    bool_or(c.is_met) filter (where c.criterion = 'relevant') as relevant,
    max(c.reason) filter (where c.criterion = 'relevant') as relevant_reason,
    bool_or(c.is_met) filter (where c.criterion = 'time_bound') as time_bound,
    max(c.reason) filter (where c.criterion = 'time_bound') as time_bound_reason
from snapshot.actions as a
left join snapshot.commitment_criteria as c on a.action_no = c.action_no
group by a.action_no, a.action_id, a.title, a.source_file, a.source_sheet, a.source_row
order by a.source_file, a.source_sheet, a.source_row
