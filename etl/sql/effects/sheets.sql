-- How would the figures be without one of two sheets with the same actions?
-- One of two sheets with the same actions is left out: actions on it alone are gone. Not counted where the id, title or
-- stakeholder of one of its rows is in no other row of the action, since others may hang on that, and where a report
-- about no action names one of those that are gone: it may then be about another one.
-- Nothing without: snapshot.alike_sheets.
insert into sheet_actions
with sides as (
    select source_file, sheet from snapshot.alike_sheets
    union
    select source_file, other_sheet from snapshot.alike_sheets
),

left_out as (
    select s.sheet_no
    from sides as a
    inner join sheets as s on a.source_file = s.source_file and a.sheet = s.sheet
    anti join target_sheets as t on s.sheet_no = t.sheet_no
),

named as (
    select g.kept_row, k.sheet_no, k.submission_id, k.submission_ref, k.title_key, k.stakeholder_key
    from action_groups as g
    inner join action_keys as k on g.row_no = k.row_no
),

beside as (
    select distinct
        l.sheet_no,
        n.kept_row,
        o.kept_row is null as is_gone,
        o.kept_row is null or coalesce(
            n.title_key is not distinct from o.title_key
            and n.stakeholder_key is not distinct from o.stakeholder_key
            and coalesce(n.submission_id = o.submission_id, n.submission_id is null),
            false
        ) as is_doubled,
        n.submission_id,
        n.submission_ref,
        n.title_key,
        n.stakeholder_key
    from left_out as l
    inner join named as n on l.sheet_no = n.sheet_no
    left join named as o on n.kept_row = o.kept_row and l.sheet_no <> o.sheet_no
),

reported as (
    select distinct b.sheet_no
    from beside as b
    inner join staged_progress_reports as p
        on p.submission_id in (b.submission_id, b.submission_ref) or fold_text(p.title) = b.title_key
    inner join kept_reports as k on k.kind = 'progress_reports' and p.row_no = k.row_no and k.action_no is null
    where b.is_gone
),

doubled as (
    select sheet_no, kept_row, is_gone, bool_or(is_doubled) as is_doubled
    from beside
    group by sheet_no, kept_row, is_gone, submission_id, title_key, stakeholder_key
)

select sheet_no, kept_row::integer as action_no, bool_or(is_gone) as is_gone
from doubled
where
    sheet_no not in (select d.sheet_no from doubled as d where not d.is_doubled)
    and sheet_no not in (select r.sheet_no from reported as r)
group by sheet_no, kept_row;

-- Nothing without: sheet_actions.
insert into figure_changes
with gone as (select sheet_no, -count(*) filter (is_gone) as actions from sheet_actions group by sheet_no)

select 'sheet', sheet_no, null, 'nothing', unnest(['actions', 'unknown']), actions
from gone;

-- Every report of its actions, also those repeated on the sheet.
-- Nothing without: sheet_actions; report_rows.
insert into answered_reports
select
    'sheet',
    a.sheet_no,
    null,
    'nothing',
    r.row_no + if(r.kind = 'actions', (select coalesce(max(row_no), 0) from staged_progress_reports), 0),
    r.action_no,
    if(a.is_gone or r.sheet_no = a.sheet_no, null, r.counts_from),
    r.is_day_of_file,
    r.submitted_at,
    r.status_code
from sheet_actions as a
inner join report_rows as r on a.action_no = r.action_no;
