-- Which entries of the audit log do these filters choose, the newest first, and how many are there in all?
-- Grain: one row an act: its last line, since an act that has ended has a line that says it began, too.
-- Parameters: files (of the log), since and until (timestamps in UTC, the first one and the one after the last; NULL:
-- any), events, outcomes and people (lists; NULL: any), words (in small letters; NULL: any), most, first (how many of
-- the newest are left out).
with
lines as (
    select * from audit_lines($files)
    where act is not null and moment is not null
),

chosen as (
    select *
    from lines
    where
        ($since is null or moment >= $since)
        and ($until is null or moment < $until)
        and ($events is null or list_contains($events, event))
        and ($people is null or list_contains($people, coalesce(nullif(person_name, ''), person_key)))
        and (
            $words is null
            or contains(lower(concat_ws(' ', person_name, person_address, about, details, request)), $words)
        )
        and (outcome <> 'begun' or act not in (select ended.act from lines as ended where ended.outcome <> 'begun'))
        and ($outcomes is null or list_contains($outcomes, outcome))
)

select
    *,
    count(*) over () as entries_in_all
from chosen
order by moment desc, act
limit $most offset $first
