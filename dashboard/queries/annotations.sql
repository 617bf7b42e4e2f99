-- What do stakeholders say beside their actions, events and stories, and which files have they handed in, as of a day?
-- Grain: one row an annotation, the latest first.
-- Parameters: action_id, post_ids, file (null: of any); said_until (a day, or null).
select
    annotation_no,
    kind,
    action_id,
    post_id,
    said_on,
    words,
    language,
    file,
    media_type,
    rights
from annotations
where
    ($action_id::varchar is null or action_id = $action_id)
    and ($post_ids::varchar[] is null or list_contains($post_ids::varchar[], post_id))
    and ($file::varchar is null or file = $file)
    and ($said_until::date is null or said_on is null or said_on <= $said_until::date)
order by said_on desc nulls last, source_row desc, annotation_no
