-- The account of the rows of older versions of a register, now that the actions have their ids and persons are known.
-- Grain: one row a row that a newer version replaces; then one row an action that is no longer in the newest version.
-- Parameters: individuals, the codes of the groups of persons; none where their names are public.
insert into merged_away
select 'actions', r.sheet_no, r.source_row, k.action_id, 'a newer version of the register replaces it'
from superseded_rows as r
inner join action_groups as g on r.newer_row = g.row_no
inner join kept_actions as k on g.kept_row = k.row_no
where r.fate = 'replaced';

-- A person's id does not reveal the name, and the title does not hold it.
update superseded_rows as r
set
    action_id = coalesce(r.hidden_action_id, r.action_id),
    title = if(length(r.stakeholder) > 3, regexp_replace(r.title, regexp_escape(r.stakeholder), '[…]', 'gi'), r.title)
from (
    select s.row_no
    from superseded_rows as s
    left join stakeholder_roots as t on s.first_key = t.key
    left join cell_codes as c
        on c.field = 'stakeholder_group' and s.sheet_no = c.sheet_no and s.stakeholder_group = c.cell
    where list_contains($individuals::varchar[], c.code)
        or coalesce(t.root, s.first_key) in (select key from person_keys)
) as p
where r.row_no = p.row_no;

update decided as d
set this = r.action_id
from superseded_rows as r
where d.verb in ('gone', 'keep') and d.this = r.own_action_id and r.own_action_id <> r.action_id;

insert into snapshot.gone_actions
select
    r.action_id,
    any_value(r.title),
    r.action_id in (select this from decided where verb = 'gone'),
    any_value(f.source_file),
    any_value(f.sheet),
    min(r.source_row)
from superseded_rows as r
inner join sheets as f on r.sheet_no = f.sheet_no
where r.fate = 'gone'
group by r.action_id
order by r.action_id;
