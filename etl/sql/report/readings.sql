-- How were columns read whose cells could be read in several ways, where that was not plain?
-- Grain: one row a decision.
select source_file, sheet, field, reading, decided_by, cells, evidence, ambiguous
from snapshot.column_readings
where
    (
        reading in ('day_first', 'month_first', 'of_one', 'of_hundred')
        and (ambiguous > 0 or decided_by <> 'values' or reading = 'of_one')
    )
    or (reading in ('decimal_comma', 'decimal_point') and (ambiguous > 0 or decided_by <> 'values'))
    or (starts_with(reading, 'separated_by ') and decided_by = 'values')
    or starts_with(reading, 'part_of_values ')
order by source_file, sheet, field, reading
