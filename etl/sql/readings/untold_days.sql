-- Which sheets hold reports that have no day of their own?
-- Grain: one row a sheet, with its file and what it is called.
select distinct r.sheet_no, s.file_name, s.sheet_name
from report_rows as r
inner join sheets as s on r.sheet_no = s.sheet_no
where r.is_day_untold and r.action_no is not null
order by r.sheet_no
