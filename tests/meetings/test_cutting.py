"""Cutting the text of a declaration into provisions. All texts are made up, in the shapes that real ones have."""

import re
import time
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.cutting import cut, free_code, marks_of, suggest
from meetings.cutting.words import LONGEST_VERB, TABLE
from meetings.models import Provision

PRINTED = """\
GABALA DECLARATION
OF THE TWELFTH SUMMIT OF THE MADE-UP COUNCIL

The Presidents of Exampleland and Samplestan met in Gabala on 7 October 2025 and

I. POLITICAL COOPERATION

1. Reaffirmed their commitment to the long-term pur-
poses of the Council and to the vision that was adopted at the
12. Zirve in Gabala, and to the long-
term plan;

2. Welcomed the talks of H.E. Mr. Somebody. They noted progress.
3. Instructed the Secretariat to:
a) prepare a draft of the agreement
on the Fund;
b) welcome proposals from the member states.

- 3 -

II. ECONOMIC COOPERATION
4. Decided to establish the Fund,
with the support of the parties.
Trade and customs
5. Called upon the members to join.
"""


def texts(pasted):
    return [piece.text for piece in cut(pasted).pieces]


def column(pasted, *names):
    return [tuple(getattr(piece, name) for name in names) for piece in cut(pasted).pieces]


# A text from a PDF


def test_lines_broken_by_a_pdf_come_together_again():
    assert texts(PRINTED)[1].startswith("Reaffirmed their commitment to the long-term purposes of the Council")
    assert "a draft of the agreement on the Fund;" in texts(PRINTED)[4]


def test_a_hyphen_that_the_text_uses_elsewhere_is_kept_at_a_line_end():
    assert texts(PRINTED)[1].endswith("and to the long-term plan;")


def test_an_ordinal_at_the_start_of_a_line_is_no_number_of_a_paragraph():
    assert "adopted at the 12. Zirve in Gabala" in texts(PRINTED)[1]


def test_numbers_and_letters_are_told_apart_from_the_text():
    assert column(PRINTED, "number", "letter")[1:6] == [("1.", ""), ("2.", ""), ("3.", ""), ("3.", "a)"), ("3.", "b)")]


def test_codes_are_the_paragraphs_own_numbers():
    assert column(PRINTED, "code") == [("preamble",), ("p1",), ("p2",), ("p3",), ("p3a",), ("p3b",), ("p4",), ("p5",)]


def test_a_piece_knows_the_heading_it_stands_under():
    headings = [heading for (heading,) in column(PRINTED, "heading")]
    title = "GABALA DECLARATION / OF THE TWELFTH SUMMIT OF THE MADE-UP COUNCIL"
    assert headings == [title, *["I. POLITICAL COOPERATION"] * 5, "II. ECONOMIC COOPERATION", "Trade and customs"]


def test_page_numbers_are_left_out_and_said_so():
    assert cut(PRINTED).left_out == ["- 3 -"]
    assert cut("The parties met in\nPage 2 of 9\nBaku.").left_out == ["Page 2 of 9"]


def test_a_sentence_goes_on_over_the_end_of_a_page():
    assert texts("1. Decided to\n\n7\n\nestablish a fund.\n2. Welcomed it.") == ["Decided to establish a fund.", "Welcomed it."]


def test_words_are_suggested_for_each_piece():
    assert column(PRINTED, "verb", "force") == [
        ("", "statement"),
        ("reaffirmed", "statement"),
        ("welcomed", "welcome"),
        ("instructed", "instruction"),
        ("instructed", "instruction"),  # it has no verb of its own: that of the words that lead to it
        ("welcome", "welcome"),
        ("decided", "decision"),
        ("called upon", "call"),
    ]


def test_a_pdf_with_an_empty_line_after_every_line_is_read_too():
    lines = [
        "1. Decided to set up the",
        "Turkic fund, as the",
        "ministers had asked",
        "for, and to find the",
        "money for it.",
        "2. Welcomed it.",
    ]
    spaced = "\n\n".join(lines)
    assert texts(spaced)[0] == "Decided to set up the Turkic fund, as the ministers had asked for, and to find the money for it."


def test_paragraphs_without_numbers_or_empty_lines_are_told_by_their_verbs():
    pasted = (
        "The Presidents of Exampleland and Samplestan, meeting in the town of\n"
        "Gabala, Welcoming the progress that was made in the year behind them;\n"
        "REAFFIRM their commitment to the purposes of the Council as they were\n"
        "laid down, and to all that follows from them in the years to come, too.\n"
        "Emphasise that the Fund is to be opened before the end of this year of\n"
        "peace.\n"
    )
    assert [verb for (verb,) in column(pasted, "verb")] == ["welcoming", "reaffirm", "emphasise"]


