"""Problems of queries without an answer: the reason, the limit, and how to raise it."""

from __future__ import annotations

from typing import Any

from api.errors import Crashed, Crowded, EngineError, Exhausted, Loading, NoVersion, Overrun
from api.http.negotiation import SOLUTIONS, TRIPLES
from api.http.problems import Problem
from api.settings import Settings
from graph.errors import BrokenStore, EngineTrouble, RemovedVersion, UnknownVersion

_AGAIN = (("retry-after", "5"),)

_WORDS = {
    "depth": ("括号嵌套", "levels of brackets"),
    "exists": ("EXISTS", "EXISTS"),
    "union": ("UNION", "UNION"),
    "optional": ("OPTIONAL", "OPTIONAL"),
    "minus": ("MINUS", "MINUS"),
    "filter": ("FILTER", "FILTER"),
    "bind": ("BIND", "BIND"),
    "subselect": ("子查询", "sub-selects"),
    "pattern": ("三元组模式", "triple patterns"),
    "operator": ("运算符", "operators"),
    "path step": ("路径步", "path steps"),
    "word": ("词", "words"),
}


def refused_query(what: str, found: object, limit: object) -> Problem:
    """A query that was not even tried, and how it may be asked after all."""
    if what == "SERVICE":
        return Problem(
            400, "refused-query",
            "本服务器不执行 SERVICE（不访问其他服务器），请分别查询各个端点",
            "SERVICE is off: this server calls no other; ask the endpoints one by one",
        )  # fmt: skip
    if what == "LOAD":
        return Problem(
            400, "refused-query",
            "本服务器不执行 LOAD（不访问其他服务器），请把数据发往 /graphs",
            "LOAD is off: this server calls no other; send the data to /graphs",
        )  # fmt: skip
    zh, en = _WORDS[what]
    members = {"limit": limit, "found": found, "counted": what}
    return Problem(
        400, "refused-query",
        f"查询过于复杂：{zh}至少 {found} 个，上限 {limit}。请拆成几个查询；"
        "运行服务器的人可调高 TIAOKUAI_COMPLEXITY",
        f"the query is too complex: {found} {en} or more, {limit} may be; ask it in parts, or let "
        "the operator raise TIAOKUAI_COMPLEXITY",
        members=members,
    )  # fmt: skip


def failed_query(head: dict[str, object]) -> Problem:
    """A query with a syntax error: the position, the text there, what was expected."""
    line, column, near, why = head["line"], head["column"], head["near"], head["why"]
    zh = f"第 {line} 行第 {column} 列读不懂" + (f"「{near}」" if near else "（查询到此结束）")
    en = f"line {line}, column {column} cannot be read: " + (f"{near!r}" if near else "the end")
    return Problem(
        400, "bad-query", f"{zh}；此处可用 {why}", f"{en}; expected {why}",
        members={"line": line, "column": column},
    )  # fmt: skip


def refused(head: dict[str, Any]) -> Problem:
    """The problem for a worker's refusal."""
    if head["is"] == "refused":
        return refused_query(head["what"], head["found"], head["limit"])
    if head["is"] == "syntax":
        return failed_query(head)
    if head["is"] == "unacceptable":
        forms = SOLUTIONS if head["kind"] == "solutions" else TRIPLES
        known = ", ".join(f"{form.name} ({form.media.partition(';')[0]})" for form in forms)
        return Problem(
            406, "not-acceptable", f"这种查询的结果可用的格式：{known}",
            f"formats to be had for the result of this query: {known}",
        )  # fmt: skip
    why = head["why"]
    if head["is"] == "broken":
        found = BrokenStore("its files", why)
        return Problem(503, "broken-store", f"数据损坏：{found}", str(found))
    return Problem(400, "failed-query", f"查询未能完成：{why}", f"the query failed: {why}")


def stopped(error: EngineError, settings: Settings) -> Problem:
    """A query that was begun and not finished."""
    if isinstance(error, Overrun):
        limit = f"{settings.deadline:g}"
        return Problem(
            503, "deadline",
            f"查询超过 {limit} 秒，已中止。请缩小查询范围；"
            "运行服务器的人可调高 TIAOKUAI_DEADLINE",
            f"the query ran for {limit} s and was stopped; ask for less, or let the operator "
            "raise TIAOKUAI_DEADLINE",
            _AGAIN,
        )  # fmt: skip
    if isinstance(error, Exhausted):
        limit = str(settings.memory // 2**20)
        return Problem(
            503, "memory",
            f"查询所需内存超过 {limit} MB，已中止。请缩小查询范围；"
            "运行服务器的人可调高 TIAOKUAI_MEMORY",
            f"the query needed more than {limit} MB and was stopped; ask for less, or let the "
            "operator raise TIAOKUAI_MEMORY",
            _AGAIN,
        )  # fmt: skip
    if isinstance(error, Crowded):
        return Problem(
            503, "busy", "同时运行的长查询太多，此查询已放弃，请稍后再试",
            "too many long queries run at once; this one was given up, try again", _AGAIN,
        )  # fmt: skip
    if isinstance(error, Crashed):
        return Problem(
            503, "failed-query",
            f"查询引擎中止（{error}），通常是因为查询嵌套过深；请把查询拆开",
            f"the engine ended on this query ({error}), mostly because it nests too deeply; "
            "ask it in parts",
            _AGAIN,
        )  # fmt: skip
    return Problem(503, "busy", "查询引擎正在重启", "the engine is starting again", _AGAIN)


def crowded(settings: Settings) -> Problem:
    """A client too many."""
    most = settings.connections
    return Problem(
        503, "busy",
        f"同时连接的客户端超过 {most} 个，请稍后再试；运行服务器的人可调高 TIAOKUAI_CONNECTIONS",
        f"more than {most} clients are connected; try again, or let the operator raise "
        "TIAOKUAI_CONNECTIONS",
        (*_AGAIN, ("connection", "close")),
    )  # fmt: skip


def remote(why: str) -> Problem:
    """The engine that holds the graph does not do what a request needs of it."""
    return Problem(502, "remote-engine", f"存放图谱的引擎有误：{why}", why, _AGAIN)


def trouble(error: Exception) -> Problem | None:
    """The problem that an error means for its reader; None for a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RemovedVersion):
        return Problem(410, "gone", "这个版本已被移除", str(error))
    if isinstance(error, UnknownVersion):
        return Problem(404, "not-found", "没有这个版本", str(error))
    if isinstance(error, EngineTrouble):
        return remote(str(error))
    if isinstance(error, BrokenStore):
        return Problem(503, "broken-store", f"数据损坏：{error}", str(error))
    if isinstance(error, NoVersion):
        return Problem(503, "broken-store", f"没有可查询的版本：{error}", str(error))
    if isinstance(error, Loading):
        return Problem(
            503, "loading",
            "正在把这一版读入内存，请稍后再试", "it is still being read, try again soon", _AGAIN,
        )  # fmt: skip
    if isinstance(error, Crashed | Exhausted):
        return Problem(503, "memory", "页面所需内存过多", "the page needed too much memory", _AGAIN)
    if isinstance(error, EngineError):
        return Problem(
            503, "deadline",
            "超过时限，已中止，请稍后再试", "it took too long and was stopped, try again", _AGAIN,
        )  # fmt: skip
    return None
