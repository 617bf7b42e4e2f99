-- What `crossed.sql` asks, of all actions, on the last day?
-- Grain: one row a pair of members with at least one action, as there.
-- Parameters: row_dimension, column_dimension.
select
    member as row_code,
    other_member as column_code,
    sum(actions)::bigint as actions,
    coalesce(sum(actions) filter (status_no < 6), 0)::bigint as reported,
    coalesce(sum(actions) filter (status_no = 1), 0)::bigint as completed,
    coalesce(sum(actions) filter (is_on_time), 0)::bigint as on_time,
    coalesce(sum(actions) filter (is_unknown(status_no) or is_on_time is null), 0)::bigint as on_time_unknown,
    coalesce(sum(actions) filter (status_no = 6), 0)::bigint as not_reported,
    coalesce(sum(actions) filter (is_unknown(status_no)), 0)::bigint as unknown
from pairs
where dimension = $row_dimension and other_dimension = $column_dimension
group by member, other_member
