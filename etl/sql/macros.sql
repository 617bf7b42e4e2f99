-- How the texts of exports are read: days, moments, numbers, yes/no columns, personal data in prose.

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

-- a/b/year: the part over 12 is the day; else the order that the recipe states.
create macro day_of_pair(parts, date_order) as case
    when parts[3] is null or parts[3] = '' then null
    when parts[1]::integer > 12 then day_of(parts[3], parts[2], parts[1])
    when parts[2]::integer > 12 or date_order = 'mdy' then day_of(parts[3], parts[1], parts[2])
    else day_of(parts[3], parts[2], parts[1])
end;

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
create macro day_of_names(parts) as day_of(parts.y, month_number(parts.m)::varchar, parts.d);
create macro day_of_words(words) as coalesce(day_of_names(day_month_year(words)), day_of_names(month_day_year(words)));

-- A spreadsheet's serial number of a day (1954 to 2119), counted from 1899-12-30.
create macro day_of_serial(words) as case
    when regexp_full_match(words, '[2-7]\d{4}(\.\d+)?') then date '1899-12-30' + floor(words::double)::integer
end;

create macro year_month_day(words) as regexp_extract(
    words, '^(\d{4})[./-](\d{1,2})[./-](\d{1,2})\b', ['y', 'm', 'd']
);
create macro day_of_numbers(parts) as day_of(parts.y, parts.m, parts.d);
create macro leading_pair(words) as regexp_extract(words, '^\d{1,2}[./-]\d{1,2}[./-](\d{4}|\d{2})\b');

create macro read_day_slowly(words, date_order) as coalesce(
    day_of_numbers(year_month_day(words)),
    day_of_pair(regexp_split_to_array(nullif(leading_pair(words), ''), '[./-]'), date_order),
    day_of_serial(words),
    day_of_words(lower(strip_accents(words)))
);

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

-- A moment; without a zone it is taken as UTC. The day alone stands for its first moment.
create macro read_time(words, date_order) as case
    when words is null then null
    when words[5] = '-' and words[8] = '-' then coalesce(
        try_cast(words as timestamptz),
        try_cast(left(words, 19) as timestamptz),
        try_cast(left(words, 10) as timestamptz)
    )
    when regexp_full_match(words, '[2-7]\d{4}\.\d+') then
        (timestamp '1899-12-30' + to_seconds(round(words::double * 86400)::bigint))::timestamptz
    else read_day_slowly(words, date_order)::timestamp::timestamptz + since_midnight(clock(words), half_day(words))
end;

-- A number with `.` or `,` before its decimals, with or without a percent sign.
create macro read_number(words) as try_cast(
    replace(trim(replace(replace(words, '%', ''), chr(160), '')), ',', '.') as double
);

-- Whether the cell of a one-column-a-choice question says that the choice was taken.
create macro is_chosen(words) as words is not null
    and lower(words) not in (
        '0', '0.0', 'no', 'non', 'n', 'false', 'faux', 'falso', 'not selected', 'unchecked', '-', 'n/a'
    );

-- Prose without e-mail addresses and international phone numbers.
create macro without_contacts(words) as case
    when contains(words, '@') or contains(words, '+') then regexp_replace(
        regexp_replace(words, '[\w.+-]+@[\w-]+(\.[\w-]+)+', '[…]', 'g'), '\+\d[\d ().\-]{7,}\d', '[…]', 'g'
    )
    else words
end;

-- An id as its tool wrote it: a spreadsheet may have turned 12 into 12.0.
create macro read_id(words) as if(regexp_full_match(words, '\d+\.0'), left(words, -2), words);

create macro fold_all(texts) as list_transform(texts, lambda words: fold(words));

-- Whether a repeat's row means this sheet: workbooks cut the names of sheets after 31 letters.
create macro is_same_table(named, sheet) as
    left(lower(named), 31) = left(lower(sheet), 31) or ends_with(lower(sheet), '-' || lower(named));
