-- When were entries of the journey public here for the first time?
-- Grain: one row. Parameters: none.
select first_known from first_moment
