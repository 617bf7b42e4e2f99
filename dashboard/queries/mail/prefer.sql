-- What does a subscriber want to read about, in which language?
-- Grain: one row a subscriber.
-- Parameters: subscriber_id, lang, regions, themes (lists as JSON).
update subscribers
set
    lang = $lang,
    regions = $regions,
    themes = $themes
where subscriber_id = $subscriber_id and state <> 'left'
