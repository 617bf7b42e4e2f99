-- Which entries of the audit log do these filters choose, the newest first, and how many are there in all?
-- Grain: one row an act: its last line, since a finished act has a line for its beginning, too.
-- Parameters: files (of the log), since and until (timestamps in UTC, the first one and the one after the last; NULL:
-- any), events, outcomes and people (lists; NULL: any), words (in small letters; NULL: any), most, first (how many of
-- the newest are left out).
with
-- Narrow, since it may be millions: the texts of a page are read after its lines are found.
looked_at as materialized (
    select
        act,
        moment,
        outcome,
        ($events is null or list_contains($events, event))
        and ($outcomes is null or list_contains($outcomes, outcome))
        and ($people is null or list_contains($people, coalesce(nullif(person_name, ''), person_key)))
        and (
            $words is null
            or contains(lower(concat_ws(' ', person_name, person_address, about, details, request)), $words)
        ) as is_chosen
    from audit_lines($files)
    where
        act is not null
        and moment is not null
        and ($since is null or moment >= $since)
        and ($until is null or moment < $until)
),

ended as (
    select act
    from looked_at
    where outcome <> 'begun'
),

page as (
    select
        act,
        moment,
        outcome,
        count(*) over () as entries_in_all
    from looked_at
    where is_chosen and (outcome <> 'begun' or act not in (select ended.act from ended))
    order by moment desc, act
    limit $most offset $first
)

select
    lines.*,
    page.entries_in_all
from audit_lines($files) as lines
inner join page using (act, moment, outcome)
order by moment desc, act
