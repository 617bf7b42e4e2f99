-- Macros that write values as cells of an Excel sheet's XML, as `dashboard.extracts.workbook.cells` does for one value at a time.
-- Each gives the text of one cell, and nothing for an unknown or empty value.

-- Grain: the texts of one row, with chr(127) before, between and behind them. Whether one of them may be anything but
-- written as it is: a character that XML 1.0 cannot hold, an escape, a number of a character, a beginning that is
-- guarded lest it be taken for a formula, blanks at an end, or more than fits into a cell. Few rows have such a text.
create macro needs_care(texts, longest) as strlen(texts) > longest or regexp_matches(
    texts,
    '[\x{0}-\x{8}\x{B}-\x{1F}\x{FFFE}\x{FFFF}&<>]|_x|\x{7F}[=+\-@#\t\n ]|[ \t\n]\x{7F}'
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
-- What Excel would read as one character given by its number. Two of them may share an underscore, so the first ones
-- are marked (chr(1) cannot be there any more) before those behind them are looked for.
create macro marked(words) as regexp_replace(words, '_(x[0-9A-Fa-f]{4}[_\x{1}])', chr(1) || '\1', 'g');
create macro literal(words) as case
    when contains(words, '_x') then replace(marked(marked(words)), chr(1), '_x005F_')
    else words
end;
create macro has_outer_blanks(words) as regexp_matches(words, '^[ \t\n\r]|[ \t\n\r]$');

-- A text that needs no care.
create macro simple_cell(place, words) as case
    when words <> '' then concat('<c r="', place, '" t="inlineStr"><is><t>', words, '</t></is></c>')
end;
-- Any text.
create macro text_cell(place, words, guarded_style) as case
    when needs_care(concat(chr(127), words, chr(127)), 1e9) then concat(
        '<c r="', place,
        -- = + - @ # and the blanks that a formula may hide behind
        case when unicode(words) in (61, 43, 45, 64, 35, 9, 10, 13) then concat('" s="', guarded_style) else '' end,
        case
            when has_outer_blanks(words) then '" t="inlineStr"><is><t xml:space="preserve">'
            else '" t="inlineStr"><is><t>'
        end,
        escaped(literal(words)),
        '</t></is></c>'
    )
    else simple_cell(place, words)
end;

-- A web address, which a link elsewhere in the file leads to.
create macro link_cell(place, words, style) as concat(
    '<c r="', place, '" s="', style, '" t="inlineStr"><is><t>', escaped(literal(words)), '</t></is></c>'
);

-- Excel counts a 29 February 1900 that never was; dates before it are written as text.
create macro date_cell(place, day, style) as case
    when day is null then ''
    when day < date '1900-03-01' then concat('<c r="', place, '" t="inlineStr"><is><t>', day, '</t></is></c>')
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
create macro plain_cell(place, number) as case
    when number is null then ''
    else concat(
        '<c r="', place, case typeof(number) when 'BOOLEAN' then '" t="b"><v>' else '" t="n"><v>' end,
        number::bigint, '</v></c>'
    )
end;
