-- Which milestones has one action, what became of each by the day, and where is it written?
-- Grain: one row a milestone, in the order of the days that it was reached on or is due on, those without a day last.
-- Parameters: action_id, as_of.
select
    m.label,
    m.due_on,
    case when m.reached_on <= $as_of then m.reached_on end as reached_on,
    case
        when m.reached_on <= $as_of then 'reached'
        when m.due_on is null then 'undated'
        when m.due_on > $as_of then 'coming'
        when s.valid_from >= m.due_on then 'missed'
        else 'unknown'
    end as outcome,
    coalesce(case when m.reached_on <= $as_of then m.reached_on end, m.due_on) as on_date,
    m.source_file,
    m.source_sheet,
    m.source_row
from milestones as m
left join report_spells as s on m.action_no = s.action_no and s.valid_from <= $as_of and $as_of < s.valid_to
where m.action_id = $action_id
order by on_date nulls last, m.milestone_no
