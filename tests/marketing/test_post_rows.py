"""Files of posts as rows: what is written is read again, and what cannot be read is named by its row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.activity.errors import BadRow
from commtui.marketing.post_rows import COLUMNS, column_of, csv_of, format_of, json_lines_of, read_rows

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20)
ROWS = st.lists(st.dictionaries(st.sampled_from(COLUMNS), TEXTS, min_size=1), max_size=4)


def as_read(rows):
    """The rows without blank values, which are not there when they are read."""
    return [{name: value for name, value in row.items() if value.strip()} for row in rows]


@given(ROWS)
def test_csv_is_read_as_it_was_written(rows):
    text = "".join(csv_of(iter(rows)))
    read, unknown = read_rows("\ufeff" + text, "csv", {})
    assert [dict(row.values) for row in read] == [row for row in as_read(rows) if row]
    assert unknown == [] and all(row.problem is None for row in read)


@given(ROWS)
def test_json_lines_are_read_as_they_were_written(rows):
    text = "".join(json_lines_of(iter(rows)))
    read, unknown = read_rows(text, "jsonl", {})
    assert [dict(row.values) for row in read] == as_read(rows)
    assert unknown == [] and [row.number for row in read] == list(range(1, len(rows) + 1))


@given(st.text(max_size=200))
def test_no_text_raises_anything_but_a_bad_row(text):
    for kind in ("csv", "jsonl"):
        try:
            rows, _ = read_rows(text, kind, {})
        except BadRow:
            assert kind == "csv"
        else:
            assert all(set(row.values) <= set(COLUMNS) for row in rows)


def test_columns_are_found_by_other_names_and_by_those_that_a_person_gives():
    assert [column_of(name, {}) for name in ("Message", " Scheduled At", "ALT text", "Likes")] == [
        "text", "at", "alt", "",
    ]  # fmt: skip
    assert column_of("Beitrag", {"text": "beitrag "}) == "text"
    assert column_of("message", {"text": "Beitrag"}) == ""  # only one column can be the text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rows_are_numbered_as_a_table_shows_them(separator):
    lines = [["Message", "Date", "Likes"], ["one", "fri", "3"], ["", " ", ""], ['"two\nlines"', "sat", "4"]]
    rows, unknown = read_rows("\n".join(separator.join(cells) for cells in lines), "csv", {})
    assert [(row.number, dict(row.values)) for row in rows] == [
        (2, {"text": "one", "at": "fri"}),
        (4, {"text": "two\nlines", "at": "sat"}),
    ]
    assert unknown == ["Likes"]


def test_what_cannot_be_read_is_named():
    rows, _ = read_rows("text,at\nHello, world,fri\nfine,sat\n", "csv", {})
    assert [row.problem.problem if row.problem else "" for row in rows] == ["cells", ""]
    rows, _ = read_rows('{"text": "fine"}\n{"text": \n[1]\n', "jsonl", {})
    assert [(row.number, row.problem.problem if row.problem else "") for row in rows] == [
        (1, ""),
        (2, "json"),
        (3, "json"),
    ]
    for text, problem in (("Titel,Datum\na,b\n", "no-text-column"), ('text\n"open\n', "csv")):
        with pytest.raises(BadRow) as error:
            read_rows(text, "csv", {})
        assert error.value.problem == problem


def test_a_file_s_name_says_its_format():
    assert [format_of(name) for name in ("a.CSV", "b.jsonl", "c.json", "d.ndjson", "e.txt", "csv")] == [
        "csv", "jsonl", "jsonl", "jsonl", None, "csv",
    ]  # fmt: skip
