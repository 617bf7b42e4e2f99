-- The members of every action as small numbers, which are grouped many times faster than texts. `all` is 0.
-- Grain: one row a member of a dimension.
create temp table numbered_members as
select
    row_number() over (order by dimension, member)::smallint as member_no,
    dimension,
    member
from (select distinct dimension, member from snapshot.action_members) as m
union all
select 0, 'all', 'all';

-- Grain: one row an action and member, with how the action stands on the last day.
create temp table standing_members as
select
    m.action_no,
    n.member_no,
    (a.status_no * 8 + a.is_overdue::utinyint * 4 + coalesce(a.is_on_time::utinyint, 2))::utinyint as standing
from snapshot.action_members as m
inner join numbered_members as n on m.dimension = n.dimension and m.member = n.member
inner join snapshot.derived.last_day as a on m.action_no = a.action_no
union all
select
    action_no,
    0::smallint,
    (status_no * 8 + is_overdue::utinyint * 4 + coalesce(is_on_time::utinyint, 2))::utinyint
from snapshot.derived.last_day;

-- How do the actions stand that are of both of two members?
-- Grain: one row two members and a standing.
insert into snapshot.derived.pairs
with counted as (
    select
        a.member_no,
        b.member_no as other_no,
        a.standing,
        count(*) as actions
    from standing_members as a
    inner join standing_members as b on a.action_no = b.action_no and a.member_no <= b.member_no
    group by all
),

both_ways as (
    select * from counted
    union all
    select other_no, member_no, standing, actions from counted where member_no < other_no
)

select
    m.dimension,
    m.member,
    o.dimension,
    o.member,
    p.standing // 8,
    p.standing & 4 > 0,
    nullif(p.standing & 3, 2)::boolean,
    p.actions
from both_ways as p
inner join numbered_members as m on p.member_no = m.member_no
inner join numbered_members as o on p.other_no = o.member_no
order by all;

-- How do the actions of each member stand, how many of their milestones were due and reached, and which files does that
-- come from?
-- Grain: one row for the actions of a member that are alike in all of this.
-- Parameters: $last_date.
insert into snapshot.derived.standings
with steps as (
    select
        action_no,
        count(*) as due,
        count(*) filter (reached_on <= $last_date) as reached
    from snapshot.milestones
    where due_on <= $last_date
    group by action_no
),

counted as (
    select
        m.member_no,
        m.standing,
        a.source_file,
        a.classification_file,
        a.report_file,
        count(*) as actions,
        coalesce(sum(s.due), 0) as due,
        coalesce(sum(s.reached), 0) as reached
    from standing_members as m
    inner join snapshot.derived.last_day as a on m.action_no = a.action_no
    left join steps as s on m.action_no = s.action_no
    group by all
)

select
    n.dimension,
    n.member,
    c.standing // 8,
    c.standing & 4 > 0,
    nullif(c.standing & 3, 2)::boolean,
    c.source_file,
    c.classification_file,
    c.report_file,
    c.actions,
    c.due,
    c.reached
from counted as c
inner join numbered_members as n on c.member_no = n.member_no
order by all;

-- On which days did the numbers of reported, known and completed actions of each member change, and by how much?
-- Grain: one row a member and day.
insert into snapshot.derived.changes
with spells as (
    select
        m.member_no,
        s.valid_from,
        s.valid_to,
        place_status(s.status) as status_no,
        count(*) as reports
    from snapshot.report_spells as s
    inner join standing_members as m on s.action_no = m.action_no
    group by all
),

changed as (
    select member_no, valid_from as on_date, status_no, reports from spells
    union all
    select member_no, valid_to, status_no, -reports from spells
)

select
    n.dimension,
    n.member,
    c.on_date,
    coalesce(sum(c.reports) filter (c.status_no = 1), 0),
    coalesce(sum(c.reports) filter (not is_unknown(c.status_no)), 0),
    sum(c.reports)
from changed as c
inner join numbered_members as n on c.member_no = n.member_no
group by n.dimension, n.member, c.on_date
order by n.dimension, n.member, c.on_date;

drop table standing_members;
drop table numbered_members;
