-- Which pairs may be one, from all suggestions?
-- Grain: one row a pair.
-- Parameters: none.
-- Nothing without: suggested_duplicates.
insert into snapshot.suggested_duplicates by name
from suggested_duplicates;

-- Which comparisons were cut short?
-- Grain: one row a comparison.
-- Nothing without: limited_comparisons.
insert into snapshot.check_results (check_id, severity, field, value, expected)
select 'suggestions_limited', 'note', what, compared, existing
from limited_comparisons;
