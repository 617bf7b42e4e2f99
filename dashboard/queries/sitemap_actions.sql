-- Which actions does one part of the sitemap list, as lines of it, each in every language?
-- Grain: one row, all lines of the part as one text; null when it lists none.
-- Parameters: page (the address of the page of actions), langs, day (of the build, as text), skipped, listed.
with numbered as (
    select
        row_number() over (order by action_id) - 1 as place,
        url_encode(action_id) as id
    from actions
),

listed as (
    select
        place,
        id,
        format('<xhtml:link rel="alternate" hreflang="x-default" href="{}?action={}"/>', $page::varchar, id)
        || list_aggregate(
            [
                format(
                    '<xhtml:link rel="alternate" hreflang="{2}" href="{0}?lang={2}&amp;action={1}"/>',
                    $page::varchar, id, other
                ) for other in $langs::varchar[]
            ],
            'string_agg', ''
        ) as alternates
    from numbered
    where place >= $skipped and place < $skipped + $listed
),

spoken as (
    select
        listed.place,
        listed.id,
        listed.alternates,
        unnest($langs::varchar[]) as lang
    from listed
)

select
    string_agg(
        format(
            '<url><loc>{}?lang={}&amp;action={}</loc><lastmod>{}</lastmod>{}</url>',
            $page::varchar, lang, id, $day::varchar, alternates
        ),
        chr(10) order by place, lang
    ) as lines
from spoken
