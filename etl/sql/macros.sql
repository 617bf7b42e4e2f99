-- The reading of the texts of exports: days, moments, numbers, yes/no columns, personal data in prose. A lambda gets
-- the values that a macro needs several times: an argument would be planned anew at each place.

-- The month of a name in English, French or Spanish, without accents; null for any other word.
create macro month_number(word) as case left(word, 3)
    when 'jan' then 1 when 'ene' then 1
    when 'feb' then 2 when 'fev' then 2
    when 'mar' then 3
    when 'apr' then 4 when 'avr' then 4 when 'abr' then 4
    when 'may' then 5 when 'mai' then 5
    when 'jun' then 6
    when 'jul' then 7
    when 'jui' then case when left(word, 4) = 'juin' then 6 when left(word, 4) = 'juil' then 7 end
    when 'aug' then 8 when 'aou' then 8 when 'ago' then 8
    when 'sep' then 9 when 'set' then 9
    when 'oct' then 10
    when 'nov' then 11
    when 'dec' then 12 when 'dic' then 12
end;

create macro day_of(y, m, d) as try_cast(
    concat_ws(
        '-', lpad(case when length(y) = 2 then '20' || y else y end, 4, '0'), lpad(m, 2, '0'), lpad(d, 2, '0')
    ) as date
);

-- a/b/year: the part over 12 is the day; else the order that the column has.
create macro day_of_pair(parts, date_order) as list_transform(
    [parts],
    lambda part: case
        when part[3] is null or part[3] = '' then null
        when part[1]::integer > 12 then day_of(part[3], part[2], part[1])
        when part[2]::integer > 12 or date_order = 'mdy' then day_of(part[3], part[1], part[2])
        else day_of(part[3], part[2], part[1])
    end
)[1];

-- 12 March 2021, 1er juin 2021, 12 d'août 2021, 12 de septiembre de 2021, 5-Dec-21; March 12, 2021.
-- The parts: day, month's name, year; a year of two digits only at the end.
create macro day_month_year(words) as regexp_extract(
    words,
    '\b(\d{1,2})(?:st|nd|rd|th|er|o|º)?[.\s-]+(?:de\s+|of\s+|d[''’]\s?)?([a-z]{3,})[.,\s-]+(?:del?\s+)?(\d{4}\b|\d\d$)',
    ['d', 'm', 'y']
);
create macro month_day_year(words) as regexp_extract(
    words, '\b([a-z]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b', ['m', 'd', 'y']
);
create macro day_of_names(parts) as
    list_transform([parts], lambda part: day_of(part.y, month_number(part.m)::varchar, part.d))[1];
create macro day_of_words(words) as coalesce(day_of_names(day_month_year(words)), day_of_names(month_day_year(words)));

-- A spreadsheet's serial number of a day (1954 to 2119), counted from 1899-12-30.
create macro day_of_serial(words) as case
    when regexp_full_match(words, '[2-7]\d{4}(\.\d+)?') then date '1899-12-30' + floor(words::double)::integer
end;

create macro year_month_day(words) as regexp_extract(
    words, '^(\d{4})[./-](\d{1,2})[./-](\d{1,2})\b', ['y', 'm', 'd']
);
create macro day_of_numbers(parts) as list_transform([parts], lambda part: day_of(part.y, part.m, part.d))[1];
create macro leading_pair(words) as regexp_extract(words, '^\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})\b');

-- Which order of day and month a/b/year proves; `either` where it can be read both ways, `same` where that is one.
create macro pair_parts(words) as regexp_extract(
    words, '^(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b', ['a', 'b', 'y']
);
create macro pair_proves(words) as list_transform(
    [pair_parts(words)],
    lambda part: list_transform(
        [struct_pack(a := try_cast(part.a as integer), b := try_cast(part.b as integer))],
        lambda n: case
            when n.a between 13 and 31 and n.b between 1 and 12 then 'day_first'
            when n.b between 13 and 31 and n.a between 1 and 12 then 'month_first'
            when n.a = n.b and n.a between 1 and 12 then 'same'
            when n.a between 1 and 12 and n.b between 1 and 12 then 'either'
        end
    )[1]
)[1];

-- 20211205
create macro day_of_digits(words) as case
    when regexp_full_match(words, '(19|20)\d{6}')
        then day_of(left(words, 4), substr(words, 5, 2), substr(words, 7, 2))
end;

