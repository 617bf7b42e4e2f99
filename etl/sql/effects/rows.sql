-- How many actions would there be if the rows that await an answer of staff counted?
-- Rows that are left out until staff count them: each is an action of its own where it does not share two of id, title
-- and stakeholder with another row, and its status counts on its day.
-- Nothing without: questions_found where kind in ('prepared_rows', 'struck_rows', 'test_rows').
insert into figure_changes
with named as (
    select
        s.*,
        fold_text(s.title) as title_key,
        coalesce(g.root, name_key(s.stakeholder)) as maker
    from asked_actions as s
    left join stakeholder_roots as g on name_key(s.stakeholder) = g.key
),

shared as (
    select n.row_no, n.sheet_no
    from named as n
    inner join action_keys as k
        on
            (
                n.submission_id = k.submission_id
                and (n.title_key = k.title_key or n.maker in (k.base_key, k.stakeholder_key))
            )
            or (n.title_key = k.title_key and n.maker in (k.base_key, k.stakeholder_key))
),

asked as (
    select
        r.sheet_no,
        r.what as kind,
        n.row_no is not null
        and count(*) over (partition by r.sheet_no, r.source_row) = 1
        and (n.sheet_no, n.row_no) not in (select (sheet_no, row_no) from shared)
        and (
            n.submission_id is null or n.title is null or count(*) over (partition by n.submission_id, n.title_key) = 1
        )
        and (n.submission_id is null or n.maker is null or count(*) over (partition by n.submission_id, n.maker) = 1)
        and (n.title is null or n.maker is null or count(*) over (partition by n.title_key, n.maker) = 1)
        and (
            r.what = 'prepared_rows'
            or len(list_filter([n.submission_id, n.title, n.stakeholder], lambda x: x is not null)) > 1
        )
        and not coalesce(is_total(n.title_key) or is_bare_note(n.title_key), false)
        and not coalesce(
            r.what = 'struck_rows'
            and (is_test(n.title, n.title_key) or is_test(n.stakeholder, fold_text(n.stakeholder))),
            false
        ) as is_new,
        coalesce(n.status, n.percent, n.completed_on::varchar) is not null as is_report,
        coalesce(n.reported_on, n.submitted_at_day) as on_day,
        coalesce(n.reported_on_unread, n.submitted_at_unread) is null
        and coalesce(
            on_day <= c.last_date, r.sheet_no not in (select sheet_no from staff_days where on_day is not null)
        )
        and (
            n.status is null or (r.sheet_no, n.status) in (select (sheet_no, cell) from resolved where field = 'status')
        )
        -- A report that names it, by id or title, may then be about it.
        and not exists (
            select p.row_no
            from staged_progress_reports as p
            where p.submission_id in (n.submission_id, n.submission_ref) or fold_text(p.title) = n.title_key
        )
            as is_known,
        o.base_status
    from asked_rows as r
    cross join snapshot.campaign as c
    left join named as n on r.sheet_no = n.sheet_no and r.source_row = n.source_row
    left join cell_codes as s on s.field = 'status' and n.sheet_no = s.sheet_no and n.status = s.cell
    left join codelist_codes as o on o.codelist = 'statuses' and s.code = o.code
),

counted as (
    select
        kind,
        sheet_no,
        count(*) as actions,
        bool_and(is_known) as is_known,
        count(*) filter (is_report and on_day is not null) as reported,
        count(*) filter (is_report and on_day is not null and base_status = 'completed') as completed,
        count(*) - count(base_status) filter (is_report and on_day is not null) as unknown
    from asked
    anti join target_sheets using (sheet_no)
    group by kind, sheet_no
    having bool_and(is_new)
)

select
    kind,
    sheet_no,
    null,
    'count',
    unnest(['actions', 'reported', 'completed', 'unknown']),
    unnest([actions, if(is_known, reported, null), if(is_known, completed, null), if(is_known, unknown, null)])
from counted
union all
select kind, sheet_no, null, 'none', 'actions', 0 from counted;

-- An unread sheet changes nothing.
-- Nothing without: questions_found where kind = 'further_sheet'.
insert into figure_changes
select kind, sheet_no, null, 'nothing', 'actions', 0 from questions_found where kind = 'further_sheet';

-- A classification has no actions of its own.
-- Nothing without: questions_found where kind = 'classes_as_register'.
insert into figure_changes
with own as (
    select g.kept_row, any_value(k.sheet_no) as sheet_no
    from action_groups as g
    inner join action_keys as k on g.row_no = k.row_no
    group by g.kept_row
    having count(distinct k.sheet_no) = 1
)

select q.kind, q.sheet_no, null, 'classes', 'actions', -count(o.kept_row)
from questions_found as q
left join own as o on q.sheet_no = o.sheet_no
where q.kind = 'classes_as_register'
group by q.kind, q.sheet_no;
