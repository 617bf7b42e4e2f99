-- Macros that decide which milestone was reached, missed or is unknown, and in which month it is due.

-- Grain: one milestone. The code of its outcome, by `outcome_no` of `milestones_on`: due and reached, due and missed,
-- due and unknown, reached though not due (ahead), coming, without a date.
create macro outcome_code(outcome_no) as ['reached', 'missed', 'unknown', 'ahead', 'coming', 'undated'][outcome_no];

-- Every milestone with its state on the day `as_of`. `outcome_no` is its place in a stacked bar, and `outcome_code`
-- names it. This macro decides which milestone was missed. One that is due and not reached is unknown without news
-- since it was due, from its report or submission, or, for a list without days, from a report on its action: silence is
-- not failure.
-- Grain: one row a milestone.
create macro milestones_on(as_of) as table
select
    m.milestone_no,
    m.action_no,
    m.action_id,
    m.label,
    m.due_on,
    m.reached_on,
    m.told_on,
    m.source_file,
    m.source_sheet,
    m.source_row,
    case
        when m.due_on <= as_of and m.reached_on <= as_of then 1
        when m.due_on <= as_of and coalesce(m.told_on, s.valid_from) between m.due_on and as_of then 2
        when m.due_on <= as_of then 3
        when m.reached_on <= as_of then 4
        when m.due_on is not null then 5
        else 6
    end::utinyint as outcome_no,
    coalesce(m.due_on <= as_of and m.reached_on <= as_of and m.reached_on > m.due_on, false) as is_late,
    coalesce(
        m.due_on > as_of and m.due_on <= as_of::date + 30 and (m.reached_on is null or m.reached_on > as_of), false
    ) as is_soon
from milestones as m
left join report_spells as s on m.action_no = s.action_no and s.valid_from <= as_of and as_of < s.valid_to;

-- Grain: one day. The month that it is in.
create macro month_of(on_day) as coalesce(strftime(on_day, '%Y-%m'), 'unclassified');

-- The months in which each action has a milestone due.
-- Grain: one row an action and month.
create macro months_due() as table
select distinct
    action_no,
    month_of(due_on) as code
from milestones;