-- A month, quarter, half-year or year stands for its last day: "in Q3 2021" means by its end.
create macro last_day_of(y, m) as last_day(try_cast(
    concat(case when length(y) = 2 then '20' || y else y end, '-', lpad(m, 2, '0'), '-01') as date
));
create macro year_month(words) as regexp_extract(words, '^(\d{4})[./-](\d{1,2})$', ['y', 'm']);
create macro month_year(words) as regexp_extract(words, '^(\d{1,2})[./-](\d{4})$', ['m', 'y']);
-- December 2021, décembre 2021, diciembre de 2021, end of December 2021; Dec-21 as spreadsheets show a month.
create macro named_month(words) as regexp_extract(
    words,
    '^(?:end of |end |fin de |fin |fines de |finales de |by |en |in )?'
    || '(jan|january|janv|janvier|ene|enero|feb|february|fev|fevr|fevrier|febrero|mar|march|mars|marzo|apr|april|avr'
    || '|avril|abr|abril|may|mai|mayo|jun|june|juin|junio|jul|july|juil|juillet|julio|aug|august|aout|ago|agosto|sep'
    || '|sept|september|septembre|septiembre|set|setiembre|oct|october|octobre|octubre|nov|november|novembre|noviembre'
    || '|dec|december|decembre|dic|diciembre)[.,]?(?: (?:of |de |del )?| ?[/-] ?)(\d{4})$',
    ['m', 'y']
);
create macro short_month(words) as regexp_extract(words, '^([a-z]{3,4})\.?-(\d\d)$', ['m', 'y']);
-- Quarters and half-years: Q3 2017, T3 2021, 2021-Q3, Q4/2021, 4T 2021, 3rd quarter of 2021, quarter 4, 2021,
-- IV quarter of 2021, 2e trimestre 2021, 4.º trimestre de 2021; H1 2021, S2 2021, 2021-H1, first half of 2021.
-- The pattern of the part is put together once: which one of four, with the words around it.
create macro part_of_year(before, after) as
    '(?:' || before || ')?([1-4]|i{1,3}|iv|first|second|third|fourth|premiere?|deuxieme|troisieme|quatrieme'
    || '|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa])\.?(?:st|nd|rd|th|ers?|ere|eme|e|ero|do|er|to|o|a|º|ª|°)?\.?'
    || '(?: ?(?:' || after || '))?';
create macro quarter_pattern() as part_of_year(
    'q ?|t ?|qtr\.? ?|trim\.? ?|quarter |trimestre |trimester ',
    'quarter|trimestre|trimester|trim\.?|qtr\.?|[qt]'
);
create macro half_pattern() as part_of_year(
    'hy? ?|s ?|half(?:[ -]?year)? |sem\.? ?|semestre |semester ',
    'half(?:[ -]?year)?|semestre|semester|sem\.?|mitad|moitie|[hs]'
);
create macro part_then_year(words, pattern) as regexp_extract(
    words,
    '^(?:by |in |en |au |(?:the )?end of |fin de |fin du |finales del? )?(?:the |le |la |el )?' || pattern
    || '(?:[.,]? ?(?:of |de l.annee |de |del )?| ?[/-] ?)(\d{4})$',
    ['part', 'y']
);
create macro year_then_part(words, pattern) as
    regexp_extract(words, '^(\d{4}),?[ ./-]*' || pattern || '$', ['y', 'part']);
create macro part_number(word) as case
    when word in ('1', 'i', 'first') or left(word, 6) in ('premie', 'primer') then 1
    when word in ('2', 'ii', 'second') or left(word, 6) in ('deuxie', 'segund') then 2
    when word in ('3', 'iii', 'third') or left(word, 6) in ('troisi', 'tercer') then 3
    when word in ('4', 'iv', 'fourth') or left(word, 5) in ('quatr', 'cuart') then 4
end;
create macro last_day_of_part(parts, months) as
    list_transform(
        [parts],
        lambda p: case
            when part_number(p.part) * months <= 12 then last_day_of(p.y, (part_number(p.part) * months)::varchar)
        end
    )[1];
create macro last_day_of_month(parts) as list_transform([parts], lambda part: last_day_of(part.y, part.m))[1];
create macro last_day_of_named(parts) as
    list_transform([parts], lambda part: last_day_of(part.y, month_number(part.m)::varchar))[1];

