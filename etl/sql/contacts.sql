-- Which texts may hold an e-mail address or a phone number? The few that may are judged by `etl.texts.contacts`.

-- Seven digits that stand close together.
create macro has_long_run(words) as regexp_matches(words, '[0-9٠-٩۰-۹０-９]([^0-9A-Za-z,:;]{0,4}[0-9٠-٩۰-۹０-９]){6}');

-- Dates and spans of years with a letter in their place.
create macro without_dates(words) as regexp_replace(
    words,
    '(^|[^\d./-])((19|20)\d\d(-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|\.\d{1,2}\.\d{1,2}| ?[-–/] ?(19|20)\d\d)'
    || '|\d{1,2}(-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)(19|20)\d\d)($|[^\d./-])',
    '\1d\8',
    'g'
);

-- A cell that is only a date, a moment, a bare number or one word of letters and digits, as many columns hold them.
create macro is_plain_cell(words) as regexp_full_match(
    words,
    '(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})'
    || '([T ,]+\d{1,2}:\d\d(:\d\d([.,]\d+)?)?\s?([AaPp]\.?[Mm]\.?|Z|[+-]\d\d:?\d\d)?)?'
    || '|-?[1-9]\d{0,9}([.,]\d+)?|-?0?[.,]\d+'
    || '|[A-Za-z0-9]*\d[A-Za-z][A-Za-z0-9]*|[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}'
);

-- A sign or a word for "at".
create macro has_at(words) as regexp_matches(
    words,
    '@|＠|﹫|%40|&#(64|x40);|&commat;'
    || '|[\[({<]\s*(?i:at|arroba|arobase)\s*[\])}>]'
    || '|[\s\p{Z}](AT|(?i:arroba|arobase|at[\s\p{Z}].*[\s\p{Z}]dot))[\s\p{Z}]'
);

-- Text without the numbers between words that are written in one piece of 7 to 10 digits: those are phone numbers only
-- if they begin with 0, or behind a word that says so (`etl.texts.phones` has those; here stands a part of each).
create macro without_bare_numbers(words) as case
    when regexp_matches(
        words,
        '(?i)\b(t[eé]l|tfno|tlf|(tele|smart)?phones?\b|ph\b|mob|cel|m[oó]vil|portable|gsm|fax|whats?app|contact|hotline'
        || '|helpline|call|ring\b|dial\b|text\b|sms\b|appele|joindre|llam|marcar|reach)'
    )
        then words
    else regexp_replace(
        words, '(^|[A-Za-zÀ-ɏ][ :#]{0,2})[1-9]\d{6,9}( ?[A-Za-zÀ-ɏ]|[.;]?\s*$)', '\1n\2', 'g'
    )
end;

-- An "at", or digits enough that are no date; behind `+` or 00 a number may look like one. Most texts are done with
-- after the first expression, which is all the others in one, but wider.
create macro may_hold_contact(words) as case
    when strlen(words) < 5 then false  -- a@b.c
    when not regexp_matches(
        words,
        '[@＠﹫&]|%40|[0-9٠-٩۰-۹０-９]([^0-9A-Za-z,:;]{0,4}[0-9٠-٩۰-۹０-９]){6}'
        || '|[\[({<\s\p{Z}](?i:at|arroba|arobase)[\])}>\s\p{Z}]'
    ) then false
    when is_plain_cell(words) then false
    when has_at(words) then true
    else has_long_run(words)
        and (regexp_matches(words, '[+＋]|(^|\D)00') or has_long_run(without_bare_numbers(without_dates(words))))
end;

-- Of ids only those that hold a sign of one, such as `+`: other numbers are ids like any.
create macro may_be_contact(id) as
    regexp_matches(id, '[@＠﹫&+＋]|%40|[\[({<\s\p{Z}](?i:at|arroba|arobase)[\])}>\s\p{Z}]|^\s*00');

-- What was judged and holds one: the text as it is written, and without it.
create table contact_texts (written varchar, cleaned varchar);

-- Ids that hold a contact, and the codes that stand for them.
create table hidden_ids (written varchar, cleaned varchar);

-- The cells of columns of countries, as they are written.
create table country_cells (words varchar);
