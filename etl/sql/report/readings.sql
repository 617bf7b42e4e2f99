-- How were columns read whose cells could be read in several ways, where that was not plain?
-- Grain: one row a decision.
select source_file, sheet, field, reading, decided_by, cells, evidence, ambiguous
from snapshot.column_readings
where
    reading in ('day_first', 'month_first') and ambiguous > 0
    or reading = 'of_one'
    or reading = 'of_hundred' and decided_by <> 'values'
order by source_file, sheet, field