create macro day_of_period(words) as case when regexp_matches(words, '^(19|20)\d\d|(19|20)\d\d$|-\d\d$') then coalesce(
    last_day_of_month(year_month(words)),
    last_day_of_month(month_year(words)),
    last_day_of_named(named_month(words)),
    last_day_of_named(short_month(words)),
    case when regexp_matches(words, '\b[qt] ?[1-4]|[1-4] ?[qt](\b|\d)|^\d{4}[qt]|quart|trim|qtr') then coalesce(
        last_day_of_part(part_then_year(words, quarter_pattern()), 3),
        last_day_of_part(year_then_part(words, quarter_pattern()), 3)
    ) end,
    case when regexp_matches(words, '\b[hs]y? ?[12]|[12] ?[hs](\b|\d)|^\d{4}[hs]|half|sem|mitad|moitie') then coalesce(
        last_day_of_part(part_then_year(words, half_pattern()), 6),
        last_day_of_part(year_then_part(words, half_pattern()), 6)
    ) end,
    case when regexp_full_match(words, '(19|20)\d\d') then last_day_of(words, '12') end
) end;

create macro day_of_leading_pair(words, date_order) as
    day_of_pair(regexp_split_to_array(nullif(leading_pair(words), ''), '[./-]'), date_order);
create macro day_of_signs(words, date_order) as coalesce(
    day_of_numbers(year_month_day(words)),
    day_of_leading_pair(words, date_order),
    day_of_serial(words),
    day_of_digits(words)
);
create macro day_in_words(words) as list_transform(
    [lower(strip_accents(words))], lambda bare: coalesce(day_of_words(bare), day_of_period(bare))
)[1];
create macro read_day_slowly(words, date_order) as coalesce(day_of_signs(words, date_order), day_in_words(words));

-- The day at the end of a name or header (`Status (Dec 2021)`, `Round Q3 2021`), by its last words, as many as are one;
-- a year alone is none.
create macro day_in_title(title) as list_transform(
    [regexp_split_to_array(trim(regexp_replace(title, '[()\[\],_\s]+', ' ', 'g')), ' ')],
    lambda words: list_filter(
        list_transform(
            list_transform(
                list_filter([4, 3, 2, 1], lambda n: n <= len(words)), lambda n: array_to_string(words[-n:], ' ')
            ),
            lambda last_words: case
                when
                    not regexp_full_match(last_words, '\d{4,6}')
                    and coalesce(pair_proves(last_words) <> 'either', true)
                    then read_day_slowly(last_words, 'none')
            end
        ),
        lambda on_day: on_day is not null
    )[1]
)[1];

-- A day whose month and day a spreadsheet has swapped.
create macro turn_day(on_day) as coalesce(try_cast(strftime(on_day, '%Y-%d-%m') as date), on_day);

create macro read_day(words, date_order) as case
    when words is null then null
    when words[5] = '-' and words[8] = '-' then try_cast(left(words, 10) as date)
    else read_day_slowly(words, date_order)
end;

-- The clock of a text such as `13/11/2023 4:20:37 pm`, from midnight on.
create macro clock(words) as regexp_extract(words, '(\d{1,2}):(\d{2})(?::(\d{2}))?', ['h', 'm', 's']);
create macro half_day(words) as lower(regexp_extract(words, '(?i)\b([ap])\.?\s?m\b', 1));
create macro since_midnight(parts, half) as
    to_hours(coalesce(try_cast(parts.h as integer), 0) % case when half = '' then 24 else 12 end)
    + to_hours(case when half = 'p' then 12 else 0 end)
    + to_minutes(coalesce(try_cast(parts.m as integer), 0))
    + to_seconds(coalesce(try_cast(parts.s as integer), 0));

-- The offset of a clock with this zone from UTC: `+02:00`, `GMT-5`, or the letters that Google Forms writes.
create macro zone_offset(words) as regexp_extract(
    words, '(?i)[\dmz.]\s?(?:(?:gmt|utc)\s?)?([+-])(\d{1,2})(?::?(\d{2}))?$', ['sign', 'h', 'm']
);
create macro zone_letters(words) as lower(regexp_extract(words, '(?i)(?:\d|[ap]\.?\s?m\.?)\s+([a-z]{3,4})$', 1));
create macro offset_minutes(parts) as list_transform(
    [parts],
    lambda part: if(part.sign = '-', -1, 1)
    * (coalesce(try_cast(part.h as integer), 0) * 60 + coalesce(try_cast(part.m as integer), 0))
)[1];
create macro zone_minutes(zone) as list_transform([zone], lambda letters: case
    when letters in ('wat', 'cet', 'bst', 'west') then 60
    when letters in ('cest', 'cat', 'eet', 'sast') then 120
    when letters in ('eest', 'eat', 'msk', 'trt') then 180
    when letters = 'pkt' then 300
    when letters = 'npt' then 345
    when letters = 'bdt' then 360
    when letters in ('ict', 'wib') then 420
    when letters in ('hkt', 'pht', 'sgt') then 480
    when letters in ('jst', 'kst') then 540
    when letters in ('brt', 'art', 'uyt', 'clst') then -180
    when letters in ('clt', 'bot', 'vet', 'pyt', 'edt') then -240
    when letters in ('cot', 'pet', 'ect', 'est', 'cdt') then -300
    when letters in ('mdt', 'cst') then -360
    when letters in ('mst', 'pdt') then -420
    when letters = 'pst' then -480
    else 0
end)[1];
create macro before_utc(words) as
    to_minutes(offset_minutes(zone_offset(words)) + zone_minutes(zone_letters(words)));

