"""Personal data in a text and its look-alikes; SQL's choice of texts passes on every personal one."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.sqlfiles import SQL, run_file
from etl.texts.contacts import without_contacts, without_persons

REGIONS = ("BF", "BR", "CI", "CO", "DE", "ES", "FR", "GB", "KE", "MX", "PE", "SN", "SV", "US")

MAILS = [
    ("Write to office@example.org.", "Write to […]."),
    ("x@bücher.example, office@例え.example", "[…], […]"),
    ("josé.núñez@example.org", "[…]"),
    ("jose\u0301.nun\u0303ez@example.org y más", "[…] y más"),
    ("d’info@exemple.example; o'ne+news@sub.example.co.uk", "[…]; […]"),
    ("«r&d@example.org» (office@example.org) 'office@example.org'", "«[…]» ([…]) '[…]'"),
    ("mailto:office@example.org?subject=1, office%40example.org", "mailto:[…]?subject=1, […]"),
    ("office @ example.org, office＠example．org, office&#64;example.org", "[…], […], […]"),
    ("office (at) example, office[at]example.org", "[…], […]"),
    ("ann dot sample {at} example (dot) org!", "[…]!"),
    ("write to office AT example dot org", "write to […]"),
    ("office AT example.org", "[…]"),
    ("bureau arobase exemple point example", "[…]"),
    ("escribir a oficina arroba ejemplo.example", "escribir a […]"),
    ("oficina arroba ejemplo punto example", "[…]"),
    ("ann_sample@gmail", "[…]"),
    ("a.very.long-name_1@a.b.c.example.museum/team", "[…]/team"),
]

PHONES = [
    ("Ask +41 22 000 00 00 or (+254) 711-000-111", "Ask […] or […]"),
    ("+41\u00a022\u202f555\u00a001\u00a001", "[…]"),
    ("+44 (0)113 496 0000 ext. 12, please", "[…], please"),
    ("+999 123 45 67 and ＋２５４ ７１１ ０００ １１１", "[…] and […]"),
    ("appeler le 00254 711 000 111", "appeler le […]"),
    ("00254711000111; 00 33 1 99 00 12 34", "[…]; […]"),
    ("0711 000111 or 0711/000111, 0711 – 000 – 111", "[…] or […], […]"),
    ("(0711) 000 111", "[…]"),
    ("Tel: 0711 000111 / 0722 000111", "Tel: […] / […]"),
    ("0711 000111/12", "[…]"),
    ("Tél. : 01 99 00 12 34", "Tél. : […]"),
    ("01.99.00.12.34, 06-39-98-12-34", "[…], […]"),
    ("(212) 555-0123, 212-555-0123", "[…], […]"),
    ("Tel 555 0101", "Tel […]"),
    ("WhatsApp 711000111", "WhatsApp […]"),
    ("254711000111", "[…]"),
    ("77 123 45 67", "[…]"),
    ("Móvil 612 34 56 78 o llamar al 912 345 678", "Móvil […] o llamar al […]"),
    ("Cel.: 310 123 4567 (Colombia)", "Cel.: […] (Colombia)"),
    ("téléphone n° 70 12 34 56", "téléphone n° […]"),
    ("https://wa.me/254711000111", "https://wa.me/[…]"),
    ("In 2021, 40 schools: 0711 000 111 (8:00-17:00)", "In 2021, 40 schools: […] (8:00-17:00)"),
]

PERSONS = [
    ("Write to amara.exemplar (a) example.org for more", "Write to […] for more"),
    ("amara.exemplar [a] example.org", "[…]"),
    ("amara.exemplar at example.org", "[…]"),
    ("See https://www.linkedin.com/in/amara-exemplar-12345/ please", "See […] please"),
    ("linkedin.com/in/amara-exemplar", "[…]"),
    ("LinkedIn: Amara Exemplar", "LinkedIn: […]"),
    ("https://www.facebook.com/amara.exemplar", "[…]"),
    ("Facebook: Amara Exemplar", "Facebook: […]"),
    ("facebook.com/profile.php?id=100012345678", "[…]"),
    ("Ask @amara_exemplar on Twitter", "Ask […] on Twitter"),
    ("https://twitter.com/amara_exemplar", "[…]"),
    ("https://x.com/amara_exemplar", "[…]"),
    ("https://www.instagram.com/amara.exemplar/", "[…]"),
    ("https://t.me/amara_exemplar", "[…]"),
    ("Telegram: @amaraexemplar", "Telegram: […]"),
    ("Skype: live:amara.exemplar_2", "Skype: […]"),
    ("Skype ID amara.exemplar", "Skype ID […]"),
    ("IBAN GB82 WEST 1234 5698 7654 32", "IBAN […]"),
    ("Pay to DE89370400440532013000", "Pay to […]"),
    ("Passport no. X1234567", "Passport no. […]"),
    ("Passeport n° 12AB34567", "Passeport n° […]"),
    ("Pasaporte: AAB123456", "Pasaporte: […]"),
    ("DNI 12345678Z", "DNI […]"),
    ("my NIE X1234567L", "my NIE […]"),
    ("Cédula de ciudadanía No. 1.098.765.432", "Cédula de ciudadanía No. […]"),
    ("CURP EXAR850312HDFXMR09", "CURP […]"),
    ("Social security number 078-05-1120", "Social security number […]"),
    ("National ID: 1234 5678 9012", "National ID: […]"),
    ("-1.29207, 36.82195", "[…]"),
    ("GPS: -1.2921 36.8219", "GPS: […]"),
    ("1°17'31.5\"S 36°49'18.2\"E", "[…]"),
    ("https://www.google.com/maps/@-1.2921,36.8219,15z", "https://www.google.com/maps/@[…],15z"),
    ("https://maps.app.goo.gl/AbCdEf123", "[…]"),
    ("from 203.0.113.77 on Monday", "from […] on Monday"),
    ("2001:db8:85a3::8a2e:370:7334", "[…]"),
    ("see IMG_Jane.jpg", "see […]"),
    ("photo_Amara_Exemplar.png", "[…]"),
    ("born on 12 March 1985 in Kisumu", "born on […] in Kisumu"),
    ("née le 12/03/1985", "née le […]"),
    ("Fecha de nacimiento: 12-03-1985, Calle Falsa 123", "Fecha de nacimiento: […], […]"),
    ("Amara lives at 7 Exemplar Road", "Amara lives at […]"),
    ("12 rue des Exemplaires, Dakar", "[…], Dakar"),
    ("Signed: Amara Exemplar", "Signed: […]"),
    ("Firmado por Amara Exemplar", "Firmado por […]"),
    ("Best regards, Amara Exemplar", "Best regards, […]"),
    ("Cordialement,\nAmara Exemplar", "Cordialement,\n[…]"),
    ("Contacter M. Exemplar", "Contacter […]"),
    ("Contactar a la Sra. Amara de la Exemplar", "Contactar a la Sra. […]"),
    ("Contact Amara Exemplar for details", "Contact […] for details"),
    ("Point focal : Amara Exemplar", "Point focal : […]"),
    ("Responsable: Amara Exemplar", "Responsable: […]"),
    ("Dr. A. Exemplar said so", "Dr. […] said so"),
    ("My name is Amara Exemplar", "My name is […]"),
    ("Submitted by Amara Exemplar", "Submitted by […]"),
    ("Card 4539 1488 0343 6467", "Card […]"),
    ("MAC 00:1B:44:11:3A:B7", "MAC […]"),
    ("Nombre y apellidos: Amara Exemplar", "Nombre y apellidos: […]"),
    ("username: amara85", "username: […]"),
    ("M. X", "M. […]"),
    ("Contacter M. X", "Contacter […]"),
    ("Mme Exemplar et Mr. Example", "Mme […] et Mr. […]"),
    ("Attn: Amara Exemplar", "Attn: […]"),
    ("Je m'appelle Amara Exemplar", "Je m'appelle […]"),
    ("me llamo Amara Exemplar", "me llamo […]"),
    ("permis de conduire n° 12AA34567", "permis de conduire n° […]"),
    ("IMEI: 490154203237518", "IMEI: […]"),
    ("voice_Amara.m4a", "[…]"),
    ("orcid.org/0000-0002-1825-0097", "[…]"),
    ("CPF 123.456.789-09", "CPF […]"),
    ("Né(e) le 3 mars 1990", "Né(e) le […]"),
    ("jane(a)example.org", "[…]"),
    ("Passport K-1234567 issued", "Passport […] issued"),
    ("Jane Exemplar, born 12.03.1985, lives at 12 Example Street, Nairobi", "[…], born […], lives at […], Nairobi"),
    ("1.286389 S, 36.817223 E", "[…]"),
    ("lat: -1.286 lon: 36.817", "lat: -[…] lon: […]"),
    ("IP 192.168.1.10", "IP […]"),
    ("Photo Jane Exemplar.jpg", "[…]"),
    ("Ansprechpartnerin: Amara Exemplar", "Ansprechpartnerin: […]"),
    ("Focal point – Amara Exemplar", "Focal point – […]"),
    ("The supervisor is Amara Exemplar", "The supervisor is […]"),
    ("Encuestador: J. Exemplar", "Encuestador: […]"),
    ("Enquêteur : A. Exemplar", "Enquêteur : […]"),
    ("Atte. Amara de la Exemplar", "Atte. […]"),
    ("Mit freundlichen Grüßen\nAmara Exemplar", "Mit freundlichen Grüßen\n[…]"),
    ("All done.\n--\nAmara Exemplar\nOfficer", "All done.\n--\n[…]\nOfficer"),
    ("amara@example.org (Amara Exemplar)", "[…] ([…])"),
    ("jane_doe_signature.png", "[…]"),
    ("CV_Jane_Exemplar.pdf", "[…]"),
    ("Signed, Jane Exemplar", "Signed, […]"),
    ("/s/ Jane Exemplar", "/s/ […]"),
    ("Mr. J. Exemplar", "Mr. […]"),
    ("Twitter: janeexemplar", "Twitter: […]"),
    ("skype jane.exemplar", "skype […]"),
    ("KE12 3456 7890 1234 5678 90", "[…]"),
    ("Née à Dakar le 12 mars 1985", "Née à Dakar le […]"),
    ("Nom : DOE Jane", "Nom : […]"),
    ("NOM: DOE", "NOM: […]"),
    ("Jane Exemplar <jane@example.org>", "[…] <[…]>"),
    ("Jane Exemplar (jane.exemplar@example.org)", "[…] ([…])"),
    ("Jane Exemplar, tel. +254 711 000 222", "[…], tel. […]"),
    ("M. Jean-Paul Exemplar", "M. […]"),
    ("IG: @jane", "IG: […]"),
    ("Contacter M. X pour plus", "Contacter […] pour plus"),
    ("Instagram: jane_exemplar", "Instagram: […]"),
    ("Signature : J. Exemplar", "Signature : […]"),
    ("né le 3/4/1990 à Lima, 12 rue Exemplaire", "né le […] à Lima, […]"),
    (
        "UNICEF Kenya (office@example.org), Fictional Union, tel. +254 711 000 222",
        "UNICEF Kenya ([…]), Fictional Union, tel. […]",
    ),
    ("Contacter Mme Exemplar au bureau", "Contacter […] au bureau"),
    ("IP address: 10.0.0.12", "IP address: […]"),
    ("jane [a] example (.) org", "[…]"),
]
"""Personal data besides addresses and phone numbers, with the rest of the text."""

STAY = [
    "Imaginary Union (office at the port)", "Meeting at ILO: 12 people", "Contact Martin Example Foundation",
    "Contact Jane Example Memorial School", "@SUM(A1:A9)", "Twitter: yes, Skype: no",
    "https://www.ministry.example/actions/2021", "www.union.example",
    "https://www.linkedin.com/company/fictional-union", "https://www.facebook.com/groups/childlabour",
    "https://twitter.com/hashtag/EndChildLabour", "#EndChildLabour #2021Action",
    "Budget 1 250 000 USD, 12.345 and 67.890", "DOI 10.1000/182, https://doi.org/10.1000/xyz123",
    "ISO 3166-1 alpha-2: KE, PE; ISO 26000:2010", "Law No. 25/2003, Ley 1098 de 2006, Décret n° 2011-029",
    "Conventions 138 and 182 (a) and (b)", "article 3 (a) of Convention 182. The list",
    "from 2019 to 2021, 2019-2021", "Section 1.2.3.4 of the plan; version 2.0.1", "annual_report_2021.pdf",
    "https://example.org/photos/school.jpg", "IMG_20210512.jpg", "Contact the Ministry of Labour",
    "Contact: Imaginary Union", "Submitted by Fictional Union of Workers", "Submitted by the Ministry", "Dr Congo",
    "Name of the action: training", "Contact Person", "Responsible: Ministry of Labour",
    "with regards to Child Labour", "born in 2010", "children born between 2005 and 2010",
    "social security reform 2019-2021", "Action: Train 40 inspectors",
    "Twitter campaign of 3 weeks, Facebook: 200 posts", "Facebook and Twitter posts", "by Skype with partners",
    "5 Training Sessions on the road", "2021 Silk Road", "Avenue of cooperation", "10:30:00", "SDG 8.7, 33.3333333 %",
    "0.1234567", "12:30-13:45", "Mrs and Mr", "ages 5-11", "rue principale", "Plan 2021: M. le ministre",
    "USD 1,250,000.00", "look at example.org", "THE UNION AT WORK", "Name: Education for All", "Author: UNICEF",
    "ISBN 978-92-2-030915-5", "Resolution A/RES/73/327", "Grant no. 123456789", "PR-2021-0001", "ABN 57 001 288 768",
]  # fmt: skip
"""Public look-alikes: pages of organisations, laws, numbers, days, files, and names of no person."""

SURVIVORS = [
    "2019-2021", "2019 – 2021, 2022/2023", "2018 2019 2020 2021", "de 2019 à 2021", "ปี 2562 -2563",
    "12/05/2021", "12.05.2021–13.06.2021", "01/02/2021 03/04/2022", "12/05/21-13/06/21", "12 05 2021", "05122021",
    "2021-05-12 10:30:00 and 2021-05-12T10:30:00.000+02:00", "backup 2021-05-12-10-30-00",
    "1 000 000", "1\u202f000\u202f000 d'enfants", "+1 250 000 children", "912 345 678", "12 345 678,50", "1.250.000",
    "USD 1,250,000", "USD 310 123 4567", "2 000 000 000 FCFA", "$ 1 250 000.00", "10 500 000 € ; 25 %, 33.3333333 %",
    "SDG 8.7, C138 (1973), C182 (1999)", "ages 5-11, 12-14 and 15-17", "between 100 and 2500 of 1234567",
    "ISBN 978-92-2-030915-5", "ISBN 0-306-40615-2, ISSN 0317-8471", "DOI: 10.1000/0711000111",
    "https://example.org/2021/0711000111?id=0711000111", "www.example.org/0711000111.pdf",
    "IMG_20210512_0711000111.jpg",
    "Law 025/2003, Decree No. 011-2012, Agreement 2017-4388", "Resolution A/RES/73/327", "ABN 57 001 288 768",
    "123e4567-0711-4000-1110-426614174000", "36.8219046 -1.2921000", "0.1234567", "712345678", "A0711000111",
    "2 @ 3.50, 3 @ $5", "Work@home", "https://video.example/@handle", "look at this point by point",
    "THE UNION AT WORK", "a) at school (b) at home", "arroba", "", "x",
]  # fmt: skip


def test_contacts_are_taken_out_whole_and_nothing_else():
    expected = dict(MAILS + PHONES) | {text: text for text in SURVIVORS}
    assert {text: without_contacts(text, REGIONS) for text in expected} == expected


def test_what_is_of_persons_is_taken_out_of_texts_and_nothing_that_is_public():
    expected = dict(MAILS + PHONES + PERSONS) | {text: text for text in STAY}
    assert {text: without_persons(text, REGIONS) for text in expected} == expected


def test_national_number_is_known_by_its_country_or_its_label_only():
    assert without_contacts("0711 000 111", ()) == without_contacts("0711 000 111", ("FR",)) == "0711 000 111"
    assert without_contacts("0711 000 111", ("FR", "KE")) == without_contacts("[…]", ()) == "[…]"
    assert without_contacts("phone 0711 000 111 or +254 711 000 111", ()) == "phone […] or […]"


@pytest.fixture(scope="module")
def macros():
    with duckdb.connect() as connection:
        run_file(connection, SQL / "contacts.sql")
        yield connection


def test_sql_passes_on_every_text_that_holds_a_contact_and_no_plain_cell(macros):
    cells = ["2021-05-12", "2021-05-12T10:30:00.000+02:00", "12/05/2021 10:30", "1234567.25", "712345678", "0.12345678"]
    cells += ["9f044ff2ac72070b", "123e4567-0711-4000-1110-426614174000"]
    cells += ["made-up words number 1000001", "1000002 families; grant 7123456789."]
    cells += ["Trained from 12/05/2021 to 2021-06-13, as in 2019-2021", "1,250,000, 2,500,000 and 3,000,000"]
    contacts = {text for text, _ in MAILS + PHONES}
    passing = "select text from (select unnest($texts) as text) where may_be_cleaned($kind, text)"
    passed = macros.execute(passing, {"texts": [*contacts, *cells], "kind": "exact"}).fetchall()
    assert {text for (text,) in passed} == contacts
    persons = {text for text, _ in PERSONS}
    passed = macros.execute(passing, {"texts": [*contacts, *persons, *cells], "kind": "free"}).fetchall()
    assert {text for (text,) in passed} == contacts | persons


WORDS = st.sampled_from(
    ["Tel", "tél.", "WhatsApp", "call", "appelez", "llamar al", "no.", "grant", "of", "números", "et", "families"]
)
GROUPS = st.builds(
    "{}{}".format, st.sampled_from(["", " ", ".", "/", "-"]), st.text("0123456789", min_size=2, max_size=4)
)
NUMBERS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "+", "00", "0"]),
    st.integers(1, 9999),
    st.lists(GROUPS, min_size=1, max_size=4).map("".join),
)
PARTS = st.lists(st.one_of(WORDS, NUMBERS, st.sampled_from([" ", ": ", ", ", "; ", "(", ")", "/", ". "])), max_size=9)


@pytest.mark.drawn
@given(texts=st.lists(PARTS.map("".join) | PARTS.map(" ".join), min_size=5, max_size=10))
def test_sql_passes_on_whatever_is_found(macros, texts):
    texts = [f"Write: {text}" for text in texts]  # a bare number or date alone in its cell is none
    left_out = macros.execute(
        "select text from (select unnest($texts) as text) where not may_hold_contact(text)", {"texts": texts}
    ).fetchall()
    assert [text for (text,) in left_out if without_contacts(text, REGIONS) != text] == []
