-- Macros of the steps of evidence behind a status.

-- The furthest step of evidence for each action's status on the day `as_of`: only steps done by then count, from a
-- report or by staff. `step_no` is 1 claimed, 2 evidenced, 3 reviewed, 4 verified, and each step includes those before
-- it: completed actions that are at least evidenced are those with step_no >= 2. `report_no` is the step's report.
-- Grain: one row an action whose report in force states an understood status.
create macro evidence_on(as_of) as table
select action_no, step_no, report_no
from evidence_spells
where valid_from <= as_of and as_of < valid_to;

-- Grain: one step of evidence, as a code. Its word, from a language's words in the order of the steps.
create macro step_in(step, words) as words[list_position(['claimed', 'evidenced', 'reviewed', 'verified'], step)];

-- Grain: one step of evidence. The role of its decider, as a code: its word, from those of a language.
create macro role_in(role, words) as words[list_position(['stakeholder', 'secretariat', 'independent', 'staff'], role)];
