"""The sentence of an error of a backup or a restore."""

from __future__ import annotations

from typing import Final

from commtui.activity.refusals import BackupError, BackupFault, LeftOut, WhyNot
from commtui.store.transfer import Misfit, Unfit

MISFITS: Final = {
    Misfit.NO_DOCUMENT: "it lacks a table, a part or a document",
    Misfit.NO_ID: "its id is no number of a document",
    Misfit.UNKNOWN_TABLE: "there is no table {detail!r}",
    Misfit.ANOTHERS_ID: "its id is another one's",
    Misfit.NO_RECORD: "its document is no {detail}",
    Misfit.NEWER_RECORD: "its record was written by a newer commtui: update this one",
    Misfit.NO_STEPS: "its document is no list of steps to undo",
    Misfit.TWICE: "the same document stands there twice",
    Misfit.NO_FILE: "it is no file",
    Misfit.OUTSIDE: "it names a file outside of a home: {detail!r}",
}

WHY_NOT: Final = {
    WhyNot.LINK: "it is a link; saved replies are read from files only",
    WhyNot.PRIVATE: "it is a link to a secret",
    WhyNot.NO_TEXT: "it is not UTF-8 text",
    WhyNot.NO_FILE: "it is no file",
    WhyNot.UNREADABLE: "it cannot be read",
}


def left_out_words(left_out: LeftOut) -> str:
    """Returns which file a backup does not have, and why."""
    return f"left out: {left_out.name}: {WHY_NOT[left_out.why]}"


def backup_sentence(error: BackupError) -> str:
    """Returns one line: what was not done, and what to do."""
    path, cause = error.path, error.cause
    reason = cause.strerror if isinstance(cause, OSError) else str(cause)
    if error.fault is BackupFault.BAD_LINE:
        return f"{path}:{error.line}: {_line(cause)}; nothing was restored"
    return {
        BackupFault.EXISTS: f"{path} is there already: choose another name, or remove it",
        BackupFault.CANNOT_WRITE: f"cannot write {path}: {reason}; nothing was made",
        BackupFault.NOT_EMPTY: f"{path} is not empty: restore into an empty home (--home DIR)",
        BackupFault.NO_BACKUP: f"{path} is no backup of commtui",
        BackupFault.NEWER: f"{path} was made by a newer commtui: update this one",
        BackupFault.CUT_OFF: f"{path} is cut off after {error.line} records: its end is missing; nothing was restored",
        BackupFault.CANNOT_READ: f"cannot read {path}: {reason}",
    }[error.fault]


def _line(cause: Exception | None) -> str:
    if isinstance(cause, Unfit):
        return MISFITS[cause.misfit].format(detail=cause.detail)
    return "not a line of a backup" + (f" ({cause})" if cause else "")
