-- Which sheets hold reports that have no day of their own?
-- Grain: one row a sheet, and a round of it, with its file, what it is called and the header of the statuses.
select distinct r.sheet_no, r.round_no, s.file_name, s.sheet_name, c.header
from report_rows as r
inner join sheets as s on r.sheet_no = s.sheet_no
left join status_columns as c on r.sheet_no = c.sheet_no and r.round_no is not distinct from c.round_no
where r.is_day_untold and r.action_no is not null
order by r.sheet_no, r.round_no
