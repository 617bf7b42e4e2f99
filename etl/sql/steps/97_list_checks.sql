-- Which rows did the checks find, and where do they stand? A row is named by its place, or by the number of its action,
-- report or milestone, whose place it is then.
-- Grain: one row an offence; at most `$listed` of one check, the first by their place.
insert into snapshot.check_results
with placed as (
    select
        o.check_no,
        coalesce(o.action_id, a.action_id, r.action_id, m.action_id) as action_id,
        coalesce(o.source_file, a.source_file, r.source_file, m.source_file) as source_file,
        coalesce(o.sheet, a.source_sheet, r.source_sheet, m.source_sheet) as sheet,
        coalesce(o.source_row, a.source_row, r.source_row, m.source_row) as source_row,
        o.field,
        o.value,
        o.expected
    from offences as o
    left join snapshot.actions as a on o.action_no = a.action_no
    left join snapshot.progress_reports as r on o.report_no = r.report_no
    left join snapshot.milestones as m on o.milestone_no = m.milestone_no
),

numbered as (
    select
        *,
        row_number() over (
            partition by check_no order by source_row, source_file, sheet, action_id, field, value, expected
        ) as place
    from placed
)

select c.check_id, c.severity, n.* exclude (check_no, place)
from numbered as n
inner join checks_made as c on n.check_no = c.check_no
where n.place <= $listed
order by n.check_no, n.place;

insert into snapshot.check_totals
select c.check_id, c.severity, count(o.check_no), least(count(o.check_no), $listed)
from checks_made as c
left join offences as o on c.check_no = o.check_no
group by c.check_no, c.check_id, c.severity
order by c.check_no;

-- Nothing without: effects_found where kind = 'sheet'.
with told as (
    select
        s.source_file,
        s.sheet,
        list({ 'figure': e.figure, 'before': e.before, 'after': e.after }) as effects
    from effects_found as e
    inner join sheets as s on e.sheet_no = s.sheet_no
    where e.kind = 'sheet'
    group by s.source_file, s.sheet
)

update snapshot.alike_sheets as a
set
    effects = (select t.effects from told as t where a.source_file = t.source_file and a.sheet = t.sheet),
    other_effects = (select t.effects from told as t where a.source_file = t.source_file and a.other_sheet = t.sheet);

-- The questions left open by the files, and readings with an alternative: with staff's answer, else with the deciding
-- fact.
-- Grain: one row a question.
-- Nothing without: questions_found.
insert into snapshot.questions
with effects as (
    select
        kind,
        sheet_no,
        field,
        answer,
        list({ 'figure': figure, 'before': before, 'after': after }) as effects
    from effects_found
    group by kind, sheet_no, field, answer
),

told as (
    select kind, sheet_no, field, map(list(answer), list(effects)) as by_answer
    from effects
    group by kind, sheet_no, field
)

select
    q.kind,
    q.variant,
    s.recipe,
    s.source_file,
    s.sheet,
    q.field,
    q.header,
    map_concat(q.facts, map { 'rows_read': s.rows_read::varchar }),
    coalesce(q.evidence, []),
    list_transform(
        q.candidates,
        lambda one: { 'value': one['value'], 'rows': one['rows'], 'effects': coalesce(e.by_answer[one['value']], []) }
    ),
    e.by_answer[''],
    coalesce(a.answer, q.answer),
    if(a.answer is null, q.decided_by, 'staff')
from questions_found as q
inner join sheets as s on q.sheet_no = s.sheet_no
left join told as e on q.kind = e.kind and q.sheet_no = e.sheet_no and q.field is not distinct from e.field
left join staff_answers as a on q.sheet_no = a.sheet_no and q.kind = a.kind and coalesce(q.field, '') = a.field
order by q.sheet_no, q.kind, q.field;
