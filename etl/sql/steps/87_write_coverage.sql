-- How often is each field filled: of all actions, reports and milestones, by region and by wave?
-- An action in several regions counts in each; a row without region or wave counts as unclassified.
-- Grain: one row a kind, dimension, member and field.
create table coverage_members as
select 'region' as dimension, action_no, member from snapshot.action_members where dimension = 'region'
union all
select 'all', action_no, 'all' from snapshot.actions;

create table covered_actions as
with themed as (select distinct action_no from snapshot.action_themes),

located as (select distinct action_no from snapshot.action_countries),

reported as (select distinct action_no from snapshot.report_spells),

staged as (select distinct action_no from snapshot.milestones),

filled as (
    select
        a.action_no,
        a.title is not null as title,
        a.stakeholder is not null as stakeholder,
        a.stakeholder_group is not null as stakeholder_group,
        a.category is not null as category,
        t.action_no is not null as themes,
        a.scope is not null as places,
        c.action_no is not null as countries,
        a.language is not null as language,
        a.submitted_on is not null as submitted_at,
        coalesce(dd.due_on, s.due_on) is not null as due_on,
        a.description is not null as description,
        a.impact is not null as impact,
        a.communication is not null as communication,
        a.partners is not null as partners,
        a.url is not null as url,
        r.action_no is not null as progress_report,
        m.action_no is not null as milestone
    from snapshot.actions as a
    inner join kept_actions as k on a.action_no = k.action_no
    inner join staged_actions as s on k.row_no = s.row_no
    left join classified as d on a.action_no = d.action_no
    left join staged_classification as dd on d.due_on_row = dd.row_no
    left join themed as t on a.action_no = t.action_no
    left join located as c on a.action_no = c.action_no
    left join reported as r on a.action_no = r.action_no
    left join staged as m on a.action_no = m.action_no
),

-- Counted as rows by themselves: else each action's would be counted alone, before they are joined.
placed as materialized (
    select m.dimension, m.member, f.* exclude (action_no)
    from filled as f
    inner join coverage_members as m on f.action_no = m.action_no
)

select
    'actions' as kind,
    dimension,
    member,
    count(*) as rows_total,
    count_if(title) as title,
    count_if(stakeholder) as stakeholder,
    count_if(stakeholder_group) as stakeholder_group,
    count_if(category) as category,
    count_if(themes) as themes,
    count_if(places) as places,
    count_if(countries) as countries,
    count_if(language) as language,
    count_if(submitted_at) as submitted_at,
    count_if(due_on) as due_on,
    count_if(description) as description,
    count_if(impact) as impact,
    count_if(communication) as communication,
    count_if(partners) as partners,
    count_if(url) as url,
    count_if(progress_report) as progress_report,
    count_if(milestone) as milestone
from placed
group by dimension, member;

-- Nothing without: snapshot.progress_reports.
create table covered_reports as
with answered as (select distinct report_no from snapshot.survey_answers),

told as (
    select
        r.action_no,
        coalesce(r.wave, 'unclassified') as wave,
        r.report_id,
        r.submitted_at,
        r.status_code,
        r.percent,
        r.completed_on,
        r.narrative,
        r.language,
        a.report_no as answers
    from snapshot.progress_reports as r
    left join answered as a on r.report_no = a.report_no
),

placed as (
    select 'region' as dimension, coalesce(m.member, 'unclassified') as member, t.* exclude (action_no, wave)
    from told as t
    left join coverage_members as m on t.action_no = m.action_no and m.dimension = 'region'
    union all
    select 'wave', wave, t.* exclude (action_no, wave) from told as t
    union all
    select 'all', 'all', t.* exclude (action_no, wave) from told as t
)

select
    'progress_reports' as kind,
    dimension,
    member,
    count(*) as rows_total,
    count(report_id) as report_id,
    count(submitted_at) as submitted_at,
    count(status_code) as status,
    count(percent) as percent,
    count(completed_on) as completed_on,
    count(narrative) as narrative,
    count(language) as language,
    count(answers) as survey_answers
from placed
group by dimension, member;

-- Nothing without: snapshot.milestones.
create table covered_milestones as
select
    'milestones' as kind,
    d.dimension,
    d.member,
    count(*) as rows_total,
    count(m.label) as label,
    count(m.due_on) as due_on,
    count(m.reached_on) as reached_on
from snapshot.milestones as m
inner join coverage_members as d on m.action_no = d.action_no
group by d.dimension, d.member;

insert into snapshot.field_coverage
with unpivoted as (
    select kind, dimension, member, field, filled, rows_total
    from (
        unpivot covered_actions on columns(* exclude (kind, dimension, member, rows_total)) into name field value filled
    )
    union all
    select kind, dimension, member, field, filled, rows_total
    from (
        unpivot covered_reports on columns(* exclude (kind, dimension, member, rows_total)) into name field value filled
    )
    union all
    select kind, dimension, member, field, filled, rows_total
    from (
        unpivot covered_milestones
        on columns(* exclude (kind, dimension, member, rows_total))
        into name field value filled
    )
)

select kind, dimension, member, field, filled, rows_total
from unpivoted
order by kind, dimension, member, field;
