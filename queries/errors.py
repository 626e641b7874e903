"""Errors in a question.

* QuestionError
  - UnknownQuestion   no question of this name
  - BadParameter      a parameter that the question does not have, or a value it does not take
  - UnknownThing      a name that the graph does not hold; `near` holds the most similar ones

As text an error is English, like the command line; `said` is in the language of a page.
"""

from __future__ import annotations

from collections.abc import Sequence


class QuestionError(Exception):
    """A question cannot be asked. The message is one line for the user."""

    def __init__(self, en: str, zh: str = "") -> None:
        super().__init__(en)
        self.zh = zh or en

    def said(self, language: str) -> str:
        """Return the message in a language, zh or en."""
        return str(self) if language == "en" else self.zh


class UnknownQuestion(QuestionError):
    """No question of this name."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        zh = f"；是否指 {'、'.join(near)}？" if near else ""
        super().__init__(f"there is no question {name!r}{hint}", f"没有问题“{name}”{zh}")
        self.name = name
        self.near = tuple(near)


class BadParameter(QuestionError):
    """A parameter that is not there, or a value that it does not take.

    `zh` is `why` in Chinese; a value alone, as most are, is the same in both.
    """

    def __init__(
        self, parameter: str, why: str, allowed: Sequence[str] = (), *, zh: str | None = None
    ) -> None:
        more = f" (allowed: {', '.join(allowed)})" if allowed else ""
        rest = f"（可用：{', '.join(allowed)}）" if allowed else ""
        super().__init__(
            f"parameter {parameter}: {why}{more}", f"参数 {parameter}：{zh or why}{rest}"
        )
        self.parameter = parameter
        self.allowed = tuple(allowed)


class UnknownThing(QuestionError):
    """A name that nothing in the graph bears."""

    def __init__(self, parameter: str, value: str, near: Sequence[str]) -> None:
        hint = f"; near: {'、'.join(near)}" if near else ""
        zh = f"；相近：{'、'.join(near)}" if near else ""
        super().__init__(
            f"parameter {parameter}: nothing is called {value!r}{hint}",
            f"参数 {parameter}：没有叫“{value}”的{zh}",
        )
        self.parameter = parameter
        self.value = value
        self.near = tuple(near)
