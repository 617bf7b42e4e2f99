-- Macros that every measure query shares. They are defined beside the read-only snapshot when it is opened, so that a
-- selection and its measures have one definition.

-- Grain: one report. The place of its status in a stacked bar, from 1 to 4 for an understood base status. A number is
-- compared several times faster than a text, and every measure counts by status.
create macro place_status(status) as
(case status when 'completed' then 1 when 'in_progress' then 2 when 'not_started' then 3 when 'discontinued' then 4
else 5 end)::utinyint;

-- Grain: one action or report. Whether its progress is unknown: no understood status, or no report (6).
create macro is_unknown(status_no) as status_no >= 5;

-- Grain: one text, by language. The text in one language, else in English, else the first there is.
create macro in_language(texts, lang) as coalesce(texts[lang], texts['en'], map_values(texts)[1]);

-- Grain: one stakeholder, as tables have it. Its name; for an unnamed person, the replacement in a language.
create macro stakeholder_in(written, lang) as coalesce(
    (
        select in_language(p.names, lang)
        from person_names as p
        where p.name = written
    ),
    written
);

-- Every stakeholder with all of its names in small letters for a search. A person's name is the replacement, in `names`
-- by language.
-- Grain: one row a stakeholder.
create macro stakeholder_names() as table
select
    s.stakeholder_id,
    s.name,
    s.actions,
    p.names,
    p.name is not null as is_person,
    lower(concat_ws(' ', s.name, array_to_string(map_values(p.names), ' '))) as small_names
from stakeholders as s
left join person_names as p on s.name = p.name;

-- Grain: one stakeholder. Whether each of the folded words (none with a blank inside) is in its names; these lose only
-- case and accents, because folding each of very many takes ten times longer.
create macro holds_words(words, small_names) as
list_bool_and(list_transform(words, lambda word: contains(small_names, word)))
or (
    length(small_names) <> strlen(small_names)  -- it has other letters than plain ones
    and list_bool_and(
        list_transform(words, lambda word: contains(replace(strip_accents(small_names), 'œ', 'oe'), word))
    )
);

-- Every action with its report in force on the day `as_of`. `status_no` is the place of the status in a stacked bar:
-- completed, in_progress, not_started, discontinued, unclassified, not_reported. `completed_on`: the stated day, else
-- that of the first of the reports in a row that state the completion; a day for a whole file is no day of completion.
-- `is_on_time` is null where no report states the day of completion and the first one that states the completion came
-- after the deadline.
-- Grain: one row an action.
create macro actions_on(as_of) as table
with in_force as (
    select
        action_no,
        report_no,
        valid_from as reported_on,
        percent,
        status_code,
        status,
        coalesce(completed_on, status_since) as done_by,
        case when completed_on is not null or not is_day_of_file then done_by end as done_on,
        completed_on is not null as is_day_stated,
        source_file as report_file,
        place_status(status) as status_no
    from report_spells
    where valid_from <= as_of and as_of < valid_to
)

select
    a.action_no,
    a.action_id,
    a.title,
    a.stakeholder_id,
    a.stakeholder,
    a.stakeholder_group,
    a.category,
    a.scope,
    a.submitted_on,
    a.due_on,
    a.language,
    a.search_text,
    a.source_file,
    a.classification_file,
    s.report_no,
    s.report_file,
    s.reported_on,
    s.percent,
    s.status_code,
    case when s.report_no is null then 'not_reported' else coalesce(s.status, 'unclassified') end as status,
    coalesce(s.status_no, 6) as status_no,
    s.report_no is not null as is_reported,
    coalesce(s.status_no = 1, false) as is_completed,
    as_of > a.due_on and coalesce(s.status_no not in (1, 4), true) as is_overdue,
    case
        when coalesce(s.status_no = 1, false) = false then false
        when s.done_by <= a.due_on then true
        when s.is_day_stated then false
    end as is_on_time,
    case when s.status_no = 1 then s.done_on end as completed_on
from actions as a
left join in_force as s on a.action_no = s.action_no;

-- The sort keys of the register: a number of a column, a date, or a text, each null for columns of the other kinds;
-- unknown values are null as well. The register's pages and an action's place in it share this.
-- Grain: one action on a day.
create macro register_number(sort, code_order, percent, is_overdue, status, category, stakeholder_group) as
case sort
    when 'percent' then percent
    when 'is_overdue' then is_overdue::double
    when 'status' then list_position(code_order, status)
    when 'category' then list_position(code_order, coalesce(category, 'unclassified'))
    when 'group' then list_position(code_order, coalesce(stakeholder_group, 'unclassified'))
end;

create macro register_date(sort, submitted_on, due_on, reported_on, completed_on) as
case sort
    when 'submitted_on' then submitted_on
    when 'due_on' then due_on
    when 'reported_on' then reported_on
    when 'completed_on' then completed_on
end;

create macro register_text(sort, title, stakeholder, action_id, language) as
case sort
    when 'title' then strip_accents(lower(title))
    when 'stakeholder' then strip_accents(lower(stakeholder))
    when 'action_id' then action_id
    when 'language' then language
end;

-- Grain: one action. Its place against another one in the register: before it below 0, the same 0, after it above 0.
-- Keys are numbers, dates or texts; unknown ones (null) come last in both directions, and equal ones keep the
-- register's order.
create macro compare_places(key, action_no, other_key, other_no, descending) as
case
    when key is not distinct from other_key then sign(action_no - other_no)
    when key is null then 1
    when other_key is null or (key < other_key) <> descending then -1
    else 1
end;

-- Grain: one milestone. The code of its outcome, by `outcome_no` of `milestones_on`: due and reached, due and missed,
-- due and unknown, reached though not due (ahead), coming, without a date.
create macro outcome_code(outcome_no) as ['reached', 'missed', 'unknown', 'ahead', 'coming', 'undated'][outcome_no];

