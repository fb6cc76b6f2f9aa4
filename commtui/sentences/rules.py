"""What a rule did, and why it failed, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from commtui.activity import errors, refusals
from commtui.activity.errors import TriageError
from commtui.config.rules import Rule
from commtui.model.records import RuleRun
from commtui.model.rules import Trigger
from commtui.model.spans import span_text
from commtui.sentences.errors import sentence
from commtui.sentences.naming import Naming

ON: Final = {
    Trigger.MENTION: "a new mention",
    Trigger.UNANSWERED: "no answer",
    Trigger.AT_RISK: "an answer at risk",
    Trigger.OVERDUE: "an overdue answer",
}


def fault_words(fault: Mapping[str, Any], naming: Naming) -> str:
    """Returns why a rule failed. `fault`: what its run keeps of the error."""
    fields = fault["fields"]
    kind = getattr(errors, str(fault["error"]), None) or getattr(refusals, str(fault["error"]), None)
    if isinstance(kind, type) and issubclass(kind, TriageError):
        return sentence(kind(**fields), naming)
    return f"a fault of commtui's own: {fault['error']}: {fields.get('text', '')}; commtui.log says more"


def trigger_words(rule: Rule) -> str:
    """Returns what makes a rule run."""
    if rule.after is None:
        return ON[rule.on]
    return f"no answer for {span_text(rule.after)}{' of working time' if rule.working_time else ''}"


def did_words(run: RuleRun, naming: Naming) -> str:
    """Returns what a run did."""
    if run.fault:
        return f"failed: {fault_words(run.fault, naming)}"
    if not run.did:
        return "nothing to do"
    return run.did if run.op_id or run.notice else f"{run.did} (nothing had to change)"
