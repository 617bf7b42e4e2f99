-- severity: warning
-- Which columns hold text that was read in another alphabet than it was written in: EntitÃ©, Å“uvre, â€™, Entit√©, �?
-- Grain: one row a field of a sheet (of a file, for values that match no code): how many cells, the first such word.
-- Two letters tell: the first byte of a letter of UTF-8, then what another alphabet takes the second one for. Where
-- that is a dash or a quotation mark, which may end a word in capitals, a letter must follow.
with texts as (
    select source_file, source_sheet as sheet, source_row, 'title' as field, title as written, 1 as cells
    from snapshot.actions
    union all
    select source_file, source_sheet, source_row, 'stakeholder', stakeholder, 1 from snapshot.actions
    union all
    select source_file, source_sheet, source_row, 'description', description, 1 from snapshot.actions
    union all
    select source_file, source_sheet, source_row, 'impact', impact, 1 from snapshot.actions
    union all
    select source_file, source_sheet, source_row, 'communication', communication, 1 from snapshot.actions
    union all
    select source_file, source_sheet, source_row, 'partners', partners, 1 from snapshot.actions
    union all
    select source_file, source_sheet, source_row, 'narrative', narrative, 1 from snapshot.progress_reports
    union all
    select source_file, source_sheet, source_row, 'label', label, 1 from snapshot.milestones
    union all
    select source_file, source_sheet, source_row, 'title', title, 1 from snapshot.events
    union all
    select source_file, source_sheet, source_row, 'title', title, 1 from snapshot.stories
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
    null::varchar as action_id,
    source_file,
    sheet,
    min(source_row) as source_row,
    field,
    sum(cells) || ' × ' || left(arg_min(word, (source_row, word)), 60) as value,
    null::varchar as expected
from garbled
group by source_file, sheet, field
