-- Table macros that every measure query shares. They are defined beside the read-only snapshot
-- when it is opened, so that the definition of a selection and of its measures stands once.

-- Every action with what its report in force on the day `as_of` says. `status_no` is the place of the
-- status in a stacked bar: completed, in_progress, not_started, discontinued, unclassified, not_reported.
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
        coalesce(completed_on, valid_from) as done_on,
        source_file as report_file,
        -- A number is compared several times faster than a text, and every measure counts by status.
        case status
            when 'completed' then 1
            when 'in_progress' then 2
            when 'not_started' then 3
            when 'discontinued' then 4
            else 5
        end::utinyint as status_no
    from report_spells
    where valid_from <= as_of and as_of < valid_to
)

select
    a.action_no,
    a.action_id,
    a.title,
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
    coalesce(s.status_no = 1 and s.done_on <= a.due_on, false) as is_on_time,
    case when s.status_no = 1 then s.done_on end as completed_on
from actions as a
left join in_force as s on a.action_no = s.action_no;

-- The actions of a selection, as of a day. A null list is no filter; inside a list any code will do.
-- `unclassified` selects the actions that have no code yet; `overdue` and `not_reported` are derived statuses.
-- `q` is words as `fold` leaves them, since search_text is folded too.
-- A filter costs time whether it filters or not: a look into action_members half a statement's planning, others the
-- reading of their columns. `dashboard.queries` therefore defines this macro also without those that a selection
-- does not use; it knows them by `and (name is null or` at their beginning.
-- Grain: one row an action.
create macro selected_actions(as_of, regions, subregions, countries, categories, themes, groups, statuses, q) as table
select *
from actions_on(as_of)
where
    true
    and (categories is null or list_contains(categories, coalesce(category, 'unclassified')))
    and (groups is null or list_contains(groups, coalesce(stakeholder_group, 'unclassified')))
    and (
        statuses is null
        or list_contains(statuses, status)
        or list_contains(statuses, status_code)
        or (list_contains(statuses, 'overdue') and is_overdue)
    )
    and (q is null or contains(search_text, q))
    and (regions is null or action_no in (
        select m.action_no from action_members as m
        where m.dimension = 'region' and list_contains(regions, m.member)
    ))
    and (subregions is null or action_no in (
        select m.action_no from action_members as m
        where m.dimension = 'subregion' and list_contains(subregions, m.member)
    ))
    and (countries is null or action_no in (
        select m.action_no from action_members as m
        where m.dimension = 'country' and list_contains(countries, m.member)
    ))
    and (themes is null or action_no in (
        select m.action_no from action_members as m
        where m.dimension = 'theme' and list_contains(themes, m.member)
    ));
