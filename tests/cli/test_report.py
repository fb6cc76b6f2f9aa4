"""`commtui report` on a real home: its formats, its periods, and the rows behind its numbers."""

from __future__ import annotations

import csv

from commtui.sentences.report import DEFINITIONS


def test_a_number_opens_its_rows(busy):
    busy("tag", busy.ids[0], "parcel")
    busy("done", busy.ids[1])
    found = busy("report", "--by", "tag", "--json").json
    assert [group["group"] for group in found["groups"]] == ["", "parcel"]
    assert [found["all"]["figures"][name] for name in ("inbound", "waits", "unanswered", "waiting")] == [3, 3, 1, 2]
    assert sorted(found["all"]["ids"]["inbound"]) == sorted(busy.ids)
    assert found["definitions"] == dict(DEFINITIONS)
    assert busy("report", "--rows", "unanswered").out.split() == [busy.ids[1]]
    assert busy("report", "--rows", "waiting", "--by", "tag", "--group", "parcel").out.split() == [busy.ids[0]]
    assert busy("report", "--rows", "waiting", "--by", "tag", "--group", "(none)").out.split() == [busy.ids[2]]
    assert "(none), parcel" in busy("report", "--rows", "waiting", "--by", "tag", "--group", "x", code=2).err
    assert "--rows" in busy("report", "--by", "tag", "--group", "parcel", code=2).err


def test_csv_has_a_line_for_all_and_each_group(busy):
    lines = list(csv.DictReader(busy("report", "--by", "account", "--format", "csv").out.splitlines()))
    assert [(line["group"], line["inbound"], line["answer_rate"]) for line in lines] == [
        ("all", "3", "0.0"),
        ("before", "0", ""),
        ("brand", "3", "0.0"),
    ]


def test_a_period_has_an_end_after_its_begin(busy):
    assert busy("report", "--since", "25m", "--json").json["all"]["figures"]["inbound"] == 0
    assert busy("report", "--until", "1h", "--json").json["all"]["figures"]["inbound"] == 0
    assert "after --since" in busy("report", "--since", "1h", "--until", "2h", code=None).err
    assert "future" in busy("report", "--until", "2099-01-01", code=None).err


def test_text_fits_80_columns_and_ends_with_the_definitions(busy):
    lines = busy("report", "--by", "hour", COLUMNS="80").out.splitlines()
    assert max(map(len, lines)) <= 80
    words = " ".join(" ".join(lines).split())
    assert all(" ".join(definition.split()) in words for definition in DEFINITIONS.values())
