-- Which submission of each action is kept (the latest), and what is the action's id?
-- Grain: one row a submission that can be an action.
create table action_groups as
with grouped as (
    select k.row_no, coalesce(r.root, k.row_no) as root, k.submitted_at
    from action_keys as k
    left join action_roots as r on k.row_no = r.row_no
),

latest as (
    select root, arg_max(row_no, (coalesce(submitted_at, timestamptz '0001-01-01'), row_no)) as kept_row
    from grouped
    where root in (select root from action_roots)
    group by root
)

select g.row_no, coalesce(l.kept_row, g.row_no) as kept_row
from grouped as g
left join latest as l on g.root = l.root;

-- An action's number is that of its submission's row: unique, the same in every build of the same inputs.
-- Two actions that came with the same id (two offices that both count from 1) keep it; the later ones get a suffix.
create table kept_actions as
with named as (
    select
        k.row_no,
        coalesce(k.submission_id, 'a_' || left(md5(coalesce(k.stakeholder_key, '') || '|' || k.title_key), 16)) as name
    from action_keys as k
    inner join action_groups as g on k.row_no = g.row_no and k.row_no = g.kept_row
),

shared as (
    select name from named group by name having count(*) > 1
),

numbered as (
    select n.row_no, row_number() over (partition by n.name order by n.row_no) as nth
    from named as n
    semi join shared as s on n.name = s.name
)

select
    n.row_no,
    n.row_no::integer as action_no,
    case when d.nth > 1 then n.name || '~' || d.nth else n.name end as action_id
from named as n
left join numbered as d on n.row_no = d.row_no;

-- Every id and every name an action was ever submitted under.
create table action_refs as
with every as (
    select k.submission_id, k.submission_ref, k.stakeholder_key, g.kept_row::integer as action_no
    from action_keys as k
    inner join action_groups as g on k.row_no = g.row_no
)

select submission_id as ref, stakeholder_key, action_no from every where submission_id is not null
union all
select submission_ref, stakeholder_key, action_no from every where submission_ref <> submission_id;

create view action_names as
select k.stakeholder_key, k.title_key, min(g.kept_row)::integer as action_no
from action_keys as k
inner join action_groups as g on k.row_no = g.row_no
where k.stakeholder_key <> '' and k.title_key <> ''
group by all;

insert into merged_away
with l as (select row_no, bool_or(shared = 'id') as shares_id from action_links group by row_no)

select
    'actions',
    s.sheet_no,
    s.source_row,
    a.action_id,
    case
        when l.shares_id then 'submitted again with the same id: the latest submission is kept'
        else 'submitted again by the same stakeholder under the same title: the latest submission is kept'
    end
from action_groups as g
inner join staged_actions as s on g.row_no = s.row_no
inner join kept_actions as a on g.kept_row = a.row_no
left join
    l
on g.row_no = l.row_no
where g.row_no <> g.kept_row;
