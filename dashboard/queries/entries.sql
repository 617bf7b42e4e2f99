-- Which entries does the campaign's journey have, by kind, with an id that is the same in every build? A view beside
-- the snapshot, made at its first use; publishing makes it too, to note when an entry was first public.
-- Kinds: completed, milestone (reached), event, story, action (submitted), report, status (a change to anything else
-- than completed); `kind_no`: the place of a kind among those of one day. An entry holds from `valid_from` to before
-- `valid_to`. The completion of an action is one entry, however many reports repeat it: it happened on the stated day,
-- else on that of the first of the reports in a row that state it. A day for a whole file is no day of an event: it
-- makes no entry new.
-- Ids: RFC 9562, version 8, of the campaign's start, the kind and a name that does not depend on the place in a file.
-- Grain: one row an entry and the days it holds on; of `completed`, one a report in force.
-- Parameters: none.
create or replace view entries as
with reports as (
    select
        report_no,
        action_no,
        reported_on,
        coalesce(status_code, status) as status,
        report_key
    from progress_reports
    where action_no is not null and reported_on is not null and not is_day_of_file
),

ordered as (
    select
        s.action_no,
        s.valid_from,
        s.valid_to,
        s.report_no,
        s.completed_on,
        s.is_day_of_file,
        s.status_since,
        coalesce(s.status = 'completed', false) as is_completed,
        coalesce(s.status_code, s.status) as status,
        lag(coalesce(s.status_code, s.status)) over (partition by s.action_no order by s.valid_from) as before
    from report_spells as s
),

named as (
    select
        'action' as kind,
        a.action_id as key,
        a.action_no,
        null::integer as part_no,
        null::varchar as item_id,
        a.submitted_on as on_date,
        coalesce(a.submitted_on, date '0001-01-01') as valid_from,
        date '9999-12-31' as valid_to,
        null::varchar as before,
        null::varchar as status
    from actions as a
    union all by name
    select
        'completed' as kind,
        a.action_id as key,
        r.action_no,
        r.report_no as part_no,
        coalesce(r.completed_on, r.status_since) as on_date,
        r.valid_from,
        r.valid_to,
        r.status
    from ordered as r
    inner join actions as a on r.action_no = a.action_no
    where r.is_completed and (r.completed_on is not null or not r.is_day_of_file)
    union all by name
    select
        'status' as kind,
        k.report_key as key,
        r.action_no,
        r.report_no as part_no,
        r.valid_from as on_date,
        r.valid_from,
        date '9999-12-31' as valid_to,
        r.before,
        r.status
    from ordered as r
    inner join reports as k on r.report_no = k.report_no
    where r.before != r.status and not r.is_completed
    union all by name
    select
        'report' as kind,
        r.report_key as key,
        r.action_no,
        r.report_no as part_no,
        r.reported_on as on_date,
        r.reported_on as valid_from,
        date '9999-12-31' as valid_to,
        r.status
    from reports as r
    union all by name
    select
        'milestone' as kind,
        concat_ws('|', m.action_id, coalesce(nullif(fold(m.label), ''), m.label)) as key,
        m.action_no,
        m.milestone_no as part_no,
        m.reached_on as on_date,
        m.reached_on as valid_from,
        date '9999-12-31' as valid_to
    from milestones as m
    where m.reached_on is not null
    union all by name
    select
        'event' as kind,
        e.id as key,
        e.id as item_id,
        e.on_date,
        date '0001-01-01' as valid_from,
        date '9999-12-31' as valid_to
    from events as e
    union all by name
    select
        'story' as kind,
        s.id as key,
        s.id as item_id,
        s.on_date,
        coalesce(s.on_date, date '0001-01-01') as valid_from,
        date '9999-12-31' as valid_to
    from stories as s
),

hashed as (
    select
        n.* exclude (key),
        md5(concat_ws('|', c.starts_on, n.kind, n.key)) as hash
    from named as n
    cross join campaign as c
)

select
    (left(h.hash, 12) || '8' || substr(h.hash, 14, 3) || '8' || substr(h.hash, 18))::uuid as entry_id,
    h.* exclude (hash),
    list_position(
        ['completed', 'milestone', 'event', 'story', 'action', 'status', 'report'], h.kind
    )::utinyint as kind_no
from hashed as h
