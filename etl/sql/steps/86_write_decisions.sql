-- What staff decided, line by line, and whether the files still hold what it speaks of.
-- Of a person, the id stands in place of the name; a new name, a note, and a name that the files no longer hold (it may
-- be a person's where there are any) are left out.
-- Grain: one row a line of decisions.csv.
insert into snapshot.decisions
with persons_meant as (
    select d.line, d.side, min(coalesce(n.stakeholder_id, p.stakeholder_id)) as id
    from decided_keys as d
    left join stakeholder_roots as r on d.key = r.key
    inner join persons as p on coalesce(r.root, d.key) = p.key
    left join nameless_makers as n on d.key = n.key
    group by all
),

sides as (
    select
        d.*,
        p.id as this_person,
        q.id as that_person,
        d.subject = 'stakeholder' and exists (from persons) as may_be_person,
        d.line in (select line from decided_keys where side = 'this')
        and name_key(d.this) not in (select base_key from hidden_keys) as is_this_public,
        d.line in (select line from decided_keys where side = 'that')
        and name_key(d.that) not in (select base_key from hidden_keys) as is_that_public
    from decided as d
    left join persons_meant as p on d.line = p.line and p.side = 'this'
    left join persons_meant as q on d.line = q.line and q.side = 'that'
)

select
    line,
    verb,
    subject,
    case
        when this_person is not null then this_person
        when may_be_person and not is_this_public and left(this, 3) <> 'st_' then '[…]'
        else this
    end,
    case
        when verb = 'rename' and this_person is not null then '[…]'
        when that_person is not null then that_person
        when may_be_person and not is_that_public and verb <> 'rename' and left(that, 3) <> 'st_' then '[…]'
        else nullif(that, '')
    end,
    if(this_person is null and that_person is null, nullif(note, ''), null),
    why_not is null,
    why_not
from sides
order by line;

-- Under which ids were submissions sent that are now part of another one's action? One without an id has a name.
-- Grain: one row a merged submission that can be told apart from its action.
insert into snapshot.merged_submissions
select coalesce(n.name, k.own_id), a.action_id, f.source_file, f.sheet, s.source_row
from action_groups as g
inner join action_keys as k on g.row_no = k.row_no
inner join kept_actions as a on g.kept_row = a.row_no
inner join staged_actions as s on g.row_no = s.row_no
inner join sheets as f on s.sheet_no = f.sheet_no
left join submission_names as n on k.row_no = n.row_no
where g.row_no <> g.kept_row and coalesce(n.name, k.own_id) <> a.action_id
order by g.row_no;
