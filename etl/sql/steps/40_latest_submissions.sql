-- Which submission of each action is kept (the latest), after the decisions of staff?
-- `same_actions` holds the submissions that staff joined: one row a kept submission, with the number of its group.
-- Grain: one row a submission that can be an action.
create table action_groups as
with latest as (
    select s.group_no, arg_max(k.row_no, (coalesce(k.submitted_at, timestamptz '0001-01-01'), k.row_no)) as kept_row
    from same_actions as s
    inner join action_keys as k on s.row_no = k.row_no
    group by s.group_no
)

select g.row_no, coalesce(l.kept_row, g.kept_row) as kept_row
from own_groups as g
left join same_actions as s on g.kept_row = s.row_no
left join latest as l on s.group_no = l.group_no;

-- Nothing without: renamed_actions.
update renamed_actions
set row_no = g.kept_row
from action_groups as g
where renamed_actions.row_no = g.row_no;

-- An action's number is that of its submission's row: unique, the same in every build of the same inputs.
create table kept_actions as
select o.row_no, o.row_no::integer as action_no, o.action_id
from own_actions as o
inner join action_groups as g on o.row_no = g.row_no and o.row_no = g.kept_row;

-- Every id of an action's submissions, with its makers; `is_whole`: as the register shows it.
create table action_refs as
with every as (
    select
        k.submission_id,
        k.submission_ref,
        k.stakeholder_key,
        k.base_key,
        o.action_id,
        g.kept_row::integer as action_no
    from action_keys as k
    inner join action_groups as g on k.row_no = g.row_no
    left join own_actions as o on k.row_no = o.row_no
)

select submission_id as ref, true as is_whole, stakeholder_key, base_key, action_no
from every
where submission_id is not null
union all
select submission_ref, false, stakeholder_key, base_key, action_no from every where submission_ref <> submission_id
union all
select action_id, true, stakeholder_key, base_key, action_no from every where action_id <> coalesce(submission_id, '')
union all
select n.action_id, true, k.stakeholder_key, k.base_key, g.kept_row::integer
from nameless_actions as n
inner join action_keys as k on n.row_no = k.row_no
inner join action_groups as g on n.row_no = g.row_no;

-- Nothing without: action_groups where row_no <> kept_row.
insert into merged_away
with l as (select row_no, bool_or(shared = 'id') as shares_id from action_links group by row_no)

select
    'actions',
    s.sheet_no,
    s.source_row,
    a.action_id,
    case
        when
            s.sheet_no in (select sheet_no from target_sheets)
            and s.sheet_no = (select t.sheet_no from staged_actions as t where t.row_no = g.kept_row)
            then 'another target of the same action: its status counts with those of the others'
        when o.kept_row <> g.kept_row then 'staff decided that it is the same action: the latest submission is kept'
        when l.shares_id then 'submitted again with the same id: the latest submission is kept'
        else 'submitted again by the same stakeholder under the same title: the latest submission is kept'
    end
from action_groups as g
inner join own_groups as o on g.row_no = o.row_no
inner join staged_actions as s on g.row_no = s.row_no
inner join kept_actions as a on g.kept_row = a.row_no
left join
    l
on g.row_no = l.row_no
where g.row_no <> g.kept_row;
