"""Sentences about a reading, in both languages: what was understood, asked back, refused."""

from __future__ import annotations

from collections.abc import Mapping

from queries.ask.reader import AskChoice, AskReading
from queries.ask.refusals import AskRefusal
from queries.catalogue import questions
from queries.scope import Scope

Words = tuple[str, str]
"""Chinese and English."""

CAN_ASK: Words = (
    "可以问：某部门主责、配合什么，某街道或地块涉及哪些目标，某季度完成什么，谁和谁一起干活，"
    "有哪些数量指标，哪些待核。",
    "It can be asked what a department leads or supports, which targets concern a street or parcel, "
    "what is due in a quarter, who works with whom, which numbers are promised, what is to review.",
)
_REASONS: dict[str, Words] = {
    "empty": ("没有写问题。", "There is no question."),
    "long": ("问题太长（{0}字）：请用一两句话问。", "The question is too long ({0} characters): one or two sentences, please."),
    "sparql": ("这是 SPARQL，不在这里执行：可以放进 SPARQL 编辑器。", "This is SPARQL and is not run here: the SPARQL editor takes it."),
    "code": ("这是代码，不是问题；没有执行任何东西。", "This is code, not a question; nothing was run."),
    "no-words": ("里面没有字。", "There are no words in it."),
    "script": ("只读中文和英文的问题。", "Questions are read in Chinese and English."),
    "opinion": ("“{0}”问的是看法，文件里没有。", "“{0}” asks for an opinion, which no notice holds."),
    "order": ("“{0}”是一件要办的事；这里只回答问题，不代写，也不改数据。", "“{0}” is a task; here questions are answered, nothing is written or changed."),
    "service": ("“{0}”是办事或生活信息，工作目标的文件里没有。", "“{0}” is about a service; the notices of work targets do not hold it."),
    "person": ("文件写的是单位，没有写人（“{0}”）。", "The notices name bodies, not persons (“{0}”)."),
    "money": ("文件没有写花多少钱（“{0}”）。", "The notices do not say what anything costs (“{0}”)."),
    "done": ("文件写的是计划，没有写办得怎么样（“{0}”）。", "The notices hold plans, not what came of them (“{0}”)."),
    "chat": ("这里只回答工作目标文件里的事。", "Only what the notices of work targets hold is answered here."),
    "general": ("“{0}”不是文件能回答的。", "“{0}” is nothing that the notices answer."),
    "instruct": ("这里没有模型可以指挥；问题按词表读。", "There is no model to instruct; questions are read by lists of words."),
    "elsewhere": ("图谱里没有“{0}”。", "“{0}” is not in the graph."),
    "year": ("图谱里没有{0}年的文件。", "There is no notice of {0} in the graph."),
    "name": ("图谱里没有叫“{0}”的部门或地点。", "No department or place in the graph is called “{0}”."),
    "target": ("没有{0}号目标。", "There is no target {0}."),
    "unknown": ("没有读懂这个问题。", "The question was not understood."),
}  # fmt: skip


def said(words: Words, language: str, *values: str) -> str:
    """Return words in a language, filled with values."""
    return words[1 if language == "en" else 0].format(*values)


def refusal_text(refusal: AskRefusal, scope: Scope, language: str) -> str:
    """Return why a question is not answered, what there is, and what can be asked."""
    parts = [said(_REASONS[refusal.reason], language, refusal.detail[:40])]
    if refusal.reason in ("elsewhere", "year") and scope.every:
        districts = "、".join(sorted({d.district for d in scope.every}))
        years = "、".join(sorted({d.year for d in scope.every if d.year}))
        there = ("有的是：{0}，{1}年。", "There are: {0}, {1}.")
        parts.append(said(there, language, districts, years))
    if refusal.reason not in ("sparql", "code", "long"):
        parts.append(said(CAN_ASK, language))
    return (" " if language == "en" else "").join(parts)


def slot_label(name: str, parameter: str, language: str) -> str:
    """Return what a parameter of a question is called on pages."""
    for p in questions()[name].params:
        if p.name == parameter:
            return p.label or p.label_zh if language == "en" else p.label_zh
    return parameter


def choice_text(choice: AskChoice, language: str) -> str:
    """Return a reading as one phrase: the question, and what its parameters are."""
    question = questions()[choice.name]
    summary = question.summary if language == "en" else question.summary_zh.rstrip("？?")
    if not choice.params:
        return summary
    slots = _slots(choice.name, choice.params, language)
    return f"{summary} ({slots})" if language == "en" else f"{summary}（{slots}）"


def _slots(name: str, params: Mapping[str, str], language: str) -> str:
    equals = ": " if language == "en" else "＝"
    return ("; " if language == "en" else "，").join(
        f"{slot_label(name, k, language)}{equals}{v}" for k, v in params.items()
    )


def understood_text(reading: AskReading, scope: Scope, language: str) -> str:
    """Return the sentence that names the question and slots that are answered."""
    choice = reading.choice
    if choice is None:
        return ""
    question = questions()[choice.name]
    slots = [_slots(choice.name, choice.params, language)] if choice.params else []
    slots += [scope.label(language)] if scope.every else []
    if reading.assumed:
        day = ("按今天（{0}）推算", "reckoned from today ({0})")
        slots.append(said(day, language, reading.assumed))
    if language == "en":
        return f"Answered as “{question.summary}”: {'; '.join(slots)}"
    return f"按『{question.summary_zh.rstrip('？?')}』回答：{'，'.join(slots)}"


def written_note(written: str, value: str, language: str) -> str:
    """Return what a name was understood as, where it was written otherwise."""
    return said(("“{0}”理解为{1}", "“{0}” was understood as {1}"), language, written, value)
