-- What is the extract of these actions, as codes and as labels in one language?
-- Grain: one row an action, in the register's order.
-- Parameters: selection; lang; said_until (a day, or null); step_words, role_words (in that language); first, last
-- (action_no of a portion).
with labels as (select * from labels_in($lang)),

chosen as (
    select *
    from selected_actions($selection)
    where action_no between $first and $last
),

dimensions as (
    select *
    from (
        values
        ('theme', 'themes'),
        ('region', 'regions'),
        ('subregion', 'subregions'),
        ('grouping', 'groupings'),
        ('country', 'countries')
    ) as d (dimension, codelist)
),

members as (
    select
        m.action_no,
        m.dimension,
        m.member,
        coalesce(l.label, m.member) as label,
        l.sort_order
    from action_members as m
    inner join dimensions as d on m.dimension = d.dimension
    left join labels as l on d.codelist = l.codelist and m.member = l.code
    where m.action_no between $first and $last
),

lists as (
    select
        action_no,
        string_agg(label, '; ' order by sort_order, member) filter (dimension = 'theme') as themes,
        string_agg(label, '; ' order by sort_order, member) filter (dimension = 'region') as regions,
        string_agg(label, '; ' order by sort_order, member) filter (dimension = 'subregion') as subregions,
        string_agg(label, '; ' order by sort_order, member) filter (dimension = 'country') as countries,
        string_agg(label, '; ' order by sort_order, member) filter (dimension = 'grouping') as groupings,
        string_agg(member, '; ' order by sort_order, member) filter (dimension = 'theme') as theme_codes,
        string_agg(member, '; ' order by sort_order, member) filter (dimension = 'region') as region_codes,
        string_agg(member, '; ' order by sort_order, member) filter (dimension = 'subregion') as subregion_codes,
        string_agg(member, '; ' order by sort_order, member) filter (dimension = 'country') as country_codes,
        string_agg(member, '; ' order by sort_order, member) filter (dimension = 'grouping') as grouping_codes
    from members
    group by action_no
),

-- the furthest step behind the status, and the proof that the same report names
proofs as (
    select
        e.action_no,
        s.step,
        s.on_date,
        coalesce(s.source, r.evidence_source) as source,
        s.decided_by
    from evidence_on($as_of) as e
    inner join evidence_steps as s
        on e.report_no = s.report_no and ['claimed', 'evidenced', 'reviewed', 'verified'][e.step_no] = s.step
    inner join progress_reports as r on e.report_no = r.report_no
    where e.action_no between $first and $last
),

-- how many numbers each promises, and how many of them are met
promised as (
    select
        action_no,
        count(*) as results,
        count(*) filter (outcome = 'met') as results_met
    from results_on($as_of)
    where target is not null and action_no between $first and $last
    group by action_no
),

-- the latest reply of each stakeholder to what is shown of its action
replies as (
    select action_no, words, said_on
    from annotations
    where
        kind = 'reply'
        and action_no between $first and $last
        and ($said_until::date is null or said_on is null or said_on <= $said_until::date)
    qualify
        row_number() over (
            partition by action_no
            order by said_on desc nulls last, source_row desc, annotation_no
        ) = 1
)

select
    c.action_id,
    c.title,
    stakeholder_in(c.stakeholder, $lang) as stakeholder,
    coalesce(stakeholder_groups.label, c.stakeholder_group) as "group",
    coalesce(categories.label, c.category) as category,
    l.themes,
    l.regions,
    l.countries,
    coalesce(statuses.label, c.status) as status,
    c.percent,
    c.reported_on,
    c.completed_on,
    c.due_on,
    c.is_overdue,
    l.subregions,
    l.groupings,
    coalesce(details.label, c.status_code) as status_detail,
    c.is_on_time,
    step_in(p.step, $step_words::varchar[]) as evidence,
    p.on_date as evidence_on,
    p.source as evidence_source,
    role_in(p.decided_by, $role_words::varchar[]) as evidence_by,
    coalesce(n.results, 0) as results,
    coalesce(n.results_met, 0) as results_met,
    c.submitted_on,
    a.description,
    a.impact,
    a.communication,
    a.partners,
    a.url,
    s.words as stakeholder_says,
    s.said_on as stakeholder_says_on,
    a.language as language_code,
    l.region_codes,
    l.subregion_codes,
    l.country_codes,
    l.grouping_codes,
    coalesce(c.category, 'unclassified') as category_code,
    l.theme_codes,
    coalesce(c.stakeholder_group, 'unclassified') as group_code,
    c.stakeholder_id,
    c.status as status_code,
    c.status_code as status_detail_code,
    p.step as evidence_code,
    p.decided_by as evidence_by_code,
    a.source_file,
    a.source_sheet,
    a.source_row
from chosen as c
left join proofs as p on c.action_no = p.action_no
left join replies as s on c.action_no = s.action_no
left join promised as n on c.action_no = n.action_no
inner join actions as a on c.action_no = a.action_no
left join lists as l on c.action_no = l.action_no
left join labels as stakeholder_groups
    on stakeholder_groups.codelist = 'stakeholder_groups'
    and coalesce(c.stakeholder_group, 'unclassified') = stakeholder_groups.code
left join labels as categories
    on categories.codelist = 'categories'
    and coalesce(c.category, 'unclassified') = categories.code
left join labels as statuses on statuses.codelist = 'statuses' and c.status = statuses.code
left join labels as details on details.codelist = 'statuses' and c.status_code = details.code
order by c.action_no
