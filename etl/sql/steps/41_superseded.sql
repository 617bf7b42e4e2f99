-- What became of the rows of older versions of a register, now that the actions have their ids.
-- Grain: one row a row that a newer version replaces; then one row an action that is no longer in the newest version.
insert into merged_away
select 'actions', r.sheet_no, r.source_row, k.action_id, 'a newer version of the register replaces it'
from superseded_rows as r
inner join action_groups as g on r.newer_row = g.row_no
inner join kept_actions as k on g.kept_row = k.row_no
where r.fate = 'replaced';

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
