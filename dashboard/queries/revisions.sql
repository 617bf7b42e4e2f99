-- What did publications say of their last days, and what did each later one change, in all or of one member? Later ones
-- than the build's own, and those of other data (fictional or not), are left out.
-- Grain: one row a day spoken of, publication and cause (said, for what the first one said of its day).
-- Parameters: file, build_id, is_sample; dimension, member.
select
    r.day,
    r.publication,
    r.published_at at time zone 'UTC' as published_at,
    r.cause,
    sum(r.actions) filter (r.dimension = $dimension and r.member = $member)::bigint as actions,
    sum(r.reported) filter (r.dimension = $dimension and r.member = $member)::bigint as reported,
    sum(r.completed) filter (r.dimension = $dimension and r.member = $member)::bigint as completed,
    sum(r.unknown) filter (r.dimension = $dimension and r.member = $member)::bigint as unknown
from read_parquet($file) as r
where
    r.is_sample = $is_sample and r.cause <> 'published'
    and r.publication <= (select max(p.publication) from read_parquet($file) as p where p.build_id = $build_id)
group by r.day, r.publication, r.published_at, r.cause
order by r.day desc, r.publication, r.cause
