-- What do decisions show of persons? The id replaces the name; a new name, a note, and a name that the files no longer
-- hold (it may be a person's where there are any) are left out. Ids that are made of names are hidden too.
-- Grain: one row a line of decisions.csv about stakeholders; then one row an id.
create table hidden_decisions as
with persons_meant as (
    select d.line, d.side, min(coalesce(n.stakeholder_id, p.stakeholder_id)) as id
    from decided_keys as d
    left join stakeholder_roots as r on d.key = r.key
    inner join persons as p on coalesce(r.root, d.key) = p.key
    left join nameless_makers as n on d.key = n.key
    group by all
),

sides as (
    select d.line, d.verb, s.side, if(s.side = 'this', d.this, d.that) as words, p.id
    from decided as d
    cross join (values ('this'), ('that')) as s (side)
    left join persons_meant as p on d.line = p.line and s.side = p.side
    where d.subject = 'stakeholder' and exists (from persons)
),

known as (
    select distinct line, side from decided_keys
)

select
    s.line,
    s.side,
    s.id,
    s.id is null
    and left(s.words, 3) <> 'st_'
    and (k.line is null or name_key(s.words) in (select base_key from hidden_keys))
    and not (s.verb = 'rename' and s.side = 'that') as is_unknown
from sides as s
left join known as k on s.line = k.line and s.side = k.side;

update snapshot.decisions as d
set
    this = coalesce(h.this_id, if(h.is_this_unknown, '[…]', d.this)),
    that = case
        when d.decision = 'rename' and h.this_id is not null then '[…]'
        else coalesce(h.that_id, if(h.is_that_unknown, '[…]', d.that))
    end,
    note = if(h.this_id is null and h.that_id is null, d.note, null)
from (
    select
        line,
        any_value(id) filter (where side = 'this') as this_id,
        any_value(id) filter (where side = 'that') as that_id,
        bool_or(is_unknown) filter (where side = 'this') as is_this_unknown,
        bool_or(is_unknown) filter (where side = 'that') as is_that_unknown
    from hidden_decisions
    group by line
) as h
where d.line = h.line;

create table ids_of_persons as
with submissions as (
    select k.row_no, k.own_id
    from action_keys as k
    semi join person_keys as p on k.stakeholder_key = p.key
    where k.submission_id is null
)

select own_id as id from submissions
union
select o.action_id from own_actions as o semi join submissions as s on o.row_no = s.row_no
union
select n.name from submission_names as n semi join submissions as s on n.row_no = s.row_no
union
select k.report_key
from report_keys as k
semi join shown_report_keys as s on k.row_no = s.row_no;

update snapshot.decisions as d set this = hidden_id(p.id) from ids_of_persons as p where d.this = p.id;

update snapshot.decisions as d set that = hidden_id(p.id) from ids_of_persons as p where d.that = p.id;
