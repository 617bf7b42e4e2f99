-- Rows of a repeat that name no action themselves belong to the action of the row they belong to.
-- Reports first: a milestone may stand below a report that stands below another row.
-- Grain: one row a row that was matched (table `matched`).
-- Nothing without: inherited.
create view inherited_actions as
select i.kind, i.row_no, g.kept_row::integer as action_no
from inherited as i
inner join action_groups as g on i.parent_kind = 'actions' and i.parent_row_no = g.row_no
union all
select i.kind, i.row_no, m.action_no
from inherited as i
inner join matched as m on i.parent_kind = m.kind and i.parent_row_no = m.row_no;

-- Nothing without: inherited.
delete from matched as m
using inherited as i
where m.kind = i.kind and m.row_no = i.row_no and m.matched_by <> 'decision';

-- Nothing without: inherited.
insert into matched
select a.kind, a.row_no, a.action_no, 'parent'
from inherited_actions as a
anti join assigned_reports as r on a.row_no = r.row_no
where a.kind = 'progress_reports';

-- Nothing without: inherited.
insert into matched
select kind, row_no, action_no, 'parent' from inherited_actions where kind <> 'progress_reports';
