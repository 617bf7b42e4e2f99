-- How many progress reports are in only one of two compared snapshots? A corrected report counts on both sides.
-- Grain: one row.
-- Parameters: none.
with
sided as (
    select
        content,
        1 as side
    from after_reports
    union all
    select
        content,
        -1 as side
    from before_reports
),

surplus as (
    select sum(side)::bigint as reports
    from sided
    group by content
)

select
    coalesce(sum(reports) filter (reports > 0), 0)::bigint as reports_added,
    coalesce(-sum(reports) filter (reports < 0), 0)::bigint as reports_removed
from surplus
