"""Events and stories for the action FIX-001 of the fixture snapshot, in several languages."""

POSTS = """
delete from events;
delete from stories;
delete from post_texts;
delete from post_actions;
insert into events (id, on_date, title, language, action_id, source_file, source_row, ends_on, place)
values ('ev', date '2021-11-02', 'Forum', 'en', 'FIX-001', 'f', 1, date '2021-11-04', 'Sampletown');
insert into stories (id, on_date, title, language, action_id, source_file, source_row)
values
('st', date '2021-08-01', 'Story', 'en', 'FIX-001', 'f', 2),
('other', date '2021-08-01', 'No', 'en', 'FIX-002', 'f', 3);
insert into post_texts
values
('event', 'ev', 'en', 'A forum of growers', 'Three days.', null, 'https://example.org/forum'),
('story', 'st', 'en', 'From field to school', 'How it went.', null, 'https://example.org/en'),
('story', 'st', 'fr', 'Du champ à l''école', 'Ce qui s''est passé.', null, 'https://example.org/fr'),
('story', 'st', 'es', 'Del campo a la escuela', null, null, 'javascript:alert(1)'),
('story', 'other', 'en', 'No', null, null, null);
insert into post_actions
values ('event', 'ev', 1, 'FIX-001', 'id'), ('story', 'st', 1, 'FIX-001', 'id'), ('story', 'other', 2, 'FIX-002', 'id');
"""
