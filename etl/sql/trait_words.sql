-- Which words of actions are compared without their endings, and which are empty? (`steps/74_write_traits.sql`)
-- Grain: one word.
create macro without_ending(word) as regexp_replace(
    regexp_replace(
        regexp_replace(
            regexp_replace(regexp_replace(word, '(.{2,})ies$', '\1y'), '(.{2,})aux$', '\1al'),
            '(.{2,}[^s])[sx]$', '\1'
        ),
        '(.{2,}[^aeiou])(?:ing|er|ed|or|eur|ion)$', '\1'
    ),
    '(.{3,}?)(?:ee?|[ao])$', '\1'
);

create table little_words as
select unnest(string_split(words, ' ')) as word
from (
    values
    ('the and for with from that this these those our their its his her are was were will would can may shall'),
    ('has have had been being not but all any each every more most other others such than then they them there'),
    ('when where which while who whom whose what how also into onto over under about after before between'),
    ('during through within without against among across along around because both own same some only very'),
    ('just out off per via upon new well one two three four five six seven eight nine ten least end part'),
    ('should here until now get got down start starts started outside keep keeps bring brings take takes went'),
    ('know first last many much children year years month months day days week weeks include includes'),
    ('including included use uses used using make makes making made ensure provide provides support supports'),
    ('supporting help helps helping cover covers covering launch promote promoting strengthen strengthening'),
    ('carry hold develop developing implement implementing organise organize work working project projects'),
    ('programme programmes program programs activity activities guide guides guiding les des une aux dans par'),
    ('pour sur avec sans sous entre vers chez est sont sera seront ete etre avoir ont qui que quoi dont nos'),
    ('notre votre vos leur leurs ses son mes mon nous vous ils elles elle lui cette ces cet ainsi afin aussi'),
    ('autre autres plus moins tout tous toute toutes comme mais donc car pas non deux trois quatre cinq sept'),
    ('huit neuf dix lors chaque apres avant pendant depuis annee annees mois jour jours semaine semaines fait'),
    ('faire assurer fournir soutenir aider lancer promouvoir renforcer mener organiser developper mettre'),
    ('travailler projet projets activite activites los las una unos unas del por para con sin sobre hacia'),
    ('desde hasta quien quienes cual cuyo donde cuando como sus nuestra nuestro nuestros nuestras este esta'),
    ('estos estas ese esa esos esas otro otra otros otras mas menos todo todos toda todas ser fue fueron seran'),
    ('estar estan han haber pero sino tambien asi cada dos tres cuatro cinco seis siete ocho nueve diez antes'),
    ('despues durante ano anos meses dia dias semana semanas hacer asegurar garantizar apoyar ayudar lanzar'),
    ('promover fortalecer llevar organizar desarrollar trabajar proyecto proyectos programa programas'),
    ('actividad actividades why find set put ans follow themselves meme memes doit doivent vont fin voulons nous'),
    ('avons travaillons disent mismo misma mismos mismas debe deben')
) as l (words);
