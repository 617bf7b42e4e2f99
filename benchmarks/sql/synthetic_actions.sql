-- A register of made-up actions, written as staff would: labels in three languages, several themes a cell.
-- Grain: one row an action; one in a hundred is a resubmission of the action before it.
-- Parameters: actions, how many; groups, categories, themes, countries: spellings by language.
with numbered as (
    select
        i,
        case when i % 100 = 0 then i - 1 else i end as id,
        i % 3 as tongue,
        (hash(i, 'a') % 1000)::int as a,
        (hash(i, 'b') % 1000)::int as b,
        (hash(i, 'c') % 1000)::int as c,
        (hash(i, 'd') % 1000)::int as d,
        (hash(i, 'e') % 1000)::int as e
    from range(1, $actions::bigint + 1) as r (i)
),

worded as (
    select
        *,
        [$groups_en::varchar[], $groups_fr::varchar[], $groups_es::varchar[]][tongue + 1] as groups,
        [$categories_en::varchar[], $categories_fr::varchar[], $categories_es::varchar[]][tongue + 1] as categories,
        [$themes_en::varchar[], $themes_fr::varchar[], $themes_es::varchar[]][tongue + 1] as themes,
        [$countries_en::varchar[], $countries_fr::varchar[], $countries_es::varchar[]][tongue + 1] as countries
    from numbered
)

select
    'SYN-' || id as "Submission ID",
    'Fictional organisation ' || id // 2 as "Organisation",
    'Action ' || id || ' to keep children in school and out of hazardous work' as "Title of the action",
    'We will work with ' || (10 + a) || ' families in ' || (1 + b % 40) || ' communities, train '
    || (1 + c % 90) || ' inspectors and publish what we learn; this is made-up text number ' || id as "Description",
    'Fewer children in child labour in place ' || d as "Expected impact",
    'Fictional partner ' || e as "Partners",
    'https://example.org/actions/' || id as "Web page",
    strftime(timestamp '2021-01-05 08:00' + to_minutes((i * 37 % 187200)::bigint), '%Y-%m-%d %H:%M:%S') as "Submitted",
    ['English', 'Français', 'Español'][tongue + 1] as "Language",
    case when b < 900 then '2021-12-30' else '2021-10-31' end as "Due on",
    case when a >= 50 then groups[1 + a % len(groups)] end as "Stakeholder group",
    case when b >= 60 then categories[1 + b % len(categories)] end as "Category",
    case
        when c < 40 then null
        when c < 500 then themes[1 + c % len(themes)]
        when c < 800 then themes[1 + c % len(themes)] || ';' || themes[1 + d % len(themes)]
        else themes[1 + c % len(themes)] || '; ' || themes[1 + d % len(themes)] || '; ' || themes[1 + e % len(themes)]
    end as "Themes",
    case
        when d >= 150 and e < 200 then countries[1 + d % len(countries)] || ';' || countries[1 + e % len(countries)]
        when d >= 150 then countries[1 + d % len(countries)]
    end as "Countries",
    case when d < 100 then 'Global' end as "Region"
from worded
order by i
