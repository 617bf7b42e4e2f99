-- How many cells of a column are blank as parts of merged cells, or filled with their value?
-- Grain: one row a field of which some are.
insert into snapshot.sheet_remarks
select s.source_file, s.sheet, if(p.is_filled, 'merged_filled', 'merged_blank'), p.field, count(*)
from merged_parts as p
inner join sheets as s on s.sheet_no = $sheet_no
group by all;
