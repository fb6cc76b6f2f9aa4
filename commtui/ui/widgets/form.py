"""Fields that are filled in: what is typed stays, whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual import events

from commtui.model.text import clean, one_line
from commtui.ui.terminal.key_text import typed
from commtui.ui.text.form_lines import Field, Typed, form_lines
from commtui.ui.text.rows import Pieces, filled
from commtui.ui.widgets.line_edit import LineEdit
from commtui.ui.widgets.lines import Lines

Head = Callable[[int], Sequence[Pieces]]


class Form(Lines, can_focus=True):
    """`head(width)`: lines above the fields. `fields(values)`: what is asked, by what is typed and chosen so far."""

    DEFAULT_CSS = "Form { height: 1fr; }"

    def __init__(
        self,
        head: Head,
        fields: Callable[[Mapping[str, str]], Sequence[Field]],
        submit: Callable[[], None],
        other_key: Callable[[str], None],
    ) -> None:
        """`submit`: enter was pressed. `other_key`: a key that no field takes, escape among them."""
        super().__init__()
        self._head, self._fields = head, fields
        self._submit, self._other_key = submit, other_key
        self._edits: dict[str, LineEdit] = {}
        self._focus = ""
        self._problem = ""
        self._visible: list[Pieces] = []
        self.is_busy = False
        """Whether it takes no keys but those that go to `other_key`."""

    @property
    def values(self) -> dict[str, str]:
        """Field -> what is typed or chosen."""
        return {name: edit.text for name, edit in self._edits.items()}

    def ask(self, head: Head, fields: Callable[[Mapping[str, str]], Sequence[Field]]) -> None:
        """Asks for something else; what was typed before is kept."""
        self._head, self._fields, self._problem, self._focus = head, fields, "", ""
        self.show()

    def complain(self, field: str, problem: str) -> None:
        """Says what is wrong, at that field if it is asked for."""
        self._problem = problem
        if any(known.id == field for known in self._shown()):
            self._focus = field
        self.show()

    def forget(self, *fields: str) -> None:
        """Removes what was typed there."""
        for field in fields:
            self._edits.pop(field, None)
        self.show()

    def show(self) -> None:
        """Writes it as it is now."""
        width, height = self.size
        fields = self._shown()
        place = self._place(fields)
        form = form_lines(fields, self._typed, place, self._problem, max(10, width))
        head = [filled(list(line), width) for line in self._head(max(10, width))]
        lines = [*head, *form.lines]
        first, last = len(head) + form.first, len(head) + form.last
        top = max(0, min(last + 1 - height, first)) if last >= height else 0
        visible = lines[top : top + height]
        before, self._visible = self._visible, visible
        self.repaint_lines(
            *(y for y in range(max(len(before), len(visible))) if before[y : y + 1] != visible[y : y + 1])
        )

    def line(self, y: int) -> Pieces:
        return self._visible[y] if y < len(self._visible) else filled([], self.size.width)

    def on_resize(self) -> None:
        self.show()
        self.refresh()

    def _shown(self) -> Sequence[Field]:
        return self._fields(self.values)

    def _place(self, fields: Sequence[Field]) -> int:
        return next((place for place, field in enumerate(fields) if field.id == self._focus), 0)

    def _edit(self, field: str) -> LineEdit:
        return self._edits.setdefault(field, LineEdit())

    def _typed(self, field: Field) -> Typed:
        edit = self._edits.get(field.id)
        if edit is None:
            return Typed()
        return Typed(edit.text) if field.options else Typed(edit.before, edit.after)

    def _move(self, step: int) -> None:
        fields = self._shown()
        self._focus = fields[(self._place(fields) + step) % len(fields)].id
        self._problem = ""

    def _choose(self, field: Field, step: int) -> None:
        names = [name for name, _ in field.options]
        now = self._edits[field.id].text if field.id in self._edits else names[0]
        place = names.index(now) if now in names else 0
        self._edits[field.id] = LineEdit(names[(place + step) % len(names)])

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        field = self._shown()[self._place(self._shown())]
        if not self.is_busy and not field.options:
            self._edit(field.id).insert(one_line(clean(event.text)).strip())
            self._problem = ""
            self.show()

    async def _on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        key, fields = event.key, self._shown()
        if self.is_busy or not fields or key in ("escape", "ctrl+c", "ctrl+o", "ctrl+y"):
            self._other_key(key)
            return
        field = fields[self._place(fields)]
        if key == "enter":
            self._submit()
            return
        if key in ("tab", "down"):
            self._move(1)
        elif key in ("shift+tab", "up"):
            self._move(-1)
        elif field.options:
            if key in ("left", "right", "space"):
                self._choose(field, -1 if key == "left" else 1)
                self._problem = ""
        else:
            self._problem = ""
            if text := typed(event):
                self._edit(field.id).insert(text)
            else:
                self._edit(field.id).edit(key)
        self.show()
