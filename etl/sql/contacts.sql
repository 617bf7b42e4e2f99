-- Which texts may hold a contact (an e-mail address, a phone number, a profile), and which a name, a number or a place
-- of a person? The few that may are judged by `etl.texts.contacts`.

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
    || '|[\[({<]\s*(?i:at|arroba|arobase)\s*[\])}>]|\w\s?[\[(]a[\])]\s?\w|[._]\w+\s+at\s'
    || '|[\s\p{Z}](AT|(?i:arroba|arobase|at[\s\p{Z}].*[\s\p{Z}]dot))[\s\p{Z}]'
);

-- An address of somebody's page, or the name of a service that people have a name in.
create macro profile_pattern() as (
    '(?i:linkedin|facebook|\bfb\b|fb\.me|twitter|\bx\.com|instagram|\binsta\b|tiktok|\bt\.me|telegram|skype'
    || '|wechat|viber|snapchat|discord|signal\b|messenger|calendly|orcid|user ?name|utilisateur|usuario|login|\bm\.me)'
);
create macro has_profile(words) as regexp_matches(words, profile_pattern());

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
-- after `contact_pattern`, which is all the others but that of profiles in one, but wider.
create macro contact_pattern() as (
    '[@＠﹫&]|%40|[0-9٠-٩۰-۹０-９]([^0-9A-Za-z,:;]{0,4}[0-9٠-٩۰-۹０-９]){6}'
    || '|[\[({<\s\p{Z}](?i:at|arroba|arobase)[\])}>\s\p{Z}]|[\[(]a[\])]'
);
create macro may_hold_contact(words) as case
    when strlen(words) < 5 then false  -- a@b.c
    when is_plain_cell(words) then false
    when has_profile(words) then true
    when not regexp_matches(words, contact_pattern()) then false
    when has_at(words) then true
    else has_long_run(
        if(regexp_matches(words, '[+＋]|(^|\D)00'), words, without_bare_numbers(without_dates(words)))
    )
end;

-- The forms of numbers, places and pictures of persons, and a label before a word with a capital.
create macro shape_pattern() as (
    '[A-Za-zÀ-ÿ)] ?:[ \n]*[A-ZÀ-Þ]|\d[.,]\d\d\d\d[^A-Za-z]*[ ,;/][^A-Za-z]*\d[.,]\d\d\d|°|\d\.\d{1,3}\.\d{1,3}\.\d'
    || '|/@-?\d|/s/'
    || '|[0-9a-fA-F]{2}[:-][0-9a-fA-F]{2}[:-][0-9a-fA-F]{2}[:-]|[0-9a-fA-F]:[0-9a-fA-F]{1,4}:[0-9a-fA-F]{1,4}:|::'
    || '|[A-Z]{2}\d\d ?[A-Z0-9]{4}|(^|[^\w-])\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{4}([^\w-]|$)|\d{7}-?[A-Z]\b'
    || '|\d\.\d{3}-?[A-Z]\b|[A-Z]{4}\d{6}[HM]'
    || '|\d{3}-\d\d-\d{4}|\d{3}\.\d{3}\.\d{3}-\d\d'
);

-- A word that stands before names, days, streets and numbers of persons.
create macro announcing_pattern() as (
    '(?i:\b(mr|mrs|ms|mme|mlle|dra?|prof|sra?|srta|ing|lic|hon|madame|monsieur|mademoiselle|se[ñn]ora?|senhora?'
    || '|doña|m\.)'
    || '[. \x{a0}]|contact|focal|signed|sign[ée]|firma|signature|regards|sincerely|cordialement|[àa] vous|salutation'
    || '|atentamente|atenciosamente|saludo|respetuosamente|yours|name is|appelle|joindre|je suis|me llamo|nombre es'
    || '|\bi am\b|\bsoy\b|c/o|(submitted|filled|in|completed|prepared|reported|written|sent) by\b'
    || '|(soumis|rempli|par[ée]|envoy[ée]|dig[ée]) par\b|(enviado|elaborado|llenado|completado|preparado'
    || '|redactado) por\b'
    || '|(supervis\w+|coord\w+|respons\w+|encargad.|manager|aut\w+|interviewer|enumerator|liaison'
    || '|vocer.) ([–—-]|is|est|es) '
    || '|(^|\n)--|\batt[ea]\b|best wishes|gr[üu](ß|ss)en'
    || '|write to|speak (to|with)|\bask\b|\bcall\b|[ée]cri(re|vez)|escrib|adresser|demander|\bllam|pregunt'
    || '|\bborn\b|\bn[ée]e? (le|en|[àa])|\bn[ée]\(e\)|nacid[oa]|naci[óo]|nascid|\bd\.?o\.?b\b|birth'
    || '|naissance|nacimiento'
    || '|nascimento|\b(street|st|road|rd|avenue|ave|lane|drive|boulevard|blvd|crescent|terrace|close|rue|bd|chemin'
    || '|all[ée]e|impasse|quai|calle|avenida|carrera|jir[óo]n|paseo|av|cra|rua|dni|nif|nie|cni|ssn|nss|nir|curp'
    || '|cpf|nino'
    || '|nin|bvn|imei|iban|rib|gps|lat|lon|latitude|longitude|long|coord\w*)\b|goo\.gl|maps\.app'
    || '|\.(jpe?g|png|heic|heif|gif|webp|mp4|mov|3gp|m4a|mp3|wav|amr)\b|passe?port|pasaporte|passaporte|c[ée]dula'
    || '|d.identit[ée]|national id|identity (card|document)|id card|de identidad|social security|[ée] sociale'
    || '|seguridad social|aadhaar|licen[cs]e|licencia|permis de|\bvoter|bank account|bancaire|bancaria|credit card'
    || '|de cr[ée]dito|\b(cv|r[ée]sum[ée]|curriculum)[ _-])'
);

-- The texts for `etl.texts.identities` to judge.
create macro may_hold_person(words) as
    strlen(words) >= 4 and regexp_matches(words, shape_pattern() || '|' || announcing_pattern());

-- Only ids with a sign of a contact, such as `+`: other numbers are ids like any.
create macro may_be_contact(id) as
    regexp_matches(id, '[@＠﹫&+＋]|%40|[\[({<\s\p{Z}](?i:at|arroba|arobase)[\])}>\s\p{Z}]|^\s*00');

-- A sign of any of them: nearly all texts have none, and to look for all takes as long as to look for one.
create macro has_any_sign(words) as regexp_matches(
    words, contact_pattern() || '|' || profile_pattern() || '|' || shape_pattern() || '|' || announcing_pattern()
);

-- The cells of a column to look at: ids with signs of a contact, compared values with contacts, else all. Each
-- expression stands in one place: planning them takes longer than looking at few cells.
create macro may_be_cleaned(kind, words) as case when has_any_sign(words) then
    (may_hold_contact(words) and (kind <> 'id' or may_be_contact(words))) or (kind = 'free' and may_hold_person(words))
end;

-- The judged texts that hold something of a person: as written, and without it; of columns that are compared, and of
-- free texts.
create table exact_texts (written varchar, cleaned varchar);
create table free_texts (written varchar, cleaned varchar);

-- Ids that hold a contact, and the codes that stand for them.
create table hidden_ids (written varchar, cleaned varchar);

-- The cells of columns of countries, as written.
create table country_cells (words varchar);