-- A moment; without a zone it is taken as UTC. The day alone stands for its first moment.
-- slow_day: the result of `read_day_slowly` for the same words.
create macro read_moment(words, slow_day) as case
    when words is null then null
    when words[5] = '-' and words[8] = '-' then coalesce(
        try_cast(words as timestamptz),
        try_cast(left(words, 10) as timestamp)::timestamptz
        + since_midnight(clock(words[11:]), half_day(words)) - before_utc(words[11:])
    )
    when regexp_full_match(words, '[2-7]\d{4}\.\d+') then
        (timestamp '1899-12-30' + to_seconds(round(words::double * 86400)::bigint))::timestamptz
    else slow_day::timestamp::timestamptz + case
        when contains(words, ':') then since_midnight(clock(words), half_day(words)) - before_utc(words)
        else interval 0 second
    end
end;

-- The value of the usual ISO form, at once; null for everything else, which the two macros above take apart.
create macro quick_day(words) as case
    when words[5] = '-' and words[8] = '-' then try_cast(left(words, 10) as date)
end;
create macro quick_time(words) as case
    when words[5] = '-' and words[8] = '-' then try_cast(words as timestamptz)
end;

-- A number with `.` or `,` before its decimals, with or without a percent sign; `1.234,5`, `1 234`, `45 pour cent`.
-- Where both marks stand, the last one begins the decimals; a mark that stands twice separates thousands.
create macro bare_number(words) as
    regexp_replace(lower(words), '[\s\p{Z}''’%]|per ?cent|pour ?cent|por ?ciento', '', 'g');
create macro with_point(words) as case
    when regexp_full_match(words, '[+-]?\d{1,3}([.]\d{3})+,\d+|[+-]?\d{1,3}([.]\d{3}){2,}')
        then replace(replace(words, '.', ''), ',', '.')
    when regexp_full_match(words, '[+-]?\d{1,3}(,\d{3})+[.]\d+|[+-]?\d{1,3}(,\d{3}){2,}') then replace(words, ',', '')
    when regexp_full_match(words, '[+-]?\d+([.,]\d+)?') then replace(words, ',', '.')
end;
create macro read_number(words) as coalesce(
    try_cast(replace(trim(replace(words, '%', '')), ',', '.') as double),
    try_cast(with_point(bare_number(words)) as double)
);

-- A number among other words: digits with the signs that stand between them.
create macro number_pattern() as '[+-]?\d+([\d.,''’\s\p{Z}]*\d)?';

-- The mark before a number's decimals: `,` or `.`, where it is plain; `either` where the three digits behind its only
-- mark can be thousands as well as decimals (1,200). And the number, where the column has one of the marks.
create macro decimal_mark(words) as list_transform(
    [bare_number(words)],
    lambda bare: case
        when regexp_full_match(bare, '[+-]?\d{1,3}([.]\d{3})+,\d+|[+-]?\d{1,3}([.]\d{3}){2,}') then ','
        when regexp_full_match(bare, '[+-]?\d{1,3}(,\d{3})+[.]\d+|[+-]?\d{1,3}(,\d{3}){2,}') then '.'
        when regexp_full_match(bare, '[+-]?[1-9]\d{0,2}[.,]\d{3}') then 'either'
        when regexp_full_match(bare, '[+-]?\d*,\d+') then ','
        when regexp_full_match(bare, '[+-]?\d*[.]\d+') then '.'
    end
)[1];
create macro read_number_of(words, mark) as
    case
        when decimal_mark(words) is distinct from 'either' or contains(words, mark) then read_number(words)
        when mark is not null then try_cast(regexp_replace(bare_number(words), '[.,]', '') as double)
    end;

