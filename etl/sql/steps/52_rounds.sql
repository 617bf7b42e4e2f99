-- The rounds of a register's row belong to the action of that row, and have its name.
-- Grain: one row a round that was matched (table `matched`).
create table register_rounds as
select p.row_no, s.row_no as action_row, s.stakeholder, s.title
from staged_progress_reports as p
inner join staged_actions as s on p.sheet_no = s.sheet_no and p.source_row = s.source_row
where p.in_register;

delete from matched where kind = 'progress_reports' and row_no in (select row_no from register_rounds);

insert into matched
select 'progress_reports', r.row_no, g.kept_row::integer, 'same_row'
from register_rounds as r
inner join action_groups as g on r.action_row = g.row_no;

update staged_progress_reports as p
set stakeholder = r.stakeholder, title = r.title
from register_rounds as r
where p.row_no = r.row_no;

-- Where the row itself was rejected, its rounds do not count.
delete from staged_progress_reports
where in_register and row_no not in (select row_no from matched where kind = 'progress_reports');
