-- Which stakeholders or actions may be one, with their differences?
-- Grain: one row a suggested pair, the most alike first.
-- Parameters: kind, file (null: all), most, first (pairs to leave out before the first).
with reports as (select action_no, count(*) as reports from progress_reports group by action_no),

facts as (
    select
        a.action_id as id,
        a.stakeholder,
        a.submitted_on,
        a.language,
        coalesce(r.reports, 0) as reports,
        null::bigint as actions,
        null::varchar[] as spellings,
        a.source_file,
        a.source_sheet as sheet,
        a.source_row
    from actions as a
    left join reports as r on a.action_no = r.action_no
    where $kind = 'action'
    union all
    select s.stakeholder_id, s.name, null, null, null, s.actions, s.spellings, null, null, null
    from stakeholders as s
    where $kind = 'stakeholder'
)

select
    d.left_id,
    d.left_name,
    d.right_id,
    d.right_name,
    d.score,
    d.why,
    l.stakeholder as left_stakeholder,
    l.submitted_on as left_submitted_on,
    l.language as left_language,
    l.reports as left_reports,
    l.actions as left_actions,
    l.spellings as left_spellings,
    l.source_file as left_file,
    l.sheet as left_sheet,
    l.source_row as left_row,
    r.stakeholder as right_stakeholder,
    r.submitted_on as right_submitted_on,
    r.language as right_language,
    r.reports as right_reports,
    r.actions as right_actions,
    r.spellings as right_spellings,
    r.source_file as right_file,
    r.sheet as right_sheet,
    r.source_row as right_row,
    count(*) over () as rows_in_all
from suggested_duplicates as d
left join facts as l on d.left_id = l.id
left join facts as r on d.right_id = r.id
where d.kind = $kind and ($file is null or $file in (l.source_file, r.source_file))
order by d.score desc, d.left_id, d.right_id
limit $most offset $first
