-- The texts of rows among the data that do not count: totals, notes, headings. All macros but `note_words` and
-- `summed_number` take folded texts.

-- A total: `Total`, `Sous-total`, `Grand total 2021`, `Total Africa`; and the rest of such a text.
create macro is_total(folded) as regexp_matches(
    folded,
    '^((grand|grands|gran|sub|sous|overall) )?(total|totals|totaux|totales|subtotal|subtotals|subtotaux|subtotales'
    || '|soustotal|sum|suma|sumas|somme|sommes|average|averages|moyenne|moyennes|promedio|promedios)( |$)'
    || '| (total|subtotal|sub total|sous total)$'
);
create macro total_of(folded) as array_to_string(
    list_filter(
        string_split(folded, ' '),
        lambda word: not regexp_full_match(
            word,
            'grand|grands|gran|sub|sous|overall|total|totals|totaux|totales|subtotal|subtotals|subtotaux|subtotales'
            || '|soustotal|sum|suma|sumas|somme|sommes|average|averages|moyenne|moyennes|promedio|promedios|general'
            || '|generale|generales|global|globale|final|parcial|partiel'
            || '|of|for|in|de|du|des|d|l|la|le|les|del|el|los|las|the|pour|por|para|en|all|tous|toutes|todos|todas'
            || '|actions|commitments|pledges|promises|engagements|promesses|acciones|compromisos|promesas|regions'
            || '|regiones|countries|pays|paises|above|rows|n|number|nombre|numero|\d+'
        )
    ),
    ' '
);

-- A note: `Note: …`, `Source: …`, `* updated …`, `A = completed`, `Mis à jour le 3 mars`.
create macro note_words(words) as regexp_matches(
    lower(strip_accents(words)),
    '^\s*([*†‡§•¹²³]|\(\*+\)|\(?[a-z0-9]\)?\s*=|\[\d\]|'
    || '(foot)?(notes?|notas?|n\.?\s?b\.?|sources?|sources? of data|sources? des donnees|fuentes?|remarks?'
    || '|remarques?'
    || '|observaciones|observacion|observations?|legend|legende|leyenda|key|cle|clave|disclaimer|comments?'
    || '|commentaires?'
    || '|comentarios?|abbreviations?|abreviations?|abreviaturas?|methodology|methodologie|metodologia)'
    || '(\s*\(?\d\)?)?\s*([:.–—]|-\s)'
    || '|(last |derniere |ultima )?(updated?|mise? a jour|actualizad[oa]|actualizacion|generated|exported|extracted'
    || '|downloaded|printed|genere|exporte|generad[oa]|exportad[oa])\s*(:|(on |at |le |du |el |al |-|–|\d).*\d)'
    || '|(updated|prepared|compiled|generated) by |(etabli|prepare) par |elaborad[oa] por '
    || '|(status |statuses )?as (of|at) \D{0,12}\d|(etat|situation) au .*\d|situacion al? .*\d)'
);
create macro is_bare_note(folded) as regexp_full_match(
    folded,
    '(foot)?(notes?|notas?|n b|sources?|fuentes?|remarks?|remarques?|observaciones|legend|legende|leyenda|key'
    || '|key to statuses|status key|cle|clave|abbreviations?|abreviations?|abreviaturas?)'
);

