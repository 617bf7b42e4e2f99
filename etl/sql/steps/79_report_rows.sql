-- In registers whose completed actions have no day but that of their submission: were they completed on the day of the
-- promise, or is the register kept since? Only a person knows.
-- Grain: one row a sheet.
-- Nothing without: staged_actions where status is not null and submitted_at_day is not null and reported_on is null.
create table submitted_completed as
select distinct s.sheet_no
from staged_actions as s
inner join cell_codes as r on r.field = 'status' and s.sheet_no = r.sheet_no and s.status = r.cell
inner join codelist_codes as c on c.codelist = 'statuses' and r.code = c.code
where
    s.reported_on is null and s.submitted_at_day is not null and s.completed_on is null
    and c.base_status = 'completed';

-- Which numbers were reached on a day that nobody told? The day of its report is that of a number, else the row's own;
-- a submission's day is that of the promise.
-- Grain: one row a staged result.
-- Nothing without: staged_results where actual is not null and actual_on is null.
create table untold_results as
select r.row_no, r.sheet_no, r.source_row, r.actual, a.submitted_at_day
from staged_results as r
left join staged_actions as a on r.block_no is not null and r.sheet_no = a.sheet_no and r.source_row = a.source_row
left join inherited as i on i.kind = 'results' and r.row_no = i.row_no
where
    r.actual is not null
    and r.actual_on is null
    and if(r.block_no is null, r.report_id is null and coalesce(r.told_at_day, i.told_on) is null, a.row_no is not null)
    and a.reported_on is null;

-- A short form of a sheet's statuses without a day: an answer about their day holds for these statuses, and no longer
-- once the file has others.
-- Grain: one row a sheet, and a round of it.
-- Nothing without: (select 1 from staged_progress_reports union all select 1 from untold_results
--     union all select 1 from staged_actions
--     where status is not null or percent is not null or completed_on is not null).
create table untold_statuses as
with told as (
    select sheet_no, round_no, source_row, status, percent, completed_on
    from staged_progress_reports
    where reported_on is null and submitted_at_day is null
    union all
    select sheet_no, null, source_row, status, percent, completed_on
    from staged_actions
    where
        reported_on is null
        and (submitted_at_day is null or sheet_no in (select c.sheet_no from submitted_completed as c))
        and (status is not null or percent is not null or completed_on is not null)
    union all
    select sheet_no, null, source_row, 'reached', actual, null from untold_results
)

select
    t.sheet_no,
    t.round_no,
    left(md5(coalesce(any_value(c.header) filter (t.round_no is not null), '') || string_agg(
        concat_ws(
            chr(31), coalesce(t.status, ''), coalesce(t.percent, ''), coalesce(t.completed_on::varchar, '')
        ), chr(30)
        order by t.source_row, t.status, t.percent
    )), 12) as statuses
from told as t
left join status_columns as c on t.sheet_no = c.sheet_no and t.round_no is not distinct from c.round_no
group by t.sheet_no, t.round_no;

-- The day of the statuses from staff; is_of_submission: each on the day of its submission.
-- Grain: one row a sheet, and a round of it.
-- Nothing without: untold_statuses; staff_answers.
create view staff_days as
select u.sheet_no, u.round_no, try_cast(a.answer as date) as on_day, a.answer = 'rows' as is_of_submission
from untold_statuses as u
inner join staff_answers as a
    on u.sheet_no = a.sheet_no and (u.statuses = a.field or (a.answer = 'rows' and coalesce(a.field, '') = ''))
where a.kind = 'day'
qualify row_number() over (partition by u.sheet_no, u.round_no order by coalesce(a.field, '') = '') = 1;

-- The subject of a report that matches no action, for comparisons.
-- Grain: one row a report, or a round of it.
-- Nothing without: staged_progress_reports.
create table unmatched_subjects as
select
    p.row_no,
    concat_ws(
        chr(31),
        coalesce(p.submission_id, ''),
        array_to_string(list_transform([p.stakeholder, p.title], lambda words: coalesce(fold(words), '')), chr(31))
    ) as subject
from staged_progress_reports as p
left join matched as m on m.kind = 'progress_reports' and p.row_no = m.row_no
where m.action_no is null;

