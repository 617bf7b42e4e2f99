-- How are the names of organisations compared? A name's key leaves out everything that people vary in writing: case,
-- accents, punctuation, legal forms, a leading article, "and", an acronym in brackets, the "-2" of a slug.
-- Never compared: the meaning. Translations and lone acronyms have other keys; they are suggested, not merged.
-- Grain: one text.

-- `imaginary-weavers-2`: the address a site gives to the second page of the same name.
create macro without_page_number(words) as case
    when contains(words, '-') and regexp_full_match(words, '[a-z0-9]+(-[a-z0-9]+)+-[2-9]')
        then left(words, length(words) - 2)
    else words
end;

-- The bracketed acronym of `International Foo Union (IFU)`: one word with two capitals at least.
create macro acronym_of(words) as case
    when contains(words, '(') or contains(words, '[')
        then regexp_extract(words, '[(\[]\s*(\p{Lu}[\p{L}\p{N}.&-]*\p{Lu}[\p{L}\p{N}.&-]*)\s*[)\]]', 1)
    else ''
end;
create macro without_brackets(words) as regexp_replace(words, '[(\[][^)\]]*[)\]]', ' ');

create macro initials(folded) as
    array_to_string(list_transform(string_split(folded, ' '), lambda word: left(word, 1)), '');

-- Whether the letters stand in this order in the name: two letters as the beginnings of words (a country's code is
-- two letters as well), more from the beginning of a word on.
create macro in_order(letters) as array_to_string(string_split(letters, ''), '%') || '%';
create macro spells(folded, letters) as list_transform(
    [{ 'folded': folded, 'letters': letters }],
    lambda said: case
        when length(said.letters) = 2 then initials(said.folded) like '%' || in_order(said.letters)
        else length(said.letters) between 3 and 12 and (' ' || said.folded) like '% ' || in_order(said.letters)
    end
)[1];

-- A lambda, as in the macros: the name is an expression of its own, which would be planned anew at each place.
create macro without_acronym(words) as list_transform(
    [words],
    lambda name: case
        when not (contains(name, '(') or contains(name, '[')) then name  -- nothing is folded in vain
        else list_transform(
            [acronym_of(name)],
            lambda acronym: if(
                acronym <> '' and spells(fold(without_brackets(name)), replace(fold(acronym), ' ', '')),
                without_brackets(name),
                name
            )
        )[1]
    end
)[1];

-- Legal forms, as whole words of a folded name (`S.A. de C.V.` folds to `s a de c v`); the first word always stays.
create macro without_legal_form(folded) as regexp_replace(
    regexp_replace(
        folded,
        '( (s a p i de c v|s a de c v|sapi de cv|sa de cv|s de r l de c v|s de rl de cv|co ltd|co limited|'
        || 'pty ltd|pvt ltd|private limited|ltd|ltda|limited|limitada|inc|incorporated|corp|l l c|llc|l l p|llp|'
        || 'p l c|plc|gmbh|mbh|ggmbh|ag|kg|ug|e v|ev|s a r l|sarl|s a s|sas|s a|sa|s r l|srl|s p a|spa|s l|sl|'
        || 'b v|bv|n v|nv|oy|oyj|aps|a b|k k|a s b l|asbl|v z w|vzw|a c|ac|i a p|iap|o n g|ong|n g o|ngo|o s c|'
        || 'a b p|loi 1901))+$',
        ''
    ),
    '^((o n g|ong|n g o|ngo|a s b l|asbl|s a r l|sarl|the|le|la|les|el|los|las|l) )+',
    ''
);

-- In two halves, for folding many names between them.
create macro words_of_name(words) as replace(without_acronym(without_page_number(words)), '&', ' and ');
create macro words_of_plain_name(words) as replace(without_page_number(words), '&', ' and ');  -- without any bracket
create macro key_of_words(folded) as
    regexp_replace(without_legal_form(folded), ' (and|et|y|und) ', ' ', 'g');
create macro name_key(words) as key_of_words(fold(words_of_name(words)));

-- Names that many countries have: alone they name a kind of institution, not which. A number tells it apart.
create macro is_institution(key) as not regexp_matches(key, '[0-9]') and regexp_matches(
    key,
    '(^| )(ministry|ministries|ministere|ministeres|ministerio|ministerios|ministero|ministerium|'
    || 'government|gouvernement|gobierno|governo)( |$)'
    || '|^(national |federal |state |general )*(secretariat|secretaria|secretaire|department|departement|departamento|'
    || 'directorate|direction|direccion|parliament|parlement|parlamento|congress|congres|congreso|municipality|'
    || 'municipalite|municipalidad|municipio|embassy|ambassade|embajada|labour inspection|labour inspectorate|'
    || 'inspection du travail|inspeccion del trabajo)( |$)'
);

create macro stakeholder_id(key) as 'st_' || left(md5(nullif(key, '')), 12);

-- The public replacement of an id made of a person's name or texts, so that nobody can try names: made with the
-- campaign's own key (`etl/inputs/handles.py`). Null where the build has no key, since it needs none.
create macro hidden_id(id) as left(id, strpos(id, '_'))
    || left(sha256(getvariable('id_key') || chr(31) || id), if(left(id, 3) = 'st_', 12, 16));

-- The name of a submission without an id in decisions.csv: made of its public parts, never of its sender.
create macro submission_name(title_key, sent_at, nth) as
    's_' || left(md5(concat_ws('|', coalesce(title_key, ''), coalesce(epoch_us(sent_at)::varchar, ''), nth)), 12);

-- The name of a progress report in decisions.csv (a row of `staged_progress_reports`). It is made of the tool's report
-- id and the moment it was sent (with the action it names, where there is no moment), else of all answers: a file's
-- name, recipe or order is no part of it. The moment is written as a timestamptz in UTC, but in half the time.
create macro report_key(report) as 'r_' || left(md5(case
    when report.report_id is not null and report.submitted_at is not null
        then concat_ws(chr(31), report.report_id, make_timestamp(epoch_us(report.submitted_at))::varchar || '+00')
    when report.report_id is not null then concat_ws(
        chr(31),
        report.report_id,
        '',
        coalesce(report.submission_id, ''),
        coalesce(report.stakeholder, ''),
        coalesce(report.title, '')
    )
    else concat_ws(
        chr(31),
        '',
        coalesce(report.submission_id, ''),
        coalesce(report.stakeholder, ''),
        coalesce(report.title, ''),
        coalesce(report.submitted_at::varchar, ''),
        coalesce(report.reported_on::varchar, ''),
        coalesce(report.status, ''),
        coalesce(report.percent, ''),
        coalesce(report.completed_on::varchar, ''),
        coalesce(report.wave, ''),
        coalesce(report.narrative, '')
    )
end), 12);

-- An id whatever its capitals and leading zeros: `OFF-002` is `off-2`.
create macro loose_id(words) as case
    when left(trim(words), 1) = '0' or regexp_matches(words, '[^0-9]0')
        then regexp_replace(lower(trim(words)), '(^|[^0-9])0+([0-9])', '\1\2', 'g')
    else lower(trim(words))
end;
