-- Which key of each report does decisions.csv use? The same report downloaded again has the same key.
-- Grain: one row a progress report.
-- Nothing without: staged_progress_reports.
create view first_report_keys as
select
    row_no,
    sheet_no,
    recipe_no,
    report_id is null as is_nameless,
    report_key(r) || coalesce('/' || round_no, '') as report_key
from staged_progress_reports as r
where not in_register;

-- Keys that two reports share: two surveys that give the same id at the same moment, or answers without an id that
-- stand twice in one sheet. All but one get a number. Reports of one recipe that all have ids never share one.
-- Nothing without: staged_progress_reports.
create table numbered_keys as
with may_share as (
    select bool_or(report_id is null) or count(distinct recipe_no) > 1 as is_needed from staged_progress_reports
    where not in_register
),

keyed as (
    select k.* from first_report_keys as k where (select is_needed from may_share)
),

shared as (
    select report_key
    from keyed
    group by report_key
    having count(*) > 1 and (bool_or(is_nameless) or min(recipe_no) <> max(recipe_no))
),

numbered as (
    select
        k.row_no,
        case
            when k.is_nameless then row_number() over (partition by k.report_key, k.sheet_no order by k.row_no)
            else dense_rank() over (partition by k.report_key order by k.recipe_no)
        end as nth
    from keyed as k
    semi join shared as s on k.report_key = s.report_key
)

select * from numbered where nth > 1;

-- Nothing without: staged_progress_reports.
create view report_keys as
select k.row_no, k.report_key || coalesce('~' || n.nth, '') as report_key
from first_report_keys as k
left join numbered_keys as n on k.row_no = n.row_no;

-- The key of a report whose stakeholder is a person without a public name.
-- Grain: one row a report that names a stakeholder, and whose key is made of that.
-- Nothing without: staged_progress_reports.
create view nameless_report_keys as
select k.row_no, hidden_id(k.report_key) as report_key
from report_keys as k
inner join staged_progress_reports as r on k.row_no = r.row_no
where r.stakeholder is not null
    and (r.report_id is null or r.submitted_at is null)
    and getvariable('id_key') is not null;

-- The reports that staff assigned, and the submission of the action each belongs to; null where it belongs to none.
-- Nothing without: staged_progress_reports; decided.
create table asked_reports as
select k.row_no, k.report_key
from report_keys as k
semi join decided as d on d.verb = 'assign' and k.report_key = d.this
union
select k.row_no, k.report_key
from nameless_report_keys as k
semi join decided as d on d.verb = 'assign' and k.report_key = d.this;

-- Nothing without: decided_assignments.
create table assigned_reports as
select k.row_no, g.kept_row::integer as action_no
from decided_assignments as d
inner join asked_reports as k on d.report_key = k.report_key
left join action_groups as g on d.row_no = g.row_no;

-- Nothing without: decided.
update decided
set why_not = 'what stands under "this" is not in the files'
where
    verb = 'assign' and subject = 'report' and why_not is null and this not in (select report_key from asked_reports);
