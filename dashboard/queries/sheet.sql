-- Macros that write values as cells of an Excel sheet's XML. Those that end in `_cell` write one cell, those that end
-- in `_text` the part after its place; nothing for an unknown or empty value. A style is its number in the workbook.

-- Grain: the texts of one row, with chr(127) before, between and behind them. Whether one of them needs care: a
-- character that XML 1.0 cannot hold, an escape, a number of a character, a beginning that looks like a formula
-- (`signs`, as within the brackets of a regular expression), blanks at an end, or more than fits into a cell. Few rows
-- have such a text.
create macro needs_care(texts, longest, signs) as strlen(texts) > longest or regexp_matches(
    texts,
    concat('[\x{0}-\x{8}\x{B}-\x{1F}\x{FFFE}\x{FFFF}&<>]|_x|\x{7F}[', signs, ' ]|[ \t\n]\x{7F}')
);

-- Grain: one text. The characters that XML 1.0 cannot hold; lone surrogates cannot stand in a table.
create macro has_forbidden(words) as
    regexp_matches(words, '[\x{0}-\x{8}\x{B}\x{C}\x{E}-\x{1F}\x{FFFE}\x{FFFF}]');
create macro without_forbidden(words) as
    regexp_replace(words, '[\x{0}-\x{8}\x{B}\x{C}\x{E}-\x{1F}\x{FFFE}\x{FFFF}]', '', 'g');

-- Excel counts a character outside the basic plane twice. A character that cannot be there any more (chr(1)) stands
-- behind each of them while a text is cut, so that it counts twice here too and is never cut in half.
create macro counted_twice(words) as regexp_replace(words, '[\x{10000}-\x{10FFFF}]', '\0' || chr(1), 'g');
create macro is_too_long(words, longest) as coalesce(
    length(words) * 2 > longest and length(counted_twice(words)) > longest, false
);
create macro cut_to(words, longest, mark) as case
    when is_too_long(words, longest)
        then replace(
            regexp_replace(
                left(counted_twice(words), longest - length(counted_twice(mark))), '[\x{10000}-\x{10FFFF}]$', ''
            ),
            chr(1), ''
        ) || mark
    else words
end;

-- A carriage return would be read as a line feed, and blanks at an end would be dropped.
create macro escaped(words) as
    replace(replace(replace(replace(words, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), chr(13), '&#13;');
-- Texts that Excel would read as one character by its number. Two of them may share an underscore, so the first ones
-- are marked (chr(1) cannot be there any more) before those behind them are looked for.
create macro marked(words) as regexp_replace(words, '_(x[0-9A-Fa-f]{4}[_\x{1}])', chr(1) || '\1', 'g');
create macro literal(words) as case
    when contains(words, '_x') then replace(marked(marked(words)), chr(1), '_x005F_')
    else words
end;
create macro has_outer_blanks(words) as regexp_matches(words, '^[ \t\n\r]|[ \t\n\r]$');

-- A cell of any text, behind its place.
create macro simple_text(words, style) as case
    when words <> '' then concat('" s="', style, '" t="inlineStr"><is><t>', words, '</t></is></c>')
end;
create macro escaped_text(words, style) as concat(
    '" s="', style,
    case
        when has_outer_blanks(words) then '" t="inlineStr"><is><t xml:space="preserve">'
        else '" t="inlineStr"><is><t>'
    end,
    escaped(literal(words)),
    '</t></is></c>'
);
create macro careful_text(words, style, guarded_style, signs) as case
    when not needs_care(concat(chr(127), words, chr(127)), 1e9, signs) then simple_text(words, style)
    when regexp_matches(words, concat('^[', signs, ']')) then escaped_text(words, guarded_style)
    else escaped_text(words, style)
end;

-- Excel counts a 29 February 1900 that never was; dates before it are written as text.
create macro date_cell(place, day, style, text_style) as case
    when day is null then ''
    when day < date '1900-03-01'
        then concat('<c r="', place, '" s="', text_style, '" t="inlineStr"><is><t>', day, '</t></is></c>')
    else concat('<c r="', place, '" s="', style, '" t="n"><v>', day - date '1899-12-30', '</v></c>')
end;
create macro number_text(number) as case
    when number = trunc(number) and abs(number) < 1e15 then number::bigint::varchar
    else format('{:.16g}', number)  -- as openpyxl writes it
end;
create macro number_cell(place, number, style) as case
    when number is null then ''
    else concat('<c r="', place, '" s="', style, '" t="n"><v>', number_text(number), '</v></c>')
end;
create macro plain_cell(place, number, style) as case
    when number is null then ''
    else concat(
        '<c r="', place, '" s="', style,
        case typeof(number) when 'BOOLEAN' then '" t="b"><v>' else '" t="n"><v>' end,
        number::bigint, '</v></c>'
    )
end;

-- What are the cells of a sheet's rows, and their links?
-- Grain: one row a row of `source`, a step of the calling statement, in its order and numbered on from `above`. The
-- source has the sheet's columns, and in `texts` the list of those that are texts. Rows get in `written` the cells of
-- these texts, unless all of them may be written as they are (not `needs_care`). Few rows need care, so all texts of a
-- row are checked together, and the steps that clean, cut and escape are written once for all columns: written out for
-- every column, a statement would take the database longer to plan than to run.
-- Parameters: link_no (the place in `texts` of the column of links; 0 for none);
-- room (how many links the sheet may get); longest, mark, link_pattern, longest_link, text_style, guarded_style, signs.
create macro sheet_rows(
    source, above, link_no, room, longest, mark, link_pattern, longest_link, text_style, guarded_style, signs
) as table
with joined as (
    select
        *,
        row_number() over () + above as row_no,
        concat(chr(127), array_to_string(texts, chr(127)), chr(127)) as all_texts
    from query_table(source)
),

looked_at as (
    select
        *,
        row_no::varchar as row_text,
        needs_care(all_texts, longest, signs) as needs_care
    from joined
),

judged as (
    select
        *,
        needs_care and has_forbidden(all_texts) as is_dirty,
        needs_care and strlen(all_texts) > longest as is_long
    from looked_at
),

clean as (
    select
        *,
        case when is_dirty then list_transform(texts, lambda words: without_forbidden(words)) else texts end as clean
    from judged
),

fit as (
    select
        *,
        case when is_long then list_transform(clean, lambda words: cut_to(words, longest, mark)) else clean end as fit
    from clean
),

written as (
    select
        *,
        case when needs_care then list_transform(
            fit, lambda words: careful_text(words, text_style, guarded_style, signs)
        ) end as written,
        case when link_no > 0 then fit[link_no] end as address
    from fit
),

addressed as (
    select
        *,
        coalesce(length(address) <= longest_link and regexp_full_match(address, link_pattern), false) as is_address
    from written
),

linked as (
    select
        *,
        is_address
        -- the linter knows no rows without an order; here it is the order of the source
        and sum(is_address::int) over (rows unbounded preceding) <= room as is_linked -- noqa: PRS
    from addressed
)

select
    *,
    case when is_dirty then len(list_filter(texts, lambda words: has_forbidden(words))) else 0 end as cleaned,
    case when is_long then len(list_filter(clean, lambda words: is_too_long(words, longest))) else 0 end as cut,
    case when is_linked then address end as link
from linked;
