"""Who leaves at once, before the workers have begun, leaves in peace."""

import os
import threading
import time

from commtui.config.paths import Home
from commtui.main.home import ScreenHome
from commtui.model.engine import EngineState
from commtui.sync.background import Background


def services(tmp_path):
    home = Home.at(tmp_path / "home")
    home.prepare()
    return ScreenHome(home, os.environ)


def engines():
    return [thread for thread in threading.enumerate() if thread.name == "engine"]


def test_workers_that_were_stopped_before_they_began_never_begin(tmp_path):
    made = services(tmp_path)
    made.engine.stop()
    made.engine._begin()
    assert made.engine.state() == EngineState("starting")
    assert engines() == []
    made.store.close()


def test_workers_that_are_just_beginning_are_stopped_all_the_same(tmp_path, monkeypatch):
    begun = threading.Event()
    real = threading.Thread.start

    def slowly(thread):
        if thread.name == "engine":
            begun.set()
            time.sleep(0.2)
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", slowly)
    made = services(tmp_path)
    made.engine.start()
    assert begun.wait(60)
    made.engine.stop()
    assert isinstance(made.engine._background, Background)
    assert engines() == []
    made.store.close()
