"""The single changes that can be made to the functions of a module, as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_OTHER: dict[type[ast.AST], type[Any]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add,
    ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr, ast.Continue: ast.Break, ast.Break: ast.Continue,
}  # fmt: skip
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A module's tree with one change, the function that holds it, and its place in words."""

    tree: ast.Module
    function: str
    line: int
    change: str


@dataclass(frozen=True, slots=True)
class _Edit:
    """A field of a node that may have another value."""

    node: ast.AST
    name: str
    value: Any
    line: int


def mutations(source: str) -> Iterator[Mutation]:
    """Each change of a module, one after the other.

    >>> [m.change for m in mutations("def f(a, b):\\n    return a < b + 1\\n")]
    ['return a < b + 1 → return None', 'a < b + 1 → a <= b + 1', 'b + 1 → b - 1', '1 → 2']
    """
    count = len(list(_edits(ast.parse(source))))
    for number in range(count):
        tree = ast.parse(source)
        function, edit = list(_edits(tree))[number]
        shown = (
            edit.node
            if not isinstance(edit.node, ast.stmt)
            else getattr(edit.node, "test", edit.node)
        )
        before = _words(shown)
        setattr(edit.node, edit.name, edit.value)
        ast.fix_missing_locations(tree)
        after = _words(shown if shown is edit.node else getattr(edit.node, "test", edit.node))
        yield Mutation(tree, function, edit.line, f"{before} → {after}")


def _words(node: ast.AST) -> str:
    shown = getattr(node, "test", node) if isinstance(node, ast.stmt) else node
    return ast.unparse(shown).partition("\n")[0][:90]


def _edits(tree: ast.Module) -> Iterator[tuple[str, _Edit]]:
    """The places of a tree, by the outermost function or method that holds them."""
    for node in tree.body:
        holders: list[tuple[str, ast.AST]] = [("", node)]
        if isinstance(node, ast.ClassDef):
            holders = [(f"{node.name}.", one) for one in node.body]
        for prefix, one in holders:
            if isinstance(one, _FUNCTIONS):
                for edit in _inside(one):
                    yield prefix + one.name, edit


def _inside(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[_Edit]:
    targets = {id(n) for s in ast.walk(function) for n in _unmutated(s)}
    for statement in function.body:
        for node in ast.walk(statement):
            if id(node) not in targets and hasattr(node, "lineno"):
                for name, value in _changes(node):
                    yield _Edit(node, name, value, node.lineno)


def _unmutated(node: ast.AST) -> Iterator[ast.AST]:
    """Annotations, targets of assignments, texts, and functions' signatures."""
    for name in ("annotation", "returns", "target", "args" if isinstance(node, _FUNCTIONS) else ""):
        if isinstance(inner := getattr(node, name, None), ast.AST):
            yield from ast.walk(inner)
    for target in getattr(node, "targets", ()):
        yield from ast.walk(target)
    if isinstance(node, ast.JoinedStr):
        yield from (
            n for value in node.values for n in ast.walk(value) if isinstance(n, ast.Constant)
        )


def _changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Fields of a node with another value each."""
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                if type(op) in _OTHER:
                    yield "ops", [*ops[:at], _OTHER[type(op)](), *ops[at + 1 :]]
        case ast.BoolOp(op=op) | ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _OTHER:
            yield "op", _OTHER[type(op)]()
        case ast.Constant(value=bool(value)):
            yield "value", not value
        case ast.Constant(value=int(value)):
            yield "value", value + 1
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            if isinstance(node.op, ast.Not):
                yield "operand", ast.UnaryOp(ast.Not(), operand)
            else:
                yield "op", ast.UAdd()
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if isinstance(
            test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr
        ):
            yield "test", ast.UnaryOp(ast.Not(), test)
        case ast.Return(value=value) if value is not None and not (
            isinstance(value, ast.Constant) and value.value is None
        ):
            yield "value", ast.Constant(None)
        case ast.Tuple(
            elts=[ast.Name() | ast.Attribute() as one, ast.Name() | ast.Attribute() as two]
        ):
            yield "elts", [two, one]
        case ast.Call(func=ast.Name(id=name)) if name in _NAMES:
            yield "func", ast.Name(_NAMES[name], ast.Load())
        case ast.Expr(value=ast.Call()):
            yield "value", ast.Constant(None)
