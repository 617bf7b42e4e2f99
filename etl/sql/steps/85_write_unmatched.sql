-- Which values matched no code, what is each meant to be where it is misspelt, and what would it change?
-- Parameters: accepted_file.
-- Grain: one row a file, field and value; then one a word and the action or report that would take a code by it.
-- Nothing without: missed_values.
insert into snapshot.unmatched_values
select c.source_file, c.field, c.value, sum(c.row_count), any_value(s.code), c.recipe, any_value(c.word_key)
from missed_values as c
left join suggested_codes as s on c.field = s.field and c.value = s.value
group by c.source_file, c.recipe, c.field, c.value
order by c.source_file, c.field, sum(c.row_count) desc, c.value, c.recipe;

-- What would a word change, if it were understood? The classes of an action that the word's row states, unless a
-- classification row replaces it; a row without a known value would count where it is the last one.
-- Nothing without: missed_words.
insert into snapshot.unmatched_uses
with placed as (
    select
        m.*,
        f.recipe,
        f.source_file,
        f.file_name = $accepted_file as is_accepted_by_staff,
        if(m.field in ('countries', 'regions'), 'places', m.field) as class
    from missed_words as m
    inner join sheets as f on m.sheet_no = f.sheet_no
    where m.is_used and m.field <> 'language'
),

submitted as (
    select p.field, p.word_key, p.recipe, p.source_file, k.action_no
    from placed as p
    inner join kept_actions as k on p.row_no = k.row_no
    anti join classes_standing as s on k.action_no = s.action_no and p.class = s.field
    where p.kind = 'actions' and p.field <> 'status'
),

classified_by_staff as (
    select p.field, p.word_key, p.recipe, p.source_file, m.action_no
    from placed as p
    inner join matched as m on m.kind = 'classification' and p.row_no = m.row_no
    left join classes_standing as s on m.action_no = s.action_no and p.class = s.field
    left join staged_classification as c on s.row_no = c.row_no
    left join sheets as f on c.sheet_no = f.sheet_no
    where
        p.kind = 'classification'
        and (
            s.row_no is null
            or (p.is_accepted_by_staff, p.row_no) >= (f.file_name = $accepted_file, s.row_no)
        )
),

used as (
    select field, word_key, recipe, source_file, action_no from submitted
    union all
    select field, word_key, recipe, source_file, action_no from classified_by_staff
)

select distinct field, word_key, recipe, action_no, null::integer as report_no, source_file
from used
union all
select distinct p.field, p.word_key, p.recipe, r.action_no, r.report_no, p.source_file
from placed as p
inner join kept_reports as r on p.kind = r.kind and p.row_no = r.row_no
where p.field = 'status'
order by 1, 2, 3, 4, 5, 6;
