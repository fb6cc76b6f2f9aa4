"""What the driver takes for granted about Textual: a release that changes it fails here, not in a user's terminal."""

import inspect

import pytest
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from commtui.ui.app import InboxApp
from commtui.ui.painter.driver import PainterDriver

OVERRIDDEN = {
    "__init__": "(self, app, *, debug=False, mouse=True, size=None)",
    "write": "(self, data)",
    "flush": "(self)",
    "start_application_mode": "(self)",
    "stop_application_mode": "(self)",
    "run_input_thread": "(self)",
    "close": "(self)",
    "_enable_mouse_support": "(self)",
    "_disable_mouse_support": "(self)",
    "_enable_mouse_pixels": "(self)",
}
CALLED = {
    "suspend_application_mode": "(self)",
    "resume_application_mode": "(self)",
    "send_message": "(self, message)",
}


def signature(function):
    found = inspect.signature(function)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in found.parameters.values()]
    return str(found.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def test_textual_s_app_has_what_the_inbox_overrides_or_reads():
    """An error that nobody caught goes into the log, not onto the terminal with the values of variables."""
    assert signature(App._fatal_error) == signature(InboxApp._fatal_error) == "(self)"
    assert signature(App._register_child) == signature(InboxApp._register_child)
    source = inspect.getsource(App._handle_exception)
    assert "self._fatal_error()" in source and "self._exception = error" in source


@pytest.mark.parametrize(("name", "expected"), (OVERRIDDEN | CALLED).items())
def test_textual_s_driver_has_what_the_painter_overrides_or_calls(name, expected):
    assert signature(getattr(LinuxDriver, name)) == expected
    if name in OVERRIDDEN:
        assert signature(getattr(PainterDriver, name)) == expected


def test_nothing_else_of_textual_s_driver_is_overridden():
    ours = {name for name in vars(PainterDriver) if not (name.startswith("__") and name.endswith("__"))}
    theirs = {name for cls in LinuxDriver.__mro__ for name in vars(cls)}
    assert ours & theirs - {"_abc_impl"} == set(OVERRIDDEN) - {"__init__"}


def test_no_attribute_of_textual_s_driver_is_shadowed():
    theirs = set()
    for cls in (Driver, LinuxDriver):
        theirs |= set(cls.__init__.__code__.co_names)
    ours = set(PainterDriver.__init__.__code__.co_names)
    made_by_us = {
        "painted_app",
        "loop",
        "output",
        "abilities",
        "frame",
        "painter",
        "writer",
        "tells_hang_up",
        "handled",
        "received",
    }
    assert made_by_us <= ours
    assert not made_by_us & theirs


def test_textual_still_calls_what_the_painter_waits_for():
    """A frame is written, then flushed; synchronized output is used once the terminal has answered."""
    source = inspect.getsource(App)
    assert "self._driver.flush()" in source
    assert "SYNC_START" in source
    assert "self.no_color = " in source
