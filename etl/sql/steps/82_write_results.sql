-- The numbers that actions promise, and those that they reach. A row names its action by id, by stakeholder and title,
-- through the row that it stands below in a repeat, or through its report; the numbers of a wide sheet belong to the
-- action or report of their row. What is promised and what is reached may come from different files: they are one
-- result by action, indicator and unit.

-- The numbers that cells state; null where nobody can read them (is_open: staff are asked).
-- Grain: one row a number of a result.
-- Nothing without: result_words.
create table result_numbers as
select
    w.row_no,
    w.sheet_no,
    w.name,
    w.words,
    coalesce(
        (c.mark = 'either' and not c.is_cell_number and m.mark_question is not null)
        or (w.is_percent and m.question is not null and not c.is_signed and c.number > 0 and c.number <= 1.2),
        false
    ) as is_open,
    case
        when is_open then null
        when c.mark = 'either' and not c.is_cell_number then read_number_of(w.words, m.mark)
        else c.number
    end * if(w.is_percent and m.whole = 1 and not c.is_signed, 100, 1) as number
from result_words as w
left join number_cells as c on w.sheet_no = c.sheet_no and w.source_row = c.source_row and w.field = c.field
left join number_columns as m on c.sheet_no = m.sheet_no and c.field = m.field;

-- The actions and reports in whose rows numbers stand. told_on: the day of the promise; reported_on: that from which
-- what the row reports counts.
-- Grain: one row a row of a sheet.
-- Nothing without: staged_results where block_no is not null.
create table result_hosts as
select
    s.sheet_no,
    s.source_row,
    g.kept_row::integer as action_no,
    s.submitted_at as told_at,
    coalesce(s.submitted_at_day, s.reported_on) as told_on,
    s.reported_on,
    k.report_no,
    true as is_submission
from staged_actions as s
inner join action_groups as g on s.row_no = g.row_no
left join kept_reports as k on k.kind = 'actions' and s.row_no = k.row_no
where (s.sheet_no, s.source_row) in (select sheet_no, source_row from staged_results)
union all
select
    r.sheet_no,
    r.source_row,
    max(r.action_no),
    max(r.submitted_at),
    max(r.counts_from),
    max(r.counts_from),
    max(k.report_no),
    false
from report_rows as r
left join kept_reports as k on r.kind = k.kind and r.row_no = k.row_no
where
    r.kind = 'progress_reports'
    and not r.in_register
    and (r.sheet_no, r.source_row) in (select sheet_no, source_row from staged_results)
group by r.sheet_no, r.source_row;

-- Each row of results with its action, its days and its numbers; a row whose unit nobody states takes the only unit in
-- which the action promises this indicator, else the indicator's own. place: the last telling has the greatest.
-- Grain: one row a staged result.
-- Nothing without: staged_results.
create table result_rows as
with reports as (
    select
        r.report_id,
        min(r.action_no) as action_no,
        max(r.submitted_at) as told_at,
        max(r.counts_from) as told_on,
        max(k.report_no) as report_no
    from report_rows as r
    left join kept_reports as k on r.kind = k.kind and r.row_no = k.row_no
    semi join staged_results as s on r.report_id = s.report_id
    group by r.report_id
    having count(distinct r.action_no) = 1
),

numbers as (
    select
        row_no,
        any_value(number) filter (where name = 'baseline') as baseline,
        any_value(number) filter (where name = 'target') as target,
        any_value(number) filter (where name = 'actual') as actual
    from result_numbers
    group by row_no
),

joined as (
    select
        s.row_no,
        s.sheet_no,
        s.source_row,
        s.block_no,
        coalesce(h.action_no, m.action_no, r.action_no) as action_no,
        coalesce(s.told_at, h.told_at, i.told_at, r.told_at) as told_at,
        coalesce(s.told_at_day, h.told_on, i.told_on, r.told_on) as told_on,
        coalesce(
            if(s.told_at_day is null, null, greatest(s.told_at_day, s.actual_on)),
            h.reported_on,
            i.told_on,
            r.told_on,
            s.actual_on,
            d.on_day,
            if(d.is_of_submission and h.is_submission, h.told_on, null)
        ) as reached_on,
        coalesce(h.report_no, r.report_no) as report_no,
        s.baseline_on,
        s.target_on,
        s.actual_on,
        s.how_known,
        n.baseline,
        n.target,
        n.actual,
        c.* exclude (row_no, sheet_no, source_row, block_no, unit),
        c.unit as unit_stated
    from staged_results as s
    inner join result_codes as c on s.row_no = c.row_no
    left join numbers as n on s.row_no = n.row_no
    left join result_hosts as h on s.block_no is not null and s.sheet_no = h.sheet_no and s.source_row = h.source_row
    left join matched as m on m.kind = 'results' and s.row_no = m.row_no
    left join inherited as i on i.kind = 'results' and s.row_no = i.row_no
    left join reports as r on s.block_no is null and i.row_no is null and s.report_id = r.report_id
    left join staff_days as d on s.sheet_no = d.sheet_no and d.round_no is null
),

promised_units as (
    select
        action_no,
        indicator,
        indicator_words,
        min(coalesce(unit_stated, own_unit)) as unit
    from joined
    where target is not null and unit_words is null and action_no is not null
    group by action_no, indicator, indicator_words
    having min(coalesce(unit_stated, own_unit)) = max(coalesce(unit_stated, own_unit))
)

select
    j.*,
    (coalesce(j.told_on, date '0001-01-01'), coalesce(j.told_at, timestamptz '0001-01-01'), j.row_no) as place,
    coalesce(j.unit_stated, if(j.target is null, p.unit, null), j.own_unit, 'unclassified') as unit
