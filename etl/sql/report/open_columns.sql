-- Which columns have no use yet, and what may they be?
-- Grain: one row a column, those first that publishing waits for, then questions.
select source_file, sheet, header, looks_like, understood, proposed, filled
from snapshot.input_columns
where use = 'open'
order by looks_like is null, understood desc nulls last, proposed is null, source_file, sheet, column_no