-- Every statement of progress: survey answers, and the status column of a register (a merged row's too: it was true on
-- its day). Without a date of its own a report counts from the recipe's day, else from the submission, else from the
-- staff's day for the statuses of its file; without any its day is unknown, and it counts on no day. In a register of
-- promises that are completed (`submitted_completed`) the day of submission counts only if staff confirm it.
-- is_day_of_file: nothing is known to have happened on it. Percents are read as their column decides: the mark before
-- the decimals, and parts of 1 taken times 100; a percent sign settles its cell. Ambiguous numbers stay empty where
-- nobody has settled them.
-- Grain: one row a report, exact repetitions included.
-- Nothing without: (select 1 from staged_progress_reports union all select 1 from staged_actions
--     where status is not null or percent is not null or completed_on is not null).
create table report_rows as
with stated as (
    select
        'progress_reports' as kind,
        p.row_no,
        p.sheet_no,
        p.recipe_no,
        p.source_row,
        p.report_id,
        p.round_no,
        p.in_register,
        m.action_no,
        false as is_submission_asked,
        p.submitted_at,
        p.submitted_at_day,
        p.reported_on,
        p.is_day_of_recipe,
        p.status,
        p.percent,
        p.completed_on,
        p.wave,
        m.matched_by,
        u.subject,
        p.narrative,
        concat_ws(' ', p.evidence, p.reviewed_by, p.reviewed_on, p.verified_by, p.verified_on) as proof
    from staged_progress_reports as p
    left join matched as m on m.kind = 'progress_reports' and p.row_no = m.row_no
    left join unmatched_subjects as u on p.row_no = u.row_no
    where p.in_register or p.submission_id is not null or p.stakeholder is not null or p.title is not null
    union all
    select
        'actions',
        s.row_no,
        s.sheet_no,
        s.recipe_no,
        s.source_row,
        null,
        null,
        false,
        k.action_no,
        s.sheet_no in (select c.sheet_no from submitted_completed as c),
        s.submitted_at,
        s.submitted_at_day,
        s.reported_on,
        s.is_day_of_recipe,
        s.status,
        s.percent,
        s.completed_on,
        s.wave,
        'same_row',
        null,
        s.narrative,
        concat_ws(' ', s.evidence, s.reviewed_by, s.reviewed_on, s.verified_by, s.verified_on)
    from staged_actions as s
    inner join action_groups as g on s.row_no = g.row_no
    inner join kept_actions as k on g.kept_row = k.row_no
    where s.status is not null or s.percent is not null or s.completed_on is not null
),

-- The expressions that several columns need from a cell: a name beside its expression would have it planned at each
-- place.
numbered as (
    select
        s.* exclude (narrative, proof),
        case when s.report_id is null then md5_number(concat_ws(
            chr(31),
            coalesce(s.action_no::varchar, ''),
            coalesce(s.submitted_at::varchar, ''),
            coalesce(s.reported_on::varchar, ''),
            coalesce(s.status, ''),
            coalesce(s.percent, ''),
            coalesce(s.completed_on::varchar, ''),
            coalesce(s.wave, ''),
            coalesce(s.narrative, ''),
            s.proof
        )) end as answers,
        f.question,
        f.mark_question,
        f.eithers,
        f.mark,
        f.whole,
        d.on_day,
        d.is_of_submission,
        r.code as status_code,
        t.number,
        t.is_signed,
        t.mark as written_mark,
        t.thousands,
        f.cell_numbers > 0 and contains(s.percent, '.') as is_cell_number
    from stated as s
    left join number_texts as t on s.percent = t.words
    left join number_columns as f on s.sheet_no = f.sheet_no and column_key('percent', s.round_no) = f.field
    left join cell_codes as r on r.field = 'status' and s.sheet_no = r.sheet_no and s.status = r.cell
    left join staff_days as d on s.sheet_no = d.sheet_no and s.round_no is not distinct from d.round_no
),

judged as (
    select
        *,
        coalesce(
            (mark_question is not null and written_mark = 'either' and not is_cell_number)
            or (question is not null and not is_signed and number > 0 and number <= 1.2),
            false
        ) as is_open
    from numbered
)