from joined as j
left join promised_units as p
    on j.action_no = p.action_no and j.indicator = p.indicator
    and j.indicator_words is not distinct from p.indicator_words;

-- Nothing without: result_rows.
insert into rejections
select
    'results',
    r.sheet_no,
    r.source_row,
    if(n.row_no is null, 'target', 'submission_id'),
    if(
        n.row_no is null,
        coalesce(s.target, s.actual, s.baseline),
        coalesce(s.submission_id, s.report_id, s.stakeholder)
    ),
    case
        when n.row_no is null then 'the result has no number that can be read'
        when (r.sheet_no, r.source_row) in (select sheet_no, source_row from orphan_rows)
            then 'the row it belongs to is not in this export'
        else 'it belongs to no action that is known'
    end
from result_rows as r
inner join staged_results as s on r.row_no = s.row_no
left join result_rows as n on r.row_no = n.row_no and coalesce(n.target, n.actual, n.baseline) is not null
where r.block_no is null and (n.row_no is null or r.action_no is null);

-- The results: the last telling of what is promised, whatever told the baseline. Where a target lies at the
-- baseline or behind it nothing is promised: what is reached is in no share.
-- Grain: one row an action, indicator and unit.
-- Nothing without: result_rows.
create table result_keys as
select
    action_no,
    indicator,
    indicator_words,
    unit,
    unit_words,
    any_value(direction) as direction,
    arg_max(row_no, place) filter (where target is not null) as target_row,
    arg_max(row_no, place) filter (where baseline is not null) as baseline_row,
    arg_max(row_no, place) as last_row,
    (row_number() over (order by min(row_no), unit))::integer as result_no
from result_rows
where action_no is not null and coalesce(target, actual, baseline) is not null
group by action_no, indicator, indicator_words, unit, unit_words
having count(target) + count(actual) > 0 or bool_or(block_no is null);  -- a baseline alone among columns is none

-- Nothing without: result_keys.
insert into snapshot.results
with numbered as (
    select
        k.*,
        b.baseline,
        b.baseline_on,
        t.target,
        t.target_on,
        if(k.direction = 'down', b.baseline - t.target, t.target - coalesce(b.baseline, 0)) as distance
    from result_keys as k
    left join result_rows as t on k.target_row = t.row_no
    left join result_rows as b on k.baseline_row = b.row_no
)

select
    n.result_no,
    n.action_no,
    a.action_id,
    n.indicator,
    n.unit,
    n.baseline,
    n.baseline_on,
    n.target,
    n.target_on,
    if(n.distance > 0, n.distance, null),
    s.told_on,
    f.source_file,
    f.sheet,
    s.source_row
from numbered as n
inner join result_rows as s on coalesce(n.target_row, n.last_row) = s.row_no
inner join kept_actions as a on n.action_no = a.action_no
inner join sheets as f on s.sheet_no = f.sheet_no
order by n.result_no;

-- What was reached: one of several tellings alike.
-- Grain: one row a telling that counts.
-- Nothing without: result_keys.
create table kept_actuals as
with tellings as (
    select r.*, k.result_no, b.baseline as result_baseline
    from result_rows as r
    inner join result_keys as k
        on r.action_no = k.action_no and r.indicator = k.indicator and r.unit = k.unit
        and r.indicator_words is not distinct from k.indicator_words and r.unit_words is not distinct from k.unit_words
    left join result_rows as b on k.baseline_row = b.row_no
    where r.actual is not null
    qualify row_number() over (partition by k.result_no, r.actual, r.actual_on, r.reached_on order by r.place desc) = 1
)

select
    *,
    if(direction = 'down', result_baseline - actual, actual - coalesce(result_baseline, 0)) as result_reached,
    (row_number() over (order by result_no, reached_on, place))::integer as telling_no
from tellings;

-- Nothing without: kept_actuals.
insert into snapshot.result_reports
select
    r.result_no,
    r.action_no,
    a.action_id,
    r.actual,
    r.actual_on,
    r.result_reached,
    r.how_known,
    r.reached_on,
    r.report_no,
    f.source_file,
    f.sheet,
    r.source_row,
    r.telling_no
from kept_actuals as r
inner join kept_actions as a on r.action_no = a.action_no
inner join sheets as f on r.sheet_no = f.sheet_no
order by r.telling_no;

-- From which day to which day is which number the last one told?
-- Nothing without: kept_actuals.
insert into snapshot.result_spells
with spells as (
    select
        result_no,
        action_no,
        reached_on,
        lead(reached_on, 1, date '9999-12-31') over (partition by result_no order by telling_no) as next_on,
        actual,
        result_reached,
        telling_no
    from kept_actuals
    where reached_on is not null
)

select result_no, action_no, reached_on, next_on, actual, result_reached, telling_no
from spells
where reached_on < next_on
order by telling_no;

-- The rows of sheets of results that count; the others tell again what a later one tells.
-- Grain: one row a row.
-- Nothing without: result_keys.
create table kept_results as
select r.row_no, r.sheet_no
from result_rows as r
where
    r.block_no is null
    and (
        r.row_no in (select unnest([target_row, baseline_row]) from result_keys)
        or r.row_no in (select row_no from kept_actuals)
    );

-- Nothing without: result_keys.
insert into merged_away
select
    'results', r.sheet_no, r.source_row, a.action_id, 'told again further on: the last telling is kept'
from result_rows as r
inner join kept_actions as a on r.action_no = a.action_no
where
    r.block_no is null and coalesce(r.target, r.actual, r.baseline) is not null
    and r.row_no not in (select row_no from kept_results);
