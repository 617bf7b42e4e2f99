-- When were entries of the journey public here for the first time?
-- Grain: one row. Parameters: none.
select min(known_at) as first_known from first_published
