-- Which columns have no use yet or are read as what they do not hold, and what may they be?
-- Grain: one row a column, those first that publishing waits for, then questions.
select source_file, sheet, header, looks_like, understood, proposed, filled
from snapshot.input_columns
where use = 'open' or is_asked
order by looks_like is null, understood desc nulls last, proposed is null, source_file, sheet, column_no