@pytest.mark.parametrize(
    "pasted",
    [
        "1.\tDecided to act.\r\n2.\tWelcomed it.",
        "1.\u00a0Decided\u00a0to act.\n2.\u00a0Welcomed it.",
        "1. Deci\u00added to act.\n2. Welcomed it.",
        "1. Deci\u00ad\nded to act.\n2. Welcomed it.",
        "\ufeff1. Decided to\u200b act.\n2. Welcomed it.",
        "1.\nDecided to act.\n2.\nWelcomed it.",
        "1. Decided\x00to act.\n2. Welcomed it.",
        "1.Decided to act.\n2.Welcomed it.",
    ],
)
def test_what_a_clipboard_adds_does_not_show(pasted):
    assert texts(pasted) == ["Decided to act.", "Welcomed it."]


def test_ligatures_of_a_font_are_letters():
    assert column("1. Rea\ufb03rmed it.", "text", "verb") == [("Reaffirmed it.", "reaffirmed")]


# Marks


@pytest.mark.parametrize(
    ("pasted", "numbers", "codes"),
    [
        ("1) Decided.\n2) Welcomed.", ["1)", "2)"], ["p1", "p2"]),
        ("(1) Decided.\n(2) Welcomed.", ["(1)", "(2)"], ["p1", "p2"]),
        ("1- Decided.\n2- Welcomed.", ["1-", "2-"], ["p1", "p2"]),
        ("1. Decided.\n1.1. Welcomed.\n1.2. Noted.", ["1.", "1.1.", "1.2."], ["p1", "p1-1", "p1-2"]),
        ("Article 3. The Parties decided.\nArticle 4. They met.", ["Article 3.", "Article 4."], ["p3", "p4"]),
        ("§ 4 Decided.\n§ 5 Welcomed.", ["§ 4", "§ 5"], ["p4", "p5"]),
        ("Статья 5. Стороны решили.\nСтатья 6. Они встретились.", ["Статья 5.", "Статья 6."], ["p5", "p6"]),
        ("Madde 6 – Taraflar karar verir.\nMadde 7 – Son.", ["Madde 6 –", "Madde 7 –"], ["p6", "p7"]),
        ("1-бап. Тараптар келісті.\n2-бап. Соңы.", ["1-бап.", "2-бап."], ["p1", "p2"]),
        ("1-берене. Тараптар чечишти.\n2-берене. Аягы.", ["1-берене.", "2-берене."], ["p1", "p2"]),
        ("1-modda. Tomonlar kelishdi.\n2-modda. Oxiri.", ["1-modda.", "2-modda."], ["p1", "p2"]),
        ("1. cikk A felek döntöttek.\n2. cikk Vége.", ["1. cikk", "2. cikk"], ["p1", "p2"]),
        ("I. Decided to act.\nII. Welcomed it.", ["I.", "II."], ["pi", "pii"]),
        ("45. Decided.\n46. Welcomed.", ["45.", "46."], ["p45", "p46"]),
    ],
)
def test_numbers_of_every_fashion_are_known(pasted, numbers, codes):
    assert [piece.number for piece in cut(pasted).pieces] == numbers
    assert [piece.code for piece in cut(pasted).pieces] == codes


@pytest.mark.parametrize(
    ("pasted", "letters", "codes"),
    [
        ("1. Decided:\n(a) this;\n(b) that.", ["", "(a)", "(b)"], ["p1", "p1a", "p1b"]),
        ("1. Решили:\nа) одно;\nб) другое;\nв) третье.", ["", "а)", "б)", "в)"], ["p1", "p1a", "p1b", "p1v"]),
        ("1. Decided:\ni) this;\nii) that.", ["", "i)", "ii)"], ["p1", "p1i", "p1ii"]),
        ("1. Decided:\na. this;\nb. that.", ["", "a.", "b."], ["p1", "p1a", "p1b"]),
        ("1. Decided:\n– this;\n– that.", ["", "–", "–"], ["p1", "p1-2", "p1-3"]),
        ("1. Decided:\n• this\n• that", ["", "•", "•"], ["p1", "p1-2", "p1-3"]),
        ("1. a) Decided.\nb) Welcomed.", ["a)", "b)"], ["p1a", "p1b"]),
        ("Decided:\na) this;\nb) that.", ["", "a)", "b)"], ["p1", "p2a", "p3b"]),
    ],
)
def test_letters_and_bullets_are_known(pasted, letters, codes):
    assert [piece.letter for piece in cut(pasted).pieces] == letters
    assert [piece.code for piece in cut(pasted).pieces] == codes


