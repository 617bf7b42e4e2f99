-- By which key does decisions.csv name each report?
-- Made of the tool's report id and the moment it was sent (with the action it names, where there is no moment), else
-- of all answers: a file's name, recipe or order is no part of it. The same report downloaded again has the same key.
-- Grain: one row a progress report.
create table report_keys as
with told as (
    select
        row_no,
        sheet_no,
        recipe_no,
        report_id is null as is_nameless,
        case
            when report_id is not null and submitted_at is not null then concat_ws(chr(31), report_id, submitted_at)
            when report_id is not null then concat_ws(
                chr(31), report_id, '', coalesce(submission_id, ''), coalesce(stakeholder, ''), coalesce(title, '')
            )
            else concat_ws(
                chr(31),
                '',
                coalesce(submission_id, ''), coalesce(stakeholder, ''), coalesce(title, ''),
                coalesce(submitted_at::varchar, ''), coalesce(reported_on::varchar, ''), coalesce(status, ''),
                coalesce(percent, ''), coalesce(completed_on::varchar, ''), coalesce(wave, ''), coalesce(narrative, '')
            )
        end as words
    from staged_progress_reports
)

select row_no, sheet_no, recipe_no, is_nameless, 'r_' || left(md5(words), 12) as report_key
from told;

-- Keys that two reports share: two surveys that give the same id at the same moment, or answers without an id that
-- stand twice in one sheet. All but one get a number.
create table numbered_keys as
with shared as (
    select report_key
    from report_keys
    group by report_key
    having count(*) > 1 and (bool_or(is_nameless) or min(recipe_no) <> max(recipe_no))
)

select
    k.row_no,
    case
        when k.is_nameless then row_number() over (partition by k.report_key, k.sheet_no order by k.row_no)
        else dense_rank() over (partition by k.report_key order by k.recipe_no)
    end as nth
from report_keys as k
semi join shared as s on k.report_key = s.report_key;

update report_keys
set report_key = report_key || '~' || n.nth
from numbered_keys as n
where report_keys.row_no = n.row_no and n.nth > 1;

-- What staff assigned: the report, and the submission of the action it belongs to; null where it belongs to none.
create table assigned_reports as
select k.row_no, g.kept_row::integer as action_no
from decided_assignments as d
inner join report_keys as k on d.report_key = k.report_key
left join action_groups as g on d.row_no = g.row_no;

update decided
set why_not = 'what stands under "this" is not in the files'
where verb = 'assign' and why_not is null and this not in (select report_key from report_keys);
