"""The states of what goes out, and the transitions between them, as Markdown for docs/states.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from commtui.model.states import PERSON_EVENTS, TRANSITIONS, OutgoingState


def table_and_diagram() -> str:
    """A table of every transition, and the same as a Mermaid diagram."""
    deliverys_events = [event for event in TRANSITIONS if event not in PERSON_EVENTS]
    rows = [
        f"| {state} | {by_person} | {by_delivery} |"
        for state, by_person, by_delivery in zip(
            OutgoingState, _cells(PERSON_EVENTS), _cells(deliverys_events), strict=True
        )
    ]
    arrows: dict[tuple[str, str], list[str]] = {}
    for event, transitions in TRANSITIONS.items():
        for before, after in transitions.items():
            arrows.setdefault((before.value, after.value), []).append(event)
    final = [state for state in OutgoingState if not any(state in befores for befores in TRANSITIONS.values())]
    return "\n".join(
        [
            "| state | what a person can do | what delivery does |",
            "|---|---|---|",
            *rows,
            "",
            "```mermaid",
            "stateDiagram-v2",
            "    [*] --> draft",
            *(f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in sorted(arrows.items())),
            *(f"    {state} --> [*]" for state in final),
            "```",
        ]
    )


def _cells(events: Iterable[str]) -> Iterator[str]:
    """For each state, the events that are possible in it and the states that they lead to."""
    for state in OutgoingState:
        possible = [event for event in events if state in TRANSITIONS[event]]
        yield ", ".join(f"{event} → {TRANSITIONS[event][state]}" for event in possible) or "-"
