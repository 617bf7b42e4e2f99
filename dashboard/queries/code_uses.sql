-- How many published actions, progress reports, and words with staff's meaning use each code?
-- Grain: one row a codelist, code and kind of use.
-- Parameters: none.
with lists as (
    select *
    from (
        values
        ('region', 'regions'), ('subregion', 'subregions'), ('country', 'countries'), ('grouping', 'groupings'),
        ('category', 'categories'), ('theme', 'themes'), ('group', 'stakeholder_groups')
    ) as l (dimension, codelist)
),

meant as (
    select
        w.line,
        w.codelist as list_name,
        unnest(w.codes) as code
    from settled_words as w
)

select
    l.codelist,
    m.member as code,
    'actions' as used_by,
    count(distinct m.action_no) as uses
from action_members as m
inner join lists as l on m.dimension = l.dimension
group by l.codelist, m.member
union all
select 'statuses', status_code, 'reports', count(*)
from progress_reports
where status_code is not null
group by status_code
union all
select c.codelist, c.code, 'words', count(distinct m.line)
from meant as m
inner join codes as c
    on
        m.code = c.code
        and (
            m.list_name = c.codelist
            or (
                list_contains(['regions', 'subregions', 'countries'], m.list_name)
                and list_contains(['regions', 'subregions', 'countries'], c.codelist)
            )
        )
group by c.codelist, c.code
order by codelist, code, used_by