-- Whether a cell itself shows that it is a percentage.
create macro says_percent(words) as regexp_matches(lower(words), '%|per ?cent|pour ?cent|por ?ciento');

-- Whether the cell of a one-column-a-choice question marks the choice as taken.
create macro is_chosen(words) as words is not null
    and lower(words) not in (
        '0', '0.0', 'no', 'non', 'n', 'false', 'faux', 'falso', 'not selected', 'unchecked', '-', 'n/a'
    );

-- Whether such a cell marks it itself, by a word for yes, or by a mark.
create macro says_yes(words) as lower(words) in (
    'yes', 'oui', 'si', 'sí', 'sim', 'ja', 'true', 'vrai', 'verdadero', 'y', 'o', 's', 'selected', 'checked'
);
create macro is_mark(words) as lower(words) in ('x', '✓', '✔', '☑');
create macro is_surely_chosen(words) as coalesce(says_yes(words) or is_mark(words) or words in ('1', '1.0'), false);

-- The words that people write into a cell for yes; and for no.
create macro is_yes(words) as list_contains(
    ['yes', 'y', 'x', 'ok', 'true', '1', '1 0', 'oui', 'o', 'vrai', 'si', 's', 'verdadero'], fold(words)
);

create macro is_no(words) as list_contains(['no', 'n', 'false', '0', '0 0', 'non', 'faux', 'falso'], fold(words));

-- Whether a cell shows that somebody did it: by a name, or yes; not by no, not yet, nobody.
create macro names_somebody(words) as is_chosen(words) and not regexp_matches(
    lower(strip_accents(words)),
    '^(not?|non|none|nobody|no one|never|nadie|nunca|personne|aucune?|jamais|ningun[oa]?|sin|sans|pending|to be|tb[acd]'
    || '|open|en attente|pendiente|por|a faire|unknown|inconnue?|desconocid[oa])\b|^[?–—.]+$'
);

-- An id as its tool wrote it: a spreadsheet may have turned 12 into 12.0.
create macro read_id(words) as if(regexp_full_match(words, '\d+\.0'), left(words, -2), words);

-- An id without the zeros before its numbers, which a spreadsheet loses: `00012` is `12`, `AP-001` is `AP-1`.
create macro without_zeros(id) as regexp_replace(id, '(^|\D)0+(\d)', '\1\2', 'g');

-- A part of a key of several columns: it never holds the separator of the parts.
create macro key_part(words) as replace(replace(read_id(words), '%', '%25'), '/', '%2F');

-- `fold` for a text in each of very many rows: a text of ASCII letters alone takes a quarter of the time.
create macro fold_ascii(words) as list_transform(
    [regexp_replace(lower(words), '[^a-z0-9 ][^a-z0-9]*| [^a-z0-9]+', ' ', 'g')],
    lambda folded: if(folded[1] = ' ' or folded[-1] = ' ', trim(folded), folded)
)[1];
create macro fold_text(words) as if(strlen(words) = length(words), fold_ascii(words), fold(words));

create macro fold_all(texts) as list_transform(texts, lambda words: fold(words));

-- A row of a file that shows the question, and an answer with these rows as they would be read by it.
create macro show_row(number, words) as { 'number': number::bigint, 'words': words::varchar };
create macro candidate(value, rows) as { 'value': value, 'rows': rows::varchar[] };
create macro ask_of_rows(kind, answers) as table
select
    sheet_no,
    'rows' as variant,
    map { 'n': count(*)::varchar } as facts,
    list(show_row(source_row, words) order by source_row)[:3] as evidence,
    answers as candidates
from asked_rows
where what = kind
group by sheet_no;
create macro show_number(number) as regexp_replace(round(number, 4)::varchar, '\.0+$', '');
-- The name of a column among those of its sheet: its field, with the number of its round or block.
create macro column_key(field, part_no) as concat_ws('/', field, part_no);

-- Whether a repeat's row means this sheet: workbooks cut the names of sheets after 31 letters.
create macro is_same_table(named, sheet) as
    left(lower(named), 31) = left(lower(sheet), 31) or ends_with(lower(sheet), '-' || lower(named));

-- A day (and whether it is its file's) as one number that grows with a place: the greatest of several is that of the
-- last place, and a number can be compared while rows go by, unlike a struct.
create macro day_at(place, on_day, is_of_file) as
    (place << 24) + (on_day - date '0001-01-01') * 2 + is_of_file::integer;
create macro day_from(number) as date '0001-01-01' + ((number & 16777215) >> 1)::integer;
