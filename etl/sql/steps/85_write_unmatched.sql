-- Which values matched no code (or were no date or percentage), in which file, in how many rows?
-- The nearest code is offered where a spelling is close enough (Jaro-Winkler 0.88 and more); for a status never the
-- opposite: what denies, or is done by halves only, is not what it looks like (etl/texts/negation.py has the words).
-- Parameters: negated, halves, undone, unfinished, unstarted, question (patterns).
-- Grain: one row a file, field and value.
create view row_cells as
select 'actions' as kind, row_no, sheet_no, 'stakeholder_group' as field, stakeholder_group as cell
from staged_actions
union all
select 'actions', row_no, sheet_no, 'category', category from staged_actions
union all
select 'actions', row_no, sheet_no, 'themes', themes from staged_actions
union all
select 'actions', row_no, sheet_no, 'countries', countries from staged_actions
union all
select 'actions', row_no, sheet_no, 'regions', regions from staged_actions
union all
select 'actions', row_no, sheet_no, 'language', language from staged_actions
union all
select 'actions', row_no, sheet_no, 'status', status from staged_actions
union all
select 'classification', row_no, sheet_no, 'stakeholder_group', stakeholder_group from staged_classification
union all
select 'classification', row_no, sheet_no, 'category', category from staged_classification
union all
select 'classification', row_no, sheet_no, 'themes', themes from staged_classification
union all
select 'classification', row_no, sheet_no, 'countries', countries from staged_classification
union all
select 'classification', row_no, sheet_no, 'regions', regions from staged_classification
union all
select 'classification', row_no, sheet_no, 'language', language from staged_classification
union all
select 'progress_reports', row_no, sheet_no, 'status', status from staged_progress_reports
union all
select 'progress_reports', row_no, sheet_no, 'language', language from staged_progress_reports
union all
select 'events', row_no, sheet_no, 'language', language from staged_events
union all
select 'stories', row_no, sheet_no, 'language', language from staged_stories;

create view unread_values as
select sheet_no, 'submitted_at' as field, submitted_at_unread as value from staged_actions
union all
select sheet_no, 'due_on', due_on_unread from staged_actions
union all
select sheet_no, 'reported_on', reported_on_unread from staged_actions
union all
select sheet_no, 'completed_on', completed_on_unread from staged_actions
union all
select sheet_no, 'due_on', due_on_unread from staged_classification
union all
select sheet_no, 'accept', accept from staged_classification where not is_yes(accept) and not is_no(accept)
union all
select sheet_no, 'submitted_at', submitted_at_unread from staged_progress_reports
union all
select sheet_no, 'reported_on', reported_on_unread from staged_progress_reports
union all
select sheet_no, 'completed_on', completed_on_unread from staged_progress_reports
union all
select sheet_no, 'due_on', due_on_unread from staged_milestones
union all
select sheet_no, 'reached_on', reached_on_unread from staged_milestones
union all
select sheet_no, 'on_date', on_date_unread from staged_events
union all
select sheet_no, 'ends_on', ends_on_unread from staged_events
union all
select sheet_no, 'starts_at', starts_at_unread from staged_events
union all
select sheet_no, 'ends_at', ends_at_unread from staged_events
union all
select sheet_no, 'updated_at', updated_at_unread from staged_events
union all
select sheet_no, 'on_date', on_date_unread from staged_stories
union all
select sheet_no, 'updated_at', updated_at_unread from staged_stories
union all
select sheet_no, 'reviewed_on', reviewed_on_unread from staged_actions
union all
select sheet_no, 'verified_on', verified_on_unread from staged_actions
union all
select sheet_no, 'reviewed_on', reviewed_on_unread from staged_progress_reports
union all
select sheet_no, 'verified_on', verified_on_unread from staged_progress_reports
union all
select sheet_no, 'percent', percent_written
from report_rows
where percent_written is not null and coalesce(percent not between 0 and 100, true);

