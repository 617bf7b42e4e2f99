-- Made-up progress reports: three survey waves; a stakeholder in five does not answer a wave but sends another twice.
-- Grain: one row a report, three for each action on average; one in two hundred names no known action.
-- Parameters: actions, how many; statuses: spellings by language.
with numbered as (
    select
        i,
        1 + (i - 1) // 3 as action,
        (i - 1) % 3 as place,
        (hash(i, 'a') % 1000)::int as a,
        (hash(i, 'b') % 1000)::int as b
    from range(1, 3 * $actions::bigint + 1) as r (i)
),

placed as (
    select
        *,
        case when hash(action, 'silent') % 5 = 0 and place = 2 then 1 else place end as wave,
        [$statuses_en::varchar[], $statuses_fr::varchar[], $statuses_es::varchar[]][1 + i % 3] as statuses
    from numbered
),

reported as (
    select
        *,
        -- Later waves lean towards the later statuses of the codelist's first four.
        1 + least(3, (a * (2 + wave) / 1500)::int) as status,
        timestamp '2021-04-01 09:00:00' + to_days(120 * wave::int) + to_minutes((b * 40)::bigint)
        + to_seconds(place) as told_at  -- no two answers of a wave at the same moment
    from placed
)

select
    'REP-' || i as "Report ID",
    case when b % 200 = 0 then 'GONE-' || action else 'SYN-' || action end as "Submission ID",
    'Fictional organisation ' || action // 2 as "Organisation",
    strftime(told_at, '%Y-%m-%d %H:%M:%S') as "Submitted",
    case when a < 990 then statuses[status] end as "Status",
    (a / 10)::int as "Percent",
    case when status = 3 then strftime(told_at - to_days(5), '%Y-%m-%d') end as "Completed on",
    ['spring', 'summer', 'final'][1 + wave] as "Survey",
    'What we did since the last time we told you, in made-up words number ' || i as "Comment"
from reported
order by i
