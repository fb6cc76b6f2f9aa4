"""`@record`: a frozen dataclass with slots whose methods are not compiled before they are needed.

`@dataclass(frozen=True, slots=True)` compiles six functions for each class when it is imported: 1 ms for a record of
the store, 25 ms for all that stand between a start and the first rows. Here one set of methods serves all classes, and
`__init__` is compiled when the first one is made. All else is a dataclass: `fields`, `replace`, matching.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import Any, NoReturn, TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(kind: type[_T]) -> type[_T]:
    """The class as a frozen dataclass with slots; its own methods win. Of `field` it knows the defaults alone."""
    own = vars(kind)
    methods = {name: method for name, method in _METHODS.items() if name not in own}
    made = dataclass(init=False, repr=False, eq=False, slots=True)(kind)
    for name, method in methods.items():
        setattr(made, name, method)
    return made


def _init(self: Any, *values: Any, **named: Any) -> None:
    """The first one's `__init__`: it puts the compiled one in its own place."""
    kind = type(self)
    names: dict[str, Any] = {"_put": object.__setattr__, "_MISSING": MISSING}
    taken, done = ["self"], ["pass"]
    for each in fields(kind):
        name, value = each.name, each.name
        if each.default is not MISSING:
            names[f"_{name}"] = each.default
            taken.append(f"{name}=_{name}")
        elif each.default_factory is not MISSING:
            names[f"_{name}"] = each.default_factory
            taken.append(f"{name}=_MISSING")
            value = f"_{name}() if {name} is _MISSING else {name}"
        else:
            taken.append(name)
        done.append(f"_put(self, {name!r}, {value})")
    exec(f"def __init__({', '.join(taken)}): {'; '.join(done)}", names)  # noqa: S102 - of our own names, as dataclass does
    init = names["__init__"]
    init.__qualname__ = f"{kind.__qualname__}.__init__"
    type.__setattr__(kind, "__init__", init)
    init(self, *values, **named)


def _values(self: Any) -> tuple[Any, ...]:
    return tuple([getattr(self, name) for name in self.__slots__])


def _repr(self: Any) -> str:
    shown = zip(self.__slots__, _values(self), strict=True)
    return f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in shown)})"


def _eq(self: Any, other: Any) -> bool:
    if self is other:
        return True
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash(_values(self))


def _setattr(self: Any, name: str, value: Any) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[type[Any], tuple[Any, ...]]:
    return type(self), _values(self)


_METHODS: dict[str, Callable[..., Any]] = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _eq,
    "__hash__": _hash,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
    "__reduce__": _reduce,
}