-- Where do words stand that matched no code? Of a field that takes one code only the first known word of a cell counts.
-- Grain: one row a row and word.
-- Nothing without: resolved where code is null and field <> 'stakeholder'.
create table missed_words as
with missed as (
    select
        sheet_no,
        field,
        cell,
        piece,
        case
            when field = 'status' and regexp_matches(piece, $question) then trim(piece)
            else coalesce(nullif(fold(piece), ''), trim(piece))
        end as word_key,
        field in ('themes', 'countries', 'regions')
        or piece_no < min(piece_no) filter (where code <> 'unclassified') over cells is not false as is_used
    from resolved
    where field <> 'stakeholder'
    window cells as (partition by sheet_no, field, cell)
    qualify code is null
)

select c.kind, c.row_no, c.sheet_no, m.field, m.piece, m.word_key, m.is_used
from missed as m
inner join row_cells as c on m.sheet_no = c.sheet_no and m.field = c.field and m.cell = c.cell;

create table missed_values as
select f.source_file, f.recipe, m.field, m.piece as value, m.word_key, count(*) as row_count
from missed_words as m
inner join sheets as f on m.sheet_no = f.sheet_no
group by all
union all
select f.source_file, f.recipe, u.field, u.value, null, count(*)
from unread_values as u
inner join sheets as f on u.sheet_no = f.sheet_no
where u.value is not null
group by all;

-- Nothing without: missed_values.
insert into snapshot.unmatched_values
with asked as (
    select field, value, fold(value) as folded, sum(row_count) as row_count
    from missed_values
    group by all
    order by row_count desc, field, value
    limit 2000
),

-- A status that denies is clear by itself, or nothing that is alike can be offered; nor can it to a question.
told as (
    select
        field,
        value,
        folded,
        case
            when field <> 'status' or regexp_matches(value, $question) then null
            when regexp_matches(folded, $unfinished) then 'in_progress'
            when regexp_matches(folded, $unstarted) then 'not_started'
        end as clear_code,
        field = 'status' and (regexp_matches(folded, $undone) or regexp_matches(value, $question)) as is_unclear,
        field = 'status' and regexp_matches(folded, $negated) as is_negated,
        field = 'status' and regexp_matches(folded, $halves) as is_half
    from asked
),

offered as (
    select
        l.field,
        s.folded,
        s.code,
        l.field = 'status' and regexp_matches(s.folded, $negated) as is_negated,
        coalesce(l.field = 'status' and c.base_status = 'completed', false) as is_completion
    from cell_lists as l
    inner join spellings as s on l.list = s.list
    left join codelist_codes as c on s.codelist = c.codelist and s.code = c.code
    where s.code <> 'unclassified'
),

near as (
    select
        t.field,
        t.value,
        coalesce(
            max(o.code) filter (where o.code = t.clear_code),
            arg_max(o.code, (jaro_winkler_similarity(t.folded, o.folded), o.code)) filter (
                where not t.is_unclear
                and t.is_negated = o.is_negated
                and not (o.is_completion and (t.is_negated or t.is_half))
                and jaro_winkler_similarity(t.folded, o.folded) >= 0.88
            )
        ) as nearest_code
    from told as t
    inner join offered as o on t.field = o.field
    where o.code = t.clear_code or jaro_winkler_similarity(t.folded, o.folded) >= 0.88
    group by all
)

select c.source_file, c.field, c.value, sum(c.row_count), any_value(n.nearest_code), c.recipe, any_value(c.word_key)
from missed_values as c
left join near as n on c.field = n.field and c.value = n.value
group by c.source_file, c.recipe, c.field, c.value
order by c.source_file, c.field, sum(c.row_count) desc, c.value, c.recipe;

-- What would a word change, if it were understood? Of an action's classes: those that the word's row states, unless a
-- classification row stands in its place; a row of which nothing is known yet would stand where it is the last one.
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
