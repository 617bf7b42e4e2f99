-- How old were the actions of a selection when they were last seen, and when they were completed? An action's age is
-- counted in weeks since it was submitted, else since the campaign's start; where more than a tenth have no day of
-- submission, since the campaign's start for all: those without a day are seldom like the others. outcome: completed,
-- stopped, open, unknown. seen_week: the age at the last report that states no completion. done_week: the age of a
-- completed action at the stated day, which is seen_week too, else at the first report that states the completion.
-- now_week: the age on the day (of those that may be completed). is_dated: whether the day of completion is known.
-- Grain: one row for the actions that are alike in all of this; `dashboard.measures.expected` makes a life table.
-- Parameters: selection; starts_on, day.
with chosen as (
    select
        action_no,
        submitted_on,
        status_no,
        completed_on
    from counted_actions($selection)
),

undated as (select 10 * count(*) filter (submitted_on is null) > count(*) as are_many from chosen),

standing as (
    select
        a.action_no,
        if(u.are_many, $starts_on, coalesce(a.submitted_on, $starts_on)) as started_on,
        case when is_unknown(a.status_no) then 'unknown' when a.status_no = 1 then 'completed' when a.status_no = 4
                then 'stopped'
            else 'open'
        end as outcome,
        a.status_no = 1 and a.completed_on is not null as is_dated,
        if(s.completed_on > $day, $day, s.completed_on) as stated_on,
        s.status_since,
        s.valid_from as reported_on
    from chosen as a
    cross join undated as u
    left join report_spells as s on a.action_no = s.action_no and s.valid_from <= $as_of and $as_of < s.valid_to
),

seen as (
    select
        t.action_no,
        t.started_on,
        t.outcome,
        t.is_dated,
        case t.outcome
            when 'completed' then coalesce(t.stated_on, max(p.valid_from), t.started_on) else t.reported_on
        end as seen_on,
        coalesce(t.stated_on, t.status_since) as done_on
    from standing as t
    left join report_spells as p
        on t.action_no = p.action_no and t.outcome = 'completed' and t.status_since >= p.valid_to
        and p.status is not null
    group by t.action_no, t.started_on, t.outcome, t.is_dated, t.stated_on, t.status_since, t.reported_on
)

select
    outcome,
    is_dated,
    if(outcome = 'unknown', 0, greatest(seen_on - started_on, 0) // 7) as seen_week,
    if(outcome = 'completed', greatest(done_on - started_on, seen_on - started_on, 0) // 7, 0) as done_week,
    if(outcome in ('open', 'unknown'), floor(($day - started_on) / 7), 0)::bigint as now_week,
    count(*) as number
from seen
group by all
