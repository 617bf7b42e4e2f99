-- A question that neither a recipe nor staff made public leaves nothing behind: neither text nor choices.
delete from questions_asked where not is_public;

-- Nothing without: question_separators.
delete from question_separators where question not in (select question from questions_asked);

-- Nothing without: answer_texts.
delete from answer_texts
where (sheet_no, question) not in (select (sheet_no, question) from questions_asked);

-- Nothing without: choices_asked.
delete from choices_asked
where (sheet_no, question) not in (select (sheet_no, question) from questions_asked);

-- Nothing without: answer_pieces.
delete from answer_pieces
where (question, written) not in (select (question, written) from answer_texts);

-- Nothing without: answer_codes.
delete from answer_codes
where (question, written) not in (select (question, written) from answer_texts);
