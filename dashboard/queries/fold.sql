-- How are words compared? Letters and digits only, without accents and case; invisible signs (soft hyphens, marks of
-- direction, joiners of no width), which web pages and word processors leave inside words, do not split a word. The
-- build folds searched texts, codelists and headers with it; a search folds its words with it. Latin, Greek and
-- Cyrillic letters lose their accents. Texts found by `has_own_signs` keep their signs: in Thai, Hindi, Arabic or
-- Japanese another sign makes another word. `etl/texts/plain.py` compares headers by the same rule. The pattern names
-- the removed signs, not the remaining ones: planning `[^\p{L}\p{N}\p{M}]` takes three times as long.
-- Grain: one text.
create macro has_own_signs(words) as regexp_matches(
    words,
    '[\x{590}-\x{1CFF}\x{2C80}-\x{2DDF}\x{3000}-\x{30FF}\x{A800}-\x{AB2F}\x{ABC0}-\x{ABFF}\x{FB07}-\x{FB4F}'
    || '\x{10000}-\x{1FFFF}]'
);

-- The text is cut where letters with own signs begin and end. Removing accents composes the rest itself.
create macro without_accents(words) as list_transform([words], lambda written: case
    when has_own_signs(written) then array_to_string(
        list_transform(
            regexp_extract_all(
                nfc_normalize(written),
                '[\x{590}-\x{1CFF}\x{2C80}-\x{2DDF}\x{3000}-\x{30FF}\x{A800}-\x{AB2F}\x{ABC0}-\x{ABFF}'
                || '\x{FB07}-\x{FB4F}\x{10000}-\x{1FFFF}]+|[^\x{590}-\x{1CFF}\x{2C80}-\x{2DDF}\x{3000}-\x{30FF}'
                || '\x{A800}-\x{AB2F}\x{ABC0}-\x{ABFF}\x{FB07}-\x{FB4F}\x{10000}-\x{1FFFF}]+'
            ),
            lambda part: if(has_own_signs(part), part, strip_accents(part))
        ),
        ''
    )
    else strip_accents(written)
end)[1];

-- A single blank between two words stays as it is: replacing each by itself takes longer than all the rest.
create macro fold(words) as trim(regexp_replace(regexp_replace(
    replace(
        replace(
            replace(
                replace(lower(without_accents(regexp_replace(words, '\p{Cf}+', '', 'g'))), 'œ', 'oe'), 'æ', 'ae'
            ),
            'ß',
            'ss'
        ),
        'ø',
        'o'
    ),
    '[\p{P}\p{S}\p{C}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{1F300}-\x{1FAFF}]+',
    ' ',
    'g'
), ' {2,}', ' ', 'g'));
