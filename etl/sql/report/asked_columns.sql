-- Which open columns look like a field, so that publishing waits until staff have said what they are?
-- Grain: one row a column, those that would be understood best first.
select source_file, sheet, header, looks_like, understood, column_no
from snapshot.input_columns
where is_asked
order by understood desc nulls last, source_file, sheet, column_no