-- A row that tries the file or shows how to fill it in: `TEST`, `asdf`, `Example: …`, `EJEMPLO (borrar)`.
create macro is_test(words, folded) as (
    regexp_full_match(
        folded,
        '((this|is|just|an?|new|only|please|de|du|des|le|la|un|une|ceci|est|es|esto|una|el|para|por|favor|to|be|do|not'
        || '|ne|pas|no|rows?|line|entry|record|data|actions?|pledges?|promises?|organi[sz]ation|names?|title|user'
        || '|stakeholder|submission|lignes?|donnees|titre|nom|organisation|promesse|soumission|filas?|registro|datos'
        || '|titulo|nombre|accion|organizacion|compromiso|envio|by|for|from|this|me|it|a|svp|\d+|[b-z]'
        || '|(test|tests|testing|tester|tested|essais?|pruebas?|dummy|examples?|exemples?|ejemplos?|muestra'
        || '|deleted?|removed?|ignored?|supprimer|effacer|ignorer|borrar|eliminar|ignorar))( |$))+'
    )
    and regexp_matches(
        folded,
        '\b(test|tests|testing|tester|essais?|pruebas?|dummy|examples?|exemples?|ejemplos?|deleted?|ignored?|supprimer'
        || '|effacer|borrar|eliminar)\b'
    )
)
or regexp_full_match(
    folded,
    '(asdf|sdfg|qwert|azert|hjkl|jkl)[a-z]*( [a-z]{1,8})?|x{3,}|(foo|bla|blah)( (bar|bla|blah))*|lorem ipsum.*'
)
or regexp_matches(
    lower(strip_accents(words)),
    '^\s*[\[(]?(example|exemple|ejemplo|test|prueba|essai|e\.g\.|p\. ?ej\.|par ex(emple|\.))\s*([:\])]|\s[-–—]\s)'
    || '|[\[(]\s*(test|prueba|dummy|deleted?|removed|to be deleted|(a )?supprimer|supprimee?|borrar|borrad[oa]|eliminar'
    || '|eliminad[oa])( (only|row|entry|please'
        || '|fila))*'
    || '\s*[\])]'
);

-- A line below the headers on how a column is filled in: `text`, `(choose from the list)`, `dd/mm/yyyy`.
create macro is_help(folded) as regexp_full_match(
    folded,
    '((free|short|long|open) )?(text|texte|texto|string)( libre)?|(whole )?(number|nombre|numero|entier|entero)|dates?'
    || '|fecha'
    || '|percent(age)?|pourcentage|porcentaje|(drop ?down|drop down|pick)( list)?|lista?|liste( deroulante)?'
    || '|(choose|select|pick)( one| an option)?( from)?( the)?( (drop ?down )?list)?|choisir dans la liste'
    || '|elegir de la lista'
    || '|(yyyy|aaaa) mm (dd|jj)|(dd|jj) mm (yyyy|aaaa)|mm dd yyyy|yes no|oui non|si no|mandatory|required|optional'
    || '|obligatoire|facultatif|obligatorio|opcional|url|link|lien|enlace'
);

-- A heading of a part: `Part II`, `Section A`, `Chapitre 3`. And the words of one without number, kind and count:
-- `1. Region: Africa (12 actions)` is `africa`.
create macro is_section(folded) as regexp_matches(
    folded,
    '^(part|section|chapter|annex|appendix|pillar|partie|chapitre|annexe|pilier|volet|axe|parte|seccion|capitulo|anexo'
    || '|pilar|eje) ([a-z]|\d+|[ivx]+)( |$)'
);
create macro heading_words(folded) as trim(regexp_replace(
    regexp_replace(
        folded,
        '^((\d+|[a-h]|[ivx]+) )?((ilo )?(region|regions|regiones|country|countries|pays|pais|paises|theme|themes|tema'
        || '|temas|category|categorie|categoria|stakeholder group|group|groupe|grupo|part|partie|parte|section|seccion'
        || ') )?',
        ''
    ),
    '( \d+)?( (actions|action|commitments|pledges|engagements|promesses|acciones|compromisos|promesas))?$', ''
));

-- A number as people write sums: a comma (or point) before three digits separates thousands.
create macro summed_number_by(words, thousands) as case
    when thousands = ',' and regexp_full_match(words, '[+-]?\d{1,3}(,\d{3})+')
        then try_cast(replace(words, ',', '') as double)
    when thousands = '.' and regexp_full_match(words, '[+-]?\d{1,3}([.]\d{3})+')
        then try_cast(replace(words, '.', '') as double)
    when regexp_matches(words, '\d') then read_number(words)
end;
create macro summed_number(words) as summed_number_by(words, ',');
