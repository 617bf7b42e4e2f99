-- Which name does the register show for each stakeholder, and which were its spellings?
-- The name is the one from staff, else its most frequent spelling (of several the longest, then the first by alphabet),
-- without doubled blanks.
-- Grain: one row a stakeholder that submitted an action.
create table stakeholder_display as
with settled as (
    select
        coalesce(r.root, w.key) as key,
        w.spelling,
        any_value(n.folded) as folded,
        sum(w.action_rows) as action_rows,
        bool_or(w.action_rows > 0) as is_maker
    from written_keys as w
    left join stakeholder_roots as r on w.key = r.key
    left join stakeholder_names as n on w.spelling = n.spelling
    where w.key <> ''
    group by all
),

tidied as (
    select
        *,
        if(regexp_matches(spelling, '\s\s'), regexp_replace(spelling, '\s+', ' ', 'g'), spelling) as tidy
    from settled
),

named as (
    select
        key,
        arg_min(tidy, (-action_rows, -length(tidy), tidy)) as name,
        arg_min(folded, (-action_rows, -length(tidy), tidy)) as folded,
        list(spelling order by spelling) as spellings
    from tidied
    group by key
    having bool_or(is_maker)
),

shown as (
    select n.key, coalesce(r.name, n.name) as name, n.folded, n.spellings
    from named as n
    left join renamed_stakeholders as r on n.key = r.key
)

select
    key,
    stakeholder_id(key) as stakeholder_id,
    name,
    folded,
    spellings
from shown;

-- Nothing without: renamed_stakeholders.
update stakeholder_display
set folded = fold_text(name)
where key in (select key from renamed_stakeholders);
