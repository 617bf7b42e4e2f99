-- Macros that the conditions of a selection's filters on an action are made of: `dashboard.snapshot.query_texts`
-- declares the condition of each filter, and makes `selected_actions` of them. Any code of a list is enough.

-- Grain: one action. Whether its code is one of the chosen ones; `unclassified` chooses those that have none yet.
create macro has_code(chosen, code) as list_contains(chosen, coalesce(code, 'unclassified'));

-- Grain: one action. Whether its status is one of the chosen ones: the campaign's status, its base status, or a derived
-- one (`overdue`, `not_reported`).
create macro has_status(chosen, base_status, own_status, is_late) as
list_contains(chosen, base_status)
or list_contains(chosen, own_status)
or (list_contains(chosen, 'overdue') and is_late);

-- Grain: one action. Whether it names one of the chosen members of a dimension with several values.
create macro names_member(chosen, dimension_name, named_by) as named_by in (
    select m.action_no from action_members as m
    where m.dimension = dimension_name and list_contains(chosen, m.member)
);

-- Grain: one action. Whether the furthest step behind its status on a day is one of the chosen ones.
create macro has_evidence(chosen, action, as_of) as action in (
    select e.action_no from evidence_on(as_of) as e
    where list_contains(chosen, ['claimed', 'evidenced', 'reviewed', 'verified'][e.step_no])
);

-- Grain: one action. Whether its text holds each of the folded words, in whatever order.
create macro contains_every(words, folded) as
list_bool_and(list_transform(words, lambda word: contains(folded, word)));

-- Every action whose text holds each of the folded words.
-- Grain: one row an action.
create macro worded_actions(words) as table
select * from actions where contains_every(words, search_text);
