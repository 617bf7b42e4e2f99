"""What the program writes into the inbox of reports by link: what counts, and the fate of every row."""

from tests.etl.campaigns import ask, built, make_campaign

REGISTER = """ID,Stakeholder,Title,Country
FORM-1,Fictional Union,Train teachers in ten schools,Ghana
FORM-2,Imaginary Weavers,Check the looms of Sampleville,India
"""
PICTURE, DOCUMENT = f"{'a' * 64}.jpg", f"{'b' * 64}.pdf"
ANNOTATIONS = f"""annotation_no,action_id,post_id,kind,said_on,words,language,file,rights,withdrawn_on
R-11111-11111,FORM-1,,reply,2021-06-01,Nine schools,en,,,
R-11111-11111,FORM-1,,reply,2021-06-08,Ten schools by now,en,,,
R-22222-22222-aaaaaaaaaaaa,FORM-1,,picture,2021-06-02,A classroom,en,{PICTURE},Ours,
R-22222-22222-aaaaaaaaaaaa,FORM-1,,picture,2021-06-02,A classroom,en,{PICTURE},Ours,2021-07-01
R-22222-22222-bbbbbbbbbbbb,FORM-2,,Document,2021-06-03,'=The report,fr,{DOCUMENT},Ours,
R-33333-33333-aaaaaaaaaaaa,,ST-1,picture,2021-06-04,A loom,en,{PICTURE},Ours,
R-33333-33333-bbbbbbbbbbbb,FORM-2,ST-8,document,2021-06-04,Of a story that is gone,en,{DOCUMENT},Ours,
R-33333-33333-bbbbbbbbbbbb,FORM-2,ST-8,,,,,,,some day
,FORM-1,,reply,2021-06-05,Without a number,en,,,
R-44444-44444,FORM-1,,remark,2021-06-05,Of another kind,en,,,
R-44444-44445,FORM-1,,reply,2021-06-05,,en,,,
R-44444-44446,FORM-9,,reply,2021-06-05,Of no action,en,,,
R-44444-44447,,,reply,2021-06-05,Of no action either,en,,,
R-44444-44448,FORM-1,ST-9,picture,2021-06-05,Of no story,en,{PICTURE},Ours,
R-44444-44449,FORM-1,,picture,2021-06-05,Under another name,en,../../campaign.toml,Ours,
R-44444-44450,FORM-1,,picture,2021-06-05,A document,en,{DOCUMENT},Ours,
R-44444-44451,FORM-1,,document,2021-06-05,Whose is it?,en,{DOCUMENT},,
"""
STORIES = "Story ID,Story,Published on\nST-1,Of looms,2021-05-01\n"


def test_what_stands_beside_an_action_is_its_last_row_unless_that_withdraws_it(tmp_path):
    exports = {"register.csv": REGISTER, "stories.csv": STORIES, "annotations_by_link.csv": ANNOTATIONS}
    with built(make_campaign(tmp_path / "campaign", exports, {})) as connection:
        assert ask(
            connection,
            "select annotation_no, kind, action_id, post_id, said_on::varchar, words, language, file, media_type, "
            "rights, named(source_file), source_row from annotations order by 1",
        ) == [
            ("R-11111-11111", "reply", "FORM-1", None, "2021-06-08", "Ten schools by now", "en", None, None, None,
             "annotations_by_link.csv", 3),
            ("R-22222-22222-bbbbbbbbbbbb", "document", "FORM-2", None, "2021-06-03", "=The report", "fr", DOCUMENT,
             "application/pdf", "Ours", "annotations_by_link.csv", 6),
            ("R-33333-33333-aaaaaaaaaaaa", "picture", None, "ST-1", "2021-06-04", "A loom", "en", PICTURE,
             "image/jpeg", "Ours", "annotations_by_link.csv", 7),
        ]  # fmt: skip
        assert ask(connection, "select source_row, kept_action_id, why from merged_rows order by 1") == [
            (2, "FORM-1", "told again further on: the last telling is kept"),
            (4, "FORM-1", "withdrawn further on: none is kept"),
            (8, "FORM-2", "withdrawn further on: none is kept"),
        ]
        assert ask(connection, "select source_row, field, reason from rejected_rows order by 1") == [
            (10, "id", "the row has no number"),
            (11, "kind", "it is neither a reply nor a document nor a picture"),
            (12, "words", "it has no words"),
            (13, "submission_id", "it belongs to no action that is known"),
            (14, "submission_id", "it belongs to no action that is known"),
            (15, "post_id", "the event or story it belongs to is not there"),
            (16, "file", "its file is not named as kept files are"),
            (17, "file", "its file is not named as kept files are"),
            (18, "rights", "it does not say whose rights they are"),
        ]
        account = "select rows_read, rows_accepted, rows_merged, rows_rejected from input_files where recipe = $recipe"
        assert ask(connection, account, {"recipe": "annotations_by_link"}) == [(17, 5, 3, 9)]
