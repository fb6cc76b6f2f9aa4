"""Which modules of a package import which, read from the sources: also under TYPE_CHECKING and inside functions."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

Graph = Mapping[str, frozenset[str]]


def modules_of(package: Path) -> dict[str, Path]:
    """The dotted name of every module of a package, with its file."""
    files = sorted(package.rglob("*.py"))
    names = (".".join(file.relative_to(package.parent).with_suffix("").parts) for file in files)
    return {name.removesuffix(".__init__"): file for name, file in zip(names, files, strict=True)}


def graph_of(package: Path) -> Graph:
    """For every module of a package, the modules of the same package that it imports."""
    modules = modules_of(package)
    return {name: frozenset(_imported(name, file, modules)) - {name} for name, file in modules.items()}


def imported_names(tree: ast.AST) -> set[str]:
    """The first part of every absolute import in a module: `json` for `import json.decoder`."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def _imported(name: str, file: Path, modules: Mapping[str, Path]) -> set[str]:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _base(name, file, node)
            submodules = {f"{base}.{alias.name}" for alias in node.names}
            imported |= submodules & modules.keys()
            if not submodules <= modules.keys():
                imported.add(base)
    return imported & modules.keys()


def _base(name: str, file: Path, node: ast.ImportFrom) -> str:
    """The module that `from ... import` names, its dots resolved."""
    if not node.level:
        return node.module or ""
    parents = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    parents = parents[: len(parents) - node.level + 1]
    return ".".join([*parents, *([node.module] if node.module else [])])


def cycles_in(graph: Graph) -> list[tuple[str, ...]]:
    """The sets of modules that reach each other, sorted: what each module reaches, and is reached by."""
    reached = {name: _reached(name, graph) for name in graph}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in graph
        if name in reached[name]
    }
    return sorted(groups)


def _reached(start: str, graph: Graph) -> set[str]:
    """The modules that an import of `start` leads to; `start` itself only by a cycle."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        new = graph[waiting.pop()] - reached
        reached |= new
        waiting += new
    return reached
