"""Networks by name: ours without a look at what is installed, plug-ins by entry points, and broken ones told apart."""

import subprocess
import sys
import textwrap

import pytest

from commtui.networks import plugins

GOOD = """
class Good:
    name, title, capabilities = "good", "Good", object()
    def check(self): ...
    fetch = thread = send = find = upload = act = stream = aclose = check
"""
BROKEN = {
    "fails": ("1 / 0", "Broken", "ZeroDivisionError"),
    "exits": ("import sys; sys.exit('bye')", "Broken", "SystemExit: bye"),
    "lines": ("raise RuntimeError('one\\ntwo')", "Broken", "one two"),
    "empty": ("", "Missing", "AttributeError"),
    "shape": ("class Broken: pass", "Broken", "lacks check"),
    "thing": ("Broken = 1", "Broken", "is no class"),
    "named": (GOOD.replace("class Good", "class Broken"), "Broken", "calls itself 'good'"),
}


def install(folder, name, source, attribute, distribution=None):
    distribution = distribution or f"commtui-{name}"
    module = distribution.replace("-", "_")
    (folder / f"{module}.py").write_text(textwrap.dedent(source))
    info = folder / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[commtui.networks]\n{name} = {module}:{attribute}\n")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name.startswith("commtui_"):
            del sys.modules[name]


def test_ours_are_known_and_load():
    assert {"demo", "mastodon"} <= set(plugins.installed_names())
    for name in plugins.OURS:
        assert plugins.load(name).name == name


def test_ours_are_loaded_without_a_look_at_what_is_installed():
    program = (
        "import sys\nfrom commtui.networks import plugins\nplugins.load('demo')\n"
        "print('importlib.metadata' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False", done.stderr


def test_plug_in_is_listed_without_being_imported_and_loads(folder):
    install(folder, "good", GOOD, "Good")
    assert "good" in plugins.installed_names()
    assert "commtui_good" not in sys.modules
    assert plugins.load("good").title == "Good"


@pytest.mark.parametrize("name", BROKEN)
def test_broken_plug_in_is_one_clear_line_that_names_it(folder, name):
    source, attribute, why = BROKEN[name]
    install(folder, name, source, attribute)
    with pytest.raises(plugins.BrokenNetwork) as broken:
        plugins.load(name)
    line = str(broken.value)
    assert f"{name!r}" in line and f"commtui-{name}" in line and why in line and "\n" not in line


def test_broken_plug_ins_stop_no_other(folder):
    install(folder, "good", GOOD, "Good")
    for name, (source, attribute, _) in BROKEN.items():
        install(folder, name, source, attribute)
    assert {"demo", "mastodon", "good", *BROKEN} <= set(plugins.installed_names())
    assert plugins.load("good").name == "good"
    assert plugins.load("demo").name == "demo"


def test_plug_in_cannot_take_the_name_of_ours(folder):
    install(folder, "mastodon", GOOD, "Good")
    assert plugins.load("mastodon").__module__ == "commtui.networks.mastodon.client"


def test_two_plug_ins_of_one_name_are_told_instead_of_guessed(folder):
    install(folder, "twice", GOOD, "Good", "first-twice")
    install(folder, "twice", GOOD, "Good", "second-twice")
    with pytest.raises(plugins.BrokenNetwork, match="first-twice and second-twice"):
        plugins.load("twice")


def test_name_that_nothing_has_suggests_the_nearest():
    with pytest.raises(plugins.BrokenNetwork, match="did you mean mastodon"):
        plugins.load("mastadon")
    with pytest.raises(plugins.BrokenNetwork, match="there are bluesky, demo, demo2, mastodon"):
        plugins.load("zzz")
