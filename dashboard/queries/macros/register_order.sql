-- Macros that put the register in order: sort keys, and the place of an action against another.

-- The sort keys of the register: a number of a column, a date, or a text, each null for columns of the other kinds;
-- unknown values are null as well. The register's pages and an action's place in it share this.
-- Grain: one action on a day.
create macro register_number(sort, code_order, percent, is_overdue, status, category, stakeholder_group) as
case sort
    when 'percent' then percent
    when 'is_overdue' then is_overdue::double
    when 'status' then list_position(code_order, status)
    when 'category' then list_position(code_order, coalesce(category, 'unclassified'))
    when 'group' then list_position(code_order, coalesce(stakeholder_group, 'unclassified'))
end;

create macro register_date(sort, submitted_on, due_on, reported_on, completed_on) as
case sort
    when 'submitted_on' then submitted_on
    when 'due_on' then due_on
    when 'reported_on' then reported_on
    when 'completed_on' then completed_on
end;

create macro register_text(sort, title, stakeholder, action_id, language) as
case sort
    when 'title' then strip_accents(lower(title))
    when 'stakeholder' then strip_accents(lower(stakeholder))
    when 'action_id' then action_id
    when 'language' then language
end;

-- Grain: one action. Its place against another one in the register: before it below 0, the same 0, after it above 0.
-- Keys are numbers, dates or texts; unknown ones (null) come last in both directions, and equal ones keep the
-- register's order.
create macro compare_places(key, action_no, other_key, other_no, descending) as
case
    when key is not distinct from other_key then sign(action_no - other_no)
    when key is null then 1
    when other_key is null or (key < other_key) <> descending then -1
    else 1
end;