@pytest.mark.parametrize(
    "sentence",
    [
        "12. Zirve sonunda kararlaştırmışlardır.",
        "V. Orbán welcomed the guests.",
        "A. Somebody and B. Nobody met.",
        "г. Ташкент принял гостей.",
        "7.10.2025 tarihinde buluştular.",
        "Article 5 of the made-up Charter applies.",
        "2025 is a year of peace.",
    ],
)
def test_what_only_looks_like_a_mark_is_a_part_of_the_sentence(sentence):
    assert column(sentence, "mark", "text") == [("", sentence)]


def test_articles_with_titles_give_their_paragraphs_their_number():
    pasted = "Madde 1\nAmaç\nTaraflar karar verir.\nMadde 2\nKapsam\n1. Taraflar onaylar.\n2. Taraflar vurgular."
    assert column(pasted, "number", "heading", "code") == [
        ("Madde 1", "Madde 1 / Amaç", "p1"),
        ("Madde 2, 1.", "Madde 2 / Kapsam", "p2-1"),
        ("Madde 2, 2.", "Madde 2 / Kapsam", "p2-2"),
    ]


# Headings


@pytest.mark.parametrize("heading", ["POLITICAL COOPERATION", "Political cooperation:", "Political cooperation", "ЭКОНОМИКА", "İŞ BİRLİĞİ"])
def test_a_heading_is_no_provision(heading):
    assert column(f"1. Decided to act.\n{heading}\n2. Welcomed it.", "text", "heading") == [
        ("Decided to act.", ""),
        ("Welcomed it.", heading),
    ]


def test_the_opening_words_are_no_title():
    assert texts("The Ministers met in Gabala and\n\n1. Decided to act.\n2. Noted it.")[0] == "The Ministers met in Gabala and"


def test_a_title_may_be_longer_than_a_heading():
    title = "Made-up Declaration of the Twelfth Summit of the Council of Heads of State of the Made-up Organization"
    assert column(f"{title}\n\nThe Ministers met in Gabala and agreed.", "heading")[0] == (title,)


def test_short_lines_in_a_row_are_a_list_and_no_headings():
    pasted = "The parties will:\n\nCreate a council\n\nHold talks\n\nBuild a road\n\nPlant trees\n\nThey signed this in Gabala."
    assert len(texts(pasted)) == 6


def test_a_verb_in_capitals_on_a_line_of_its_own_begins_a_paragraph():
    assert texts("The parties met.\n\nWELCOME\nthe fund;") == ["The parties met.", "WELCOME the fund;"]


def test_a_heading_over_nothing_is_not_lost():
    assert texts("1. Decided.\n2. Welcomed.\n\nGABALA, 7 OCTOBER 2025")[-1] == "GABALA, 7 OCTOBER 2025"


# Words


@pytest.mark.parametrize(
    ("sentence", "verb", "force"),
    [
        ("The Heads of State decided to meet again.", "decided", "decision"),
        ("Instructing the Secretariat to report.", "instructing", "instruction"),
        ("They took note of the report.", "took note", "statement"),
        ("Express their deep satisfaction with the talks.", "express their deep satisfaction", "welcome"),
        ("The ministers, with the support of the proposed fund, exchanged views on it.", "exchanged views", "review"),
        ("The parties met. They decided nothing in the first sentence.", "", "statement"),
        ("H.E. Mr. Somebody of Exampleland proposed a platform.", "proposed", "proposal"),
        ("Главы государств приняли решение о создании фонда.", "приняли решение", "decision"),
        ("ПОДЧЁРКИВАЯ значение связей,", "подчёркивая", "statement"),
        ("Выразили глубокую признательность хозяевам.", "выразили глубокую признательность", "welcome"),
        ("Поручили Секретариату подготовить проект.", "поручили", "instruction"),
        ("Призываем к координации.", "призываем", "call"),
        ("Devlet Başkanları gelişmeleri memnuniyetle karşılamışlardır.", "memnuniyetle karşılamışlardır", "welcome"),
        ("BİR FON KURULMASINI KARARLAŞTIRMIŞLARDIR.", "kararlaştırmışlardır", "decision"),
        ("Bakanlara talimat vermişlerdir.", "talimat vermişlerdir", "instruction"),
        ("Dövlət başçıları görüşü alqışlayırlar.", "alqışlayırlar", "welcome"),
        ("Nazirlərə tapşırıq verdilər.", "tapşırıq verdilər", "instruction"),
        ("Мемлекет басшылары шешім қабылдады.", "шешім қабылдады", "decision"),
        ("Тараптар ынтымақтастықты атап өтті.", "атап өтті", "statement"),
        ("Мамлекет башчылары чечим кабыл алышты.", "чечим кабыл алышты", "decision"),
        ("Министрлер долбоорду колдошту.", "колдошту", "welcome"),
        ("Davlat rahbarlari qaror qabul qildilar.", "qaror qabul qildilar", "decision"),
        ("Tomonlar hamkorlikni ta’kidladilar.", "ta’kidladilar", "statement"),
        ("Томонлар ҳамкорликни қўллаб-қувватладилар.", "қўллаб-қувватладилар", "welcome"),
        ("Az államfők üdvözölték a megállapodást.", "üdvözölték", "welcome"),
        ("Az államfők megbízták a Titkárságot.", "megbízták", "instruction"),
    ],
)
def test_the_documents_own_word_and_its_force_are_suggested(sentence, verb, force):
    assert column(sentence, "verb", "force") == [(verb, force)]