-- Every milestone with its state on the day `as_of`. `outcome_no` is its place in a stacked bar, and `outcome_code`
-- names it. This macro decides which milestone was missed. One that is due and not reached is unknown without news
-- since it was due, from its report or submission, or, for a list without days, from a report on its action: silence is
-- not failure.
-- Grain: one row a milestone.
create macro milestones_on(as_of) as table
select
    m.milestone_no,
    m.action_no,
    m.action_id,
    m.label,
    m.due_on,
    m.reached_on,
    m.told_on,
    m.source_file,
    m.source_sheet,
    m.source_row,
    case
        when m.due_on <= as_of and m.reached_on <= as_of then 1
        when m.due_on <= as_of and coalesce(m.told_on, s.valid_from) between m.due_on and as_of then 2
        when m.due_on <= as_of then 3
        when m.reached_on <= as_of then 4
        when m.due_on is not null then 5
        else 6
    end::utinyint as outcome_no,
    coalesce(m.due_on <= as_of and m.reached_on <= as_of and m.reached_on > m.due_on, false) as is_late,
    coalesce(
        m.due_on > as_of and m.due_on <= as_of::date + 30 and (m.reached_on is null or m.reached_on > as_of), false
    ) as is_soon
from milestones as m
left join report_spells as s on m.action_no = s.action_no and s.valid_from <= as_of and as_of < s.valid_to;

-- Grain: one day. The month that it is in.
create macro month_of(on_day) as coalesce(strftime(on_day, '%Y-%m'), 'unclassified');

-- Grain: one action on a day. The survey wave of its report in force.
create macro wave_of(report_in_force, wave_of_report) as
if(report_in_force is null, 'not_reported', coalesce(wave_of_report, 'no_wave'));

-- The months in which each action has a milestone due.
-- Grain: one row an action and month.
create macro months_due() as table
select distinct
    action_no,
    month_of(due_on) as code
from milestones;

-- The conditions of a selection's filters on an action; `dashboard.queries` declares the condition of each filter, and
-- makes `selected_actions` of them. Any code of a list is enough.

-- Grain: one action. Whether its code is one of the chosen ones; `unclassified` chooses those that have none yet.
create macro has_code(chosen, code) as list_contains(chosen, coalesce(code, 'unclassified'));

-- Grain: one action. Whether its status is one of the chosen ones: the campaign's status, its base status, or a derived
-- one (`overdue`, `not_reported`).
create macro has_status(chosen, base_status, own_status, is_late) as
list_contains(chosen, base_status)
or list_contains(chosen, own_status)
or (list_contains(chosen, 'overdue') and is_late);

-- Grain: one action. Whether it names one of the chosen members of a dimension with several values.
create macro names_member(chosen, dimension_name, named_by) as named_by in (
    select m.action_no from action_members as m
    where m.dimension = dimension_name and list_contains(chosen, m.member)
);

-- The furthest step of evidence for each action's status on the day `as_of`: only steps done by then count, from a
-- report or by staff. `step_no` is 1 claimed, 2 evidenced, 3 reviewed, 4 verified, and each step includes those before
-- it: completed actions that are at least evidenced are those with step_no >= 2. `report_no` is the step's report.
-- Grain: one row an action whose report in force states an understood status.
create macro evidence_on(as_of) as table
select action_no, step_no, report_no
from evidence_spells
where valid_from <= as_of and as_of < valid_to;

-- Grain: one step of evidence, as a code. Its word, from a language's words in the order of the steps.
create macro step_in(step, words) as words[list_position(['claimed', 'evidenced', 'reviewed', 'verified'], step)];

-- Grain: one step of evidence. The role of its decider, as a code: its word, from those of a language.
create macro role_in(role, words) as words[list_position(['stakeholder', 'secretariat', 'independent', 'staff'], role)];

-- Grain: one action. Whether the furthest step behind its status on a day is one of the chosen ones.
create macro has_evidence(chosen, action, as_of) as action in (
    select e.action_no from evidence_on(as_of) as e
    where list_contains(chosen, ['claimed', 'evidenced', 'reviewed', 'verified'][e.step_no])
);

-- Grain: one action. Whether its text holds each of the folded words, in whatever order.
create macro contains_every(words, folded) as
list_bool_and(list_transform(words, lambda word: contains(folded, word)));

-- Every action whose text holds each of the folded words.
-- Grain: one row an action.
create macro worded_actions(words) as table
select * from actions where contains_every(words, search_text);

-- How many rows does each action have in the extract of themes and countries (`extract_themes_countries.sql`), with one
-- for each of its themes in each of its places?
-- Grain: one row an action that has both.
create macro themes_countries_rows() as table
with stated_subregions as (
    select s.action_no, c.parent as region
    from action_subregions as s
    anti join action_countries as a on s.action_no = a.action_no and s.subregion = a.subregion
    left join codes as c on c.codelist = 'subregions' and s.subregion = c.code
),

named as (
    select action_no, region from action_countries
    union all
    select action_no, region from stated_subregions
),

regions_only as (
    select m.action_no
    from action_members as m
    anti join named as n on m.action_no = n.action_no and m.member = n.region
    where m.dimension = 'region'
),

all_places as (
    select action_no from named
    union all
    select action_no from regions_only
),

places as (
    select action_no, count(*) as places
    from all_places
    group by action_no
),

themes as (
    select action_no, count(*) as themes
    from action_members
    where dimension = 'theme'
    group by action_no
)

select
    t.action_no,
    t.themes * p.places as sheet_rows
from themes as t
inner join places as p on t.action_no = p.action_no;
