-- How much of each rate is reached, at least and at most, by the rows of `dashboard.measures.rates_by_member`?
-- Grain: one row a dimension, measure and member; no rate where there is nothing to divide by.
-- Parameters: none.
select
    dimension,
    dimension_name,
    member,
    member_name,
    measure,
    measure_name,
    numerator,
    denominator,
    unknown,
    is_few,
    numerator / nullif(denominator, 0) as rate,
    (numerator + unknown) / nullif(denominator, 0) as upper_bound
from rates_by_member
