"""What a new person needs is not cut off on the usual small terminal."""

from __future__ import annotations

from datetime import timedelta

from commtui.triage.posting import write_post
from tests.ui.fill import arrive, bench
from tests.ui.screen import drive, lines, shown, typed


def test_the_way_to_help_stands_on_the_first_screen_however_much_there_is(tmp_path):
    made = bench(tmp_path, 130)
    made.demo = True
    desk = made.desk()
    for days in range(12):
        write_post(desk, f"post {days}", ["brand"], at=desk.now + timedelta(days=days + 1))

    async def scenario(app, pilot):
        assert "130 open" in lines(app)[-1] and "12 scheduled" in lines(app)[-1]
        assert "? help" in lines(app)[-1]

    drive(made, scenario)


def test_every_key_of_a_posts_review_has_room(tmp_path):
    made = bench(tmp_path, 1)
    made.demo = True

    async def scenario(app, pilot):
        await pilot.press("c")
        await typed(pilot, "hello")
        await pilot.press("escape")
        for word in ("y send", "e go on", "v visibility", "a accounts", "t time", "p keep", "d discard"):
            assert word in shown(app), word

    drive(made, scenario)


def test_undo_of_a_reply_names_no_id_on_the_screen(tmp_path):
    made = bench(tmp_path, 0)
    arrive(made, 2)

    async def scenario(app, pilot):
        await pilot.press("r")
        await typed(pilot, "hello")
        await pilot.press("escape", "y", "u")
        assert lines(app)[-1].split() == ["undo:", "reply"]

    drive(made, scenario)
