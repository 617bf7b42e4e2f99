-- What of codes, labels and languages is not as readers need it?

-- query: label_not_translated
-- severity: note
-- What has no name in a language that the campaign is offered in? Readers see the English name, else any.
-- Grain: one row a code (or the campaign's title) and language.
with offered as (
    select language from campaign_languages where is_offered
)

select
    null::integer as action_no,
    c.codelist as field,
    c.code as value,
    o.language as expected
from offered as o
cross join codelist_codes as c
where c.labels[o.language] is null
union all
select null, 'title', null, language
from offered
where language not in (select language from campaign_titles);

-- query: language_not_of_campaign
-- severity: note
-- Which actions are in a language that the campaign does not use?
-- Grain: one row an action.
-- Nothing without: snapshot.actions where language is not null.
select
    a.action_no, 'language' as field, a.language as value,
    (select string_agg(language, ', ' order by language) from campaign_languages) as expected
from snapshot.actions as a
where a.language not in (select language from campaign_languages);

-- query: language_without_interface
-- severity: note
-- In which of the campaign's languages does the interface not speak? It speaks those that it is offered in, else
-- English. Grain: one row a language.
-- Nothing without: campaign_languages where not is_offered.
select
    null::integer as action_no,
    'language' as field,
    language as value,
    coalesce(
        (select string_agg(o.language, ', ' order by o.language) from campaign_languages as o where o.is_offered), 'en'
    ) as expected
from campaign_languages
where not is_offered;

-- query: several_codes
-- severity: note
-- Which cells hold several codes where a field takes one? The first one counts, the others are not used.
-- Grain: one row a cell of a row.
-- Nothing without: resolved where piece_no > 0.
with several as (
    select sheet_no, field, cell, list(code order by piece_no) as codes
    from resolved
    where
        field in ('stakeholder_group', 'category', 'language', 'status')
        and code is not null
        and code <> 'unclassified'
    group by sheet_no, field, cell
    having count(distinct code) > 1
)

select
    s.source_file,
    s.sheet,
    f.source_row,
    f.field,
    array_to_string(v.codes[2:], ', ') as value,
    v.codes[1] as expected
from row_cells as f
inner join several as v on f.sheet_no = v.sheet_no and f.field = v.field and f.cell = v.cell
inner join sheets as s on f.sheet_no = s.sheet_no
where f.kind in ('actions', 'classification', 'progress_reports');

-- query: text_garbled
-- severity: warning
-- Which columns hold text that was read in another alphabet than it was written in: EntitÃ©, Å“uvre, â€™, Entit√©, �?
-- Grain: one row a field of a sheet (of a file, for values that match no code): how many cells, the first such word.
-- Two letters tell: the first byte of a letter of UTF-8, then what another alphabet takes the second one for. Where
-- that is a dash or a quotation mark, which may end a word in capitals, a letter must follow.
with texts as (
    select
        source_file, source_sheet as sheet, source_row,
        unnest(['title', 'stakeholder', 'description', 'impact', 'communication', 'partners']) as field,
        unnest([title, stakeholder, description, impact, communication, partners]) as written, 1 as cells
    from snapshot.actions
    union all
    select source_file, source_sheet, source_row, 'narrative', narrative, 1 from snapshot.progress_reports
    union all
    select source_file, source_sheet, source_row, 'label', label, 1 from snapshot.milestones
    union all
    select source_file, source_sheet, source_row, 'title', title, 1 from snapshot.events
    union all
    select source_file, source_sheet, source_row, 'title', title, 1 from snapshot.stories
    union all
    select source_file, source_sheet, source_row, 'words', words, 1 from snapshot.annotations
    union all
    select source_file, null, null, field, value, rows from snapshot.unmatched_values
    union all
    select s.source_file, s.sheet, s.header_row, if(c.shown = c.header, 'header', 'hidden header'), c.header, 1
    from column_uses as c
    inner join sheets as s on c.sheet_no = s.sheet_no
),

-- A text that has as many letters as bytes has nothing but plain letters (a case, so that it is not searched).
searched as (
    select
        *,
        case
            when strlen(written) > length(written)
                then regexp_extract(
                    written,
                    '[ÂÃ][\x{80}-\x{BF}€‚ƒ„†‡ˆ‰Š‹ŒŽ™š›œžŸ]|Ã[‘’“”•–—˜…]\p{L}|Å[\x{80}-\x{BF}“]|â[€„‚ˆ]'
                    || '|√[©®†™¢ßºª¥≥≠±°´∂∫]|ðŸ|ï¿½|�'
                )
        end as pair
    from texts
),

garbled as (
    select
        * exclude (field, written, pair),
        replace(field, 'hidden ', '') as field,
        if(
            field = 'hidden header',  -- it may name a person
            pair,
            list_filter(string_split_regex(written, '\s+'), lambda word: contains(word, pair))[1]
        ) as word
    from searched
    where pair <> ''
)

select
    source_file,
    sheet,
    min(source_row) as source_row,
    field,
    sum(cells) || ' × ' || left(arg_min(word, (source_row, word)), 60) as value
from garbled
group by source_file, sheet, field;
