"""The check of `commtui doctor` on the rules of the config."""

from __future__ import annotations

from commtui.cli.naming import ShellNaming
from commtui.cli.services import CliError, Services
from commtui.config.check import Finding, Level
from commtui.config.errors import ConfigError
from commtui.model.text import number_of
from commtui.sentences.errors import sentence
from commtui.sentences.rules import fault_words
from commtui.store.errors import StoreError


def rules(services: Services) -> list[Finding]:
    """Lists the rules that cannot be followed, and those that failed when they last ran."""
    try:
        from commtui.model.records import RuleState
        from commtui.model.rules import state_id
        from commtui.triage.rule_book import ready

        desk = services.desk()
        if not desk.settings.rules:
            return []
        naming, findings = ShellNaming(desk), []
        for rule in ready(desk.settings):
            subject = f"rule {rule.rule.name}"
            state = desk.store.get(RuleState, state_id(rule.rule.name))
            if rule.problem is not None:
                findings.append(Finding(Level.BAD, subject, sentence(rule.problem, naming), "mend it in config.toml"))
            if state is not None and state.last_fault:
                why = fault_words(state.last_fault, naming)
                what = f"failed {number_of(state.failed, 'time')} of {state.runs:,}, the last time: {why}"
                findings.append(Finding(Level.WARN, subject, what, "commtui rules list"))
    except (StoreError, ConfigError, CliError):
        return []  # another check reports it
    return findings or [Finding(Level.OK, "rules", number_of(len(desk.settings.rules), "rule"))]
