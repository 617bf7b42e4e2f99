-- Which submissions are one action by their own keys, which of them is the latest, and what is the action's id?
-- These ids do not depend on staff's decisions: a line of decisions.csv about OFF-1~2 means the same tomorrow.
-- Grain: one row a submission that can be an action.
create table own_groups as
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

-- Two actions that came with the same id (two offices that both count from 1) keep it; those sent later get a suffix.
create table own_actions as
with named as (
    select k.row_no, k.own_id, k.first_key, k.title_key
    from action_keys as k
    inner join own_groups as g on k.row_no = g.row_no and k.row_no = g.kept_row
),

shared as (
    select own_id from named group by own_id having count(*) > 1
),

first_sent as (
    select g.kept_row, min(k.submitted_at) as first_at
    from own_groups as g
    inner join action_keys as k on g.row_no = k.row_no
    semi join shared as s on k.own_id = s.own_id
    group by g.kept_row
),

-- By the time of their first submission, so that the order of files and rows does not decide.
numbered as (
    select
        n.row_no,
        row_number() over (
            partition by n.own_id order by f.first_at nulls last, n.first_key, n.title_key, n.row_no
        ) as nth
    from named as n
    semi join shared as s on n.own_id = s.own_id
    left join first_sent as f on n.row_no = f.kept_row
)

select n.row_no, case when d.nth > 1 then n.own_id || '~' || d.nth else n.own_id end as action_id
from named as n
left join numbered as d on n.row_no = d.row_no;

-- The public id of an action without an id of its own, where its maker is not named.
-- Grain: one row an action of `own_actions` whose id is made of its maker's name and its title.
-- Nothing without: (select 1 where getvariable('id_key') is not null).
create view nameless_actions as
select o.row_no, hidden_id(o.action_id) as action_id
from own_actions as o
inner join action_keys as k on o.row_no = k.row_no
where k.submission_id is null and getvariable('id_key') is not null;
