-- Which comparisons were cut short, because there was more to compare than a build can take?
-- Grain: one row a comparison. Parameters: what, compared, existing.
insert into limited_comparisons values ($what, $compared, $existing);
