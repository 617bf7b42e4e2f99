-- What is asked about sheets as a whole?

-- query: classes_as_register
-- severity: question
-- Which file is read as a register although it says nothing but the classes of submissions that a form holds?
-- The staff's classification is told apart by its file's name; under another name its rows would be submissions, each
-- overruling the one that it classifies.
-- Grain: one row a sheet.
-- Nothing without: sheets where kind = 'actions' and names_actions;
--     sheets where recipe is not null and not names_actions.
with registers as (
    select sheet_no
    from sheets
    where
        kind = 'actions'
        and names_actions
        and sheet_no not in (select sheet_no from settled_sheets)
        and sheet_no not in (
            select sheet_no
            from column_uses
            where
                use = 'field'
                and target in (
                    'status', 'percent', 'completed_on', 'reported_on', 'submitted_at', 'description', 'impact',
                    'communication', 'narrative'
                )
        )
),

of_forms as (
    select distinct k.submission_id
    from action_keys as k
    inner join sheets as s on k.sheet_no = s.sheet_no
    where not s.names_actions and k.submission_id is not null
),

counted as (
    select k.sheet_no, count(*) as row_count, count(f.submission_id) as same
    from action_keys as k
    inner join registers as r on k.sheet_no = r.sheet_no
    left join of_forms as f on k.submission_id = f.submission_id
    group by k.sheet_no
)

select
    sheet_no,
    'classes' as variant,
    map { 'n': same::varchar, 'rows': row_count::varchar } as facts,
    []::struct(number bigint, words varchar)[] as evidence,
    [candidate('classes', []), candidate('register', [])] as candidates
from counted
where same >= 2 and same * 2 > row_count;

-- query: further_sheet
-- severity: question
-- Which sheets seem to belong to a register beside them that no recipe reads, or that are read as staff said?
-- Grain: one row a sheet.
-- Nothing without: further_sheets.
select
    sheet_no,
    why as variant,
    map { 'n': cells::varchar } as facts,
    []::struct(number bigint, words varchar)[] as evidence,
    list_filter(
        [
            if(is_round, candidate('round', []), null), if(why = 'rows', candidate('rows', []), null),
            candidate('nothing', [])
        ],
        lambda one: one is not null
    ) as candidates
from further_sheets;

-- query: question_gone
-- severity: warning
-- Which questions that a recipe names, and which choices of them, does a sheet have no column for?
-- Asked about instead is a column whose header is nearly theirs.
-- Grain: one row a sheet and question, or choice.
-- Nothing without: questions_gone.
select
    s.source_file,
    s.sheet,
    s.header_row as source_row,
    'header' as field,
    g.question as value,
    g.header as expected
from questions_gone as g
inner join sheets as s on g.sheet_no = s.sheet_no;
