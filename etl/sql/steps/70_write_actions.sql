-- Grain: one text. Ids and labels need no more than this to be found by folded words; `fold` takes far longer to plan.
create macro without_signs(words) as replace(
    regexp_replace(strip_accents(lower(words)), '[-_/.,:;()&+#''’]', ' ', 'g'), 'œ', 'oe'
);

-- Which classes have staff set for an action, each field by the row that decides it?
-- Grain: one row an action that is classified.
-- Nothing without: classified.
create table classified_fields as
select
    d.action_no,
    cf.source_file,
    cf.sheet,
    c.source_row,
    cg.code as stakeholder_group,
    cc.code as category,
    cl.code as language,
    dd.due_on
from classified as d
left join staged_classification as c on d.row_no = c.row_no
left join sheets as cf on c.sheet_no = cf.sheet_no
left join staged_classification as dg on d.stakeholder_group_row = dg.row_no
left join
    cell_codes as cg
on cg.field = 'stakeholder_group' and dg.sheet_no = cg.sheet_no and dg.stakeholder_group = cg.cell
left join staged_classification as dc on d.category_row = dc.row_no
left join cell_codes as cc on cc.field = 'category' and dc.sheet_no = cc.sheet_no and dc.category = cc.cell
left join staged_classification as dl on d.language_row = dl.row_no
left join cell_codes as cl on cl.field = 'language' and dl.sheet_no = cl.sheet_no and dl.language = cl.cell
left join staged_classification as dd on d.due_on_row = dd.row_no;

-- Grain: one row an action that staff renamed.
-- Nothing without: renamed_actions.
create table renamed_titles as
select row_no, title, fold(title) as folded from renamed_actions;

-- Grain: one row an action with a description.
-- Nothing without: staged_actions where description is not null.
create table folded_descriptions as
select row_no, fold_text(description) as folded
from staged_actions
where description is not null;

-- The register of actions: the kept submission, with additions and corrections from staff's classification, field by
-- field. The search covers its words, its id, and the names of its places, themes, category and stakeholder group in
-- every language.
-- Grain: one row an action.
insert into snapshot.actions
with named as (
    select action_no, codelist, code from action_places
    union all
    select action_no, 'themes', theme from snapshot.action_themes
),

-- Only codes that an action may have: most countries of a campaign's lists have no action.
folded_codes as (
    select
        codelist,
        code,
        without_signs(array_to_string(map_values(labels), ' ')) as folded,
        row_number() over (order by code, codelist) as nth
    from codelist_codes
    where
        codelist in ('categories', 'stakeholder_groups')
        or (codelist, code) in (select n.codelist, n.code from named as n)
),

-- The words of all codes in their order, from which an action takes those of its own.
every_word as (select list(folded order by nth) as words from folded_codes),

coded as (
    select n.action_no, list_sort(list(c.nth)) as nths
    from named as n
    inner join folded_codes as c on n.codelist = c.codelist and n.code = c.code
    group by n.action_no
),

labelled as (
    select c.action_no, array_to_string(list_select(w.words, c.nths), ' ') as folded
    from coded as c
    cross join every_word as w
)

select
    k.action_no,
    k.action_id,
    s.submission_id,
    coalesce(t.title, s.title),
    st.stakeholder_id,
    coalesce(st.name, s.stakeholder),
    coalesce(d.stakeholder_group, sg.code),
    coalesce(d.category, sc.code),
    p.scope,
    s.submitted_at_day,
    s.submitted_at,
    coalesce(d.due_on, s.due_on, $action_deadline_on),
    coalesce(d.language, sl.code),
    s.description,
    s.impact,
    s.communication,
    s.partners,
    s.url,
    concat_ws(
        ' ',
        t.folded,
        keys.title_key,
        st.folded,
        if(st.key in (select key from person_keys), null, nullif(keys.stakeholder_folded, st.folded)),
        without_signs(k.action_id),
        sd.folded,
        ln.folded,
        fc.folded,
        fg.folded
    ),
    f.source_file,
    f.sheet,
    s.source_row,
    d.source_file,
    d.sheet,
    d.source_row
from kept_actions as k
inner join staged_actions as s on k.row_no = s.row_no
left join folded_descriptions as sd on s.row_no = sd.row_no
inner join action_keys as keys on k.row_no = keys.row_no
left join stakeholder_display as st on keys.stakeholder_key = st.key
left join labelled as ln on k.action_no = ln.action_no
left join renamed_titles as t on k.row_no = t.row_no
inner join sheets as f on s.sheet_no = f.sheet_no
left join
    cell_codes as sg
on sg.field = 'stakeholder_group' and s.sheet_no = sg.sheet_no and s.stakeholder_group = sg.cell
left join cell_codes as sc on sc.field = 'category' and s.sheet_no = sc.sheet_no and s.category = sc.cell
left join cell_codes as sl on sl.field = 'language' and s.sheet_no = sl.sheet_no and s.language = sl.cell
left join action_scopes as p on k.action_no = p.action_no
left join classified_fields as d on k.action_no = d.action_no
left join folded_codes as fc on fc.codelist = 'categories' and coalesce(d.category, sc.code) = fc.code
left join folded_codes as fg on fg.codelist = 'stakeholder_groups' and coalesce(d.stakeholder_group, sg.code) = fg.code;