select
    * exclude (
        percent, status, question, mark_question, eithers, mark, whole, on_day, status_code, number, is_signed,
        written_mark, thousands, is_cell_number, is_open, is_submission_asked, is_of_submission
    ),
    status as status_written,
    if(is_submission_asked and not coalesce(is_of_submission, false), null, submitted_at_day) as submission_day,
    coalesce(reported_on, submission_day, on_day) as counts_from,
    reported_on is null and (submitted_at_day is null or is_submission_asked) as is_day_untold,
    (is_day_untold and submission_day is null) or (reported_on is not null and is_day_of_recipe) as is_day_of_file,
    is_open,
    case
        when is_open then null
        when written_mark = 'either' and eithers > 0 and not is_cell_number
            then case when contains(percent, mark) then number when mark is not null then thousands end
        else number
    end * if(whole = 1 and not is_signed, 100, 1) as percent,
    if(is_open, null, percent) as percent_written,
    status_code
from judged;

-- Nothing without: staged_progress_reports.
insert into rejections
select distinct
    'progress_reports',
    sheet_no,
    source_row,
    'submission_id',
    null,
    if(
        (sheet_no, source_row) in (select sheet_no, source_row from orphan_rows),
        'the row it belongs to is not in this export',
        'names no action: neither id, stakeholder nor title'
    )
from staged_progress_reports
where not in_register and submission_id is null and stakeholder is null and title is null;

-- The same report again: the tool's report id came before, about the same action or at the same moment (two surveys
-- that both count from 1 repeat ids, but not these), or every answer and the day are the same. The last one is kept. A
-- report without a known action may occur several times in one sheet: only another sheet repeats it.
-- Nothing without: report_rows.
create table report_repeats as
with repeated_ids as (
    select recipe_no, report_id from report_rows where report_id is not null group by all having count(*) > 1
),

placed as (
    select
        r.*,
        (coalesce(r.submitted_at, timestamptz '0001-01-01'), r.row_no) as place
    from report_rows as r
    semi join repeated_ids as i on r.recipe_no = i.recipe_no and r.report_id = i.report_id
),

by_id as (
    select
        kind,
        row_no,
        place < max(place) over (partition by recipe_no, report_id, action_no, subject, round_no)
        or (
            submitted_at is not null
            and place < max(place) over (partition by recipe_no, report_id, submitted_at, round_no)
        ) as is_repeated
    from placed
),

repeated_answers as (
    select kind, answers from report_rows where answers is not null group by all having count(*) > 1
),

told as (
    select a.row_no, string_agg(concat_ws(chr(31), a.question, a.answers), chr(30) order by a.question) as answers
    from staged_answers as a
    group by a.row_no
),

numbered as (
    select
        r.kind,
        r.row_no,
        r.answers,
        r.subject,
        r.counts_from,
        t.answers as told,
        case when r.action_no is null then
            row_number() over (partition by r.kind, r.sheet_no, r.answers, r.subject, t.answers order by r.row_no)
        end as time_in_sheet
    from report_rows as r
    semi join repeated_answers as b on r.kind = b.kind and r.answers = b.answers
    left join told as t on r.kind = 'progress_reports' and r.row_no = t.row_no
),

by_answers as (
    select
        kind,
        row_no,
        row_no < max(row_no) over (
            partition by kind, answers, subject, counts_from, told, time_in_sheet
        ) as is_repeated
    from numbered
)

select kind, row_no, 'sent again with the same report id: the latest is kept' as why
from by_id
where is_repeated
union all
select kind, row_no, 'the same report again, every answer alike: one is kept'
from by_answers
where is_repeated;

-- Nothing without: report_repeats.
insert into merged_away
select 'progress_reports', r.sheet_no, r.source_row, k.action_id, p.why
from report_rows as r
inner join report_repeats as p on r.kind = p.kind and r.row_no = p.row_no
left join kept_actions as k on r.action_no = k.action_no
where r.kind = 'progress_reports' and r.round_no is null;

-- A row of several rounds is merged where all its content was repeated.
-- Nothing without: report_repeats.
insert into merged_away
select 'progress_reports', r.sheet_no, r.source_row, max(k.action_id), max(p.why)
from report_rows as r
left join report_repeats as p on r.kind = p.kind and r.row_no = p.row_no
left join kept_actions as k on r.action_no = k.action_no
where r.round_no is not null and not r.in_register
group by r.sheet_no, r.source_row
having count(*) = count(p.row_no);
