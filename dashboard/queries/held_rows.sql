-- What does the build hold of some actions, which day, state and words does each thing have, how was it matched, and
-- in which line does it stand?
-- Grain: one row a thing: the action, its reports, milestones, numbers, evidence steps, events and stories, replies
-- and files, rows merged into it, the criteria of a good commitment that it meets or not.
-- Parameters: action_ids (a list), as_of, lang.
with labels as (select * from labels_in($lang)),

named as (
    select
        action_no,
        action_id,
        title
    from actions
    where list_contains($action_ids::varchar[], action_id)
),

things as (
    select
        a.action_no,
        1 as place,
        'action' as part,
        a.submitted_on as on_date,
        coalesce(r.status_code, r.status) as state,
        r.percent,
        a.description as words,
        null as matched_by,
        a.source_file,
        a.source_sheet,
        a.source_row
    from actions as a
    inner join actions_on($as_of) as r on a.action_no = r.action_no
    union all
    select
        action_no, 2, 'report', reported_on, coalesce(status_code, status), percent, narrative, matched_by,
        source_file, source_sheet, source_row
    from progress_reports
    where action_no is not null
    union all
    select
        action_no, 3, 'milestone', coalesce(reached_on, due_on), if(reached_on is null, null, 'reached'), null, label,
        null, source_file, source_sheet, source_row
    from milestones
    union all
    select
        r.action_no, 3, 'result', coalesce(r.target_on, r.told_on), 'promised', null,
        concat_ws(' · ', i.label, u.label, concat_ws(' → ', amount_text(r.baseline), amount_text(r.target))),
        null, r.source_file, r.source_sheet, r.source_row
    from results as r
    left join labels as i on i.codelist = 'indicators' and r.indicator = i.code
    left join labels as u on u.codelist = 'units' and r.unit = u.code
    where r.target is not null
    union all
    select
        t.action_no, 3, 'result', coalesce(t.actual_on, t.told_on), 'reached', null,
        concat_ws(' · ', i.label, u.label, amount_text(t.actual), t.how_known),
        null, t.source_file, t.source_sheet, t.source_row
    from result_reports as t
    inner join results as r on t.result_no = r.result_no
    left join labels as i on i.codelist = 'indicators' and r.indicator = i.code
    left join labels as u on u.codelist = 'units' and r.unit = u.code
    union all
    select
        s.action_no, 4, 'evidence', s.on_date, s.step, null, s.source, null, r.source_file, r.source_sheet,
        r.source_row
    from evidence_steps as s
    left join progress_reports as r on s.report_no = r.report_no
    union all
    select
        p.action_no, 5, p.kind, coalesce(e.on_date, s.on_date), null, null, coalesce(e.title, s.title), p.matched_by,
        coalesce(e.source_file, s.source_file), coalesce(e.source_sheet, s.source_sheet),
        coalesce(e.source_row, s.source_row)
    from post_actions as p
    left join events as e on p.kind = 'event' and p.id = e.id
    left join stories as s on p.kind = 'story' and p.id = s.id
    union all
    select action_no, 6, kind, said_on, null, null, words, null, source_file, source_sheet, source_row
    from annotations
    union all
    select n.action_no, 7, 'merged', null, null, null, m.why, null, m.source_file, m.sheet, m.source_row
    from merged_rows as m
    inner join named as n on m.kept_action_id = n.action_id
    union all
    select action_no, 8, 'criterion', null, criterion, null, reason, null, null, null, null from commitment_criteria
)

select
    n.action_id,
    n.title,
    t.part,
    t.on_date,
    t.state,
    t.percent,
    t.words,
    t.matched_by,
    t.source_file,
    t.source_sheet,
    t.source_row
from named as n
inner join things as t on n.action_no = t.action_no
order by list_position($action_ids::varchar[], n.action_id), t.place, t.on_date nulls last, t.source_row
