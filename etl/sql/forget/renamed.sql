-- A name, or what stands in its place.
create macro renamed(name, names, replacements) as
    coalesce(list_extract(replacements::varchar[], list_position(names::varchar[], name)::bigint), name);