def test_every_force_has_words_in_every_language():
    assert all(set(forces) == set(Provision.Force) for forces in TABLE.values())


def test_every_word_of_the_table_is_found():
    for language, forces in TABLE.items():
        for force, phrases in forces.items():
            for phrase in " ".join(phrases.split()).split(", "):
                found = suggest(phrase.replace("*", "").replace("…", "very"))
                assert found is not None, (language, phrase)
                assert found.opens, (language, force, phrase)


def test_a_suggested_verb_fits_its_field():
    long = "express " + "x" * LONGEST_VERB + " satisfaction"
    assert len(suggest(long).verb) <= LONGEST_VERB


# Codes


def test_codes_that_are_taken_are_not_given_again():
    assert [piece.code for piece in cut("1. Decided.\n2. Welcomed.", taken=["p1", "p1-2"]).pieces] == ["p1-3", "p2"]
    assert free_code("p1", {"p1"}) == "p1-2"


def test_a_part_cut_off_by_hand_may_begin_with_a_mark():
    assert marks_of("b) that other thing") == ("", "b)", "that other thing")
    assert marks_of("the rest\nof it") == ("", "", "the rest\nof it")
    assert marks_of("Article 3") == ("", "", "Article 3")


# Whatever is pasted


MARKS = "1. |2. |3. |12. |a) |b) |(a) |• |– |Article 3|Article 4. |Статья 5. |1-бап. |I. |II. |12|- 3 -|Page 2"
WORDS = "REAFFIRM |Welcoming |POLITICAL |Trade: |the |of |Fund |pur-|pose|long-term |. |; |: |, |İŞ |решили |х "
SIGNS = ["\u00ad", "\u00a0", "\t", "\u200b", "\ufb01", "\x00", "\x0c", "\u2028", "\n", "\n", "\n\n", "\r\n", "\u00ad\n", "-\n"]
scraps = st.sampled_from([*MARKS.split("|"), *WORDS.split("|"), *SIGNS])
pasted_texts = st.lists(scraps, max_size=60).map("".join) | st.text(max_size=200)
FONTS = str.maketrans({"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"})


def signs(text):
    """Every sign that is no space, in order; hyphens aside, as those of a line's end may go."""
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).translate(FONTS)
    return [sign for sign in kept if unicodedata.category(sign) not in ("Cc", "Cf", "Zs", "Zl", "Zp") and sign not in "-‐"]


@given(pasted_texts)
def test_nothing_that_was_pasted_is_lost_or_doubled(pasted):
    done = cut(pasted)

    again = signs("\n".join(part for piece in done.pieces for part in (piece.above, piece.mark, piece.text)))
    assert Counter(again) + Counter(signs("\n".join(done.left_out))) == Counter(signs(pasted))
    if not done.left_out:
        assert again == signs(pasted)


@given(pasted_texts, st.sets(st.sampled_from(["p1", "p2", "p3a", "preamble", "preamble-2"])))
def test_every_code_is_of_the_right_shape_and_given_once(pasted, taken):
    codes = [piece.code for piece in cut(pasted, taken=taken).pieces]
    assert len({*codes, *taken}) == len(codes) + len(taken)
    assert all(re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", code) and not code.isdigit() for code in codes)


@pytest.mark.parametrize("scrap", ["a-\n", "a\n\n", "1. a\n", "(", "- ", ". ", "express a ", "\u00ad \n", "I", "1", "I. A\n", "A: \n"])
def test_a_strange_text_takes_no_longer_than_a_plain_one(scrap):
    begun = time.process_time()
    cut(scrap * (100_000 // len(scrap)))
    assert time.process_time() - begun < 10  # a quadratic step would take minutes
