-- Which sheets are not read, and what is hidden or merged in those that are?
-- Grain: one row a remark.
select source_file, sheet, remark, field, sum(number) as number
from snapshot.sheet_remarks
group by all
order by source_file, sheet, remark, field
