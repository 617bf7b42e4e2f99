-- Which open columns with a header look like a field, so that publishing waits until staff have said what they are?
-- Grain: one row a recipe and header, those that would be understood best first.
select
    min(source_file) as source_file, min(sheet) as sheet, header, any_value(looks_like) as looks_like,
    max(understood) as understood, recipe
from snapshot.input_columns
where is_asked and header is not null
group by recipe, header
order by understood desc nulls last, source_file, sheet, header
