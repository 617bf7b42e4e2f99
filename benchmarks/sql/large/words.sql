-- Made-up words of four syllables, twenty thousand of them.
-- Grain: one word; `n` is its number.
create macro made_up(n) as concat(
    'bacedifogulameniporusatevizokamu'[1 + 2 * (n % 16):2 + 2 * (n % 16)],
    'bacedifogulameniporusatevizokamu'[1 + 2 * (n // 16 % 16):2 + 2 * (n // 16 % 16)],
    'bacedifogulameniporusatevizokamu'[1 + 2 * (n // 256 % 16):2 + 2 * (n // 256 % 16)],
    'bacedifogulameniporusatevizokamu'[1 + 2 * (n // 4096 % 16):2 + 2 * (n // 4096 % 16)]
);

-- Grain: one text: so many words drawn by a number, few of them often.
create macro draw_text(number, of_kind, length) as array_to_string(
    list_transform(
        range(length),
        lambda k: made_up((19999 * pow((hash(number, of_kind, k) % 100000) / 100000.0, 3))::int)
    ),
    ' '
);

-- Grain: one id. That of a copy: another number, so that each id is a word of its own; the first copy keeps its own.
create macro copied(id, copy) as case
    when copy = 0 then id
    when regexp_matches(id, '^[A-Z]+-\d+$')
        then regexp_extract(id, '^[A-Z]+-') || (regexp_extract(id, '\d+$')::bigint + copy * 1000000)
    else id || '-' || copy
end;
