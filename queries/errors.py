"""What can be wrong with a question.

* QuestionError
  - UnknownQuestion   no question of this name
  - BadParameter      a parameter that the question does not have, or a value it does not take
  - UnknownThing      a name that nothing in the graph bears; `near` holds those most like it
"""

from __future__ import annotations

from collections.abc import Sequence


class QuestionError(Exception):
    """A question cannot be asked. The message is one line for the person who asks."""


class UnknownQuestion(QuestionError):
    """No question of this name."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"there is no question {name!r}{hint}")
        self.name = name
        self.near = tuple(near)


class BadParameter(QuestionError):
    """A parameter that is not there, or a value that it does not take."""

    def __init__(self, parameter: str, why: str, allowed: Sequence[str] = ()) -> None:
        more = f" (allowed: {', '.join(allowed)})" if allowed else ""
        super().__init__(f"parameter {parameter}: {why}{more}")
        self.parameter = parameter
        self.allowed = tuple(allowed)


class UnknownThing(QuestionError):
    """A name that nothing in the graph bears."""

    def __init__(self, parameter: str, value: str, near: Sequence[str]) -> None:
        hint = f"; near: {'、'.join(near)}" if near else ""
        super().__init__(f"parameter {parameter}: nothing is called {value!r}{hint}")
        self.parameter = parameter
        self.value = value
        self.near = tuple(near)
