-- Which comparisons were cut short, because there was more to compare than a build can take?
-- Grain: one row a comparison. Parameters: what, compared, existing.
insert into snapshot.check_results (check_id, severity, field, value, expected)
values ('suggestions_limited', 'note', $what, $compared, $existing);
