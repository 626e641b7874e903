"""The map of bodies: who works with whom, reduced to a backbone that keeps every body."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.matrix import colour
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.stress_layout import laid_out
from viz.drawing.svg import PAPER, SECOND, Drawing, width_of

AREA = 1_000_000.0
"""Square units in which about seventy bodies have room for their labels."""
_THICKEST = 9.0
_PUSHES = 400
_ROW = 9
"""Nodes without a tie in one row."""


@dataclass(frozen=True, slots=True)
class Node:
    """A body, the number of its targets, and of those that it leads."""

    key: str
    label: str
    group: str
    targets: int
    leads: int


@dataclass(frozen=True, slots=True)
class Network:
    """The data of the map. `edges` are (one, other, shared targets, only a tie of the tree)."""

    title: str
    caption: str
    source: str
    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str, int, bool], ...]
    groups: tuple[str, ...]
    words: dict[str, str]
    width: float = 1120.0

    @property
    def height(self) -> float:
        """The height of the room of the nodes."""
        return max(560.0, min(AREA * max(1.0, len(self.nodes) / 70) / self.width, 1500.0))


def radius(node: Node) -> float:
    """The radius of a node: its area grows with its targets."""
    return 6.0 + 2.6 * math.sqrt(node.targets)


def positions(
    network: Network, start: Mapping[str, tuple[float, float]] | None = None
) -> dict[str, tuple[float, float]]:
    """Place each node: distances of the network kept, then labels pushed apart.

    With `start`, the layout of an earlier version, old nodes stay in place and new ones are put
    next to their partners, if most nodes are old.

    The layout of least stress, spread half by rank so that no corner is crowded; nodes without
    a tie are in a row at the foot. The same for the same network: nothing is drawn by lot.
    """
    width, height = room = network.width, network.height
    ordered = sorted(network.nodes, key=lambda n: (n.group, n.key))
    partners: dict[str, set[str]] = {n.key: set() for n in ordered}
    for one, other, _, _ in network.edges:
        partners[one].add(other)
        partners[other].add(one)
    if start and sum(n.key in start for n in ordered) * 10 >= 7 * len(ordered):
        return _apart(ordered, _joined(ordered, partners, start, room), room)
    tied = {n.key: i for i, n in enumerate(n for n in ordered if partners[n.key])}
    alone = [n for n in ordered if not partners[n.key]]
    placed: dict[str, tuple[float, float]] = {}
    if tied:
        ties = [(tied[a], tied[b], 1.0 / (1.0 + math.log(w))) for a, b, w, _ in network.edges]
        found = dict(zip(tied, laid_out(len(tied), ties), strict=True))
        bottom = height - 60 - 50 * -(-len(alone) // _ROW)
        xs = _spread({k: x for k, (x, _) in found.items()}, 70, width - 70)
        ys = _spread({k: y for k, (_, y) in found.items()}, 40, bottom)
        placed = {k: (xs[k], ys[k]) for k in tied}
    step = (width - 140) / min(max(len(alone), 1), _ROW)
    for i, node in enumerate(alone):
        placed[node.key] = (70 + step * (i % _ROW + 0.5), height - 60 - 50 * (i // _ROW))
    return _apart(ordered, placed, room)


def _joined(
    nodes: list[Node],
    partners: Mapping[str, set[str]],
    start: Mapping[str, tuple[float, float]],
    room: tuple[float, float],
) -> dict[str, tuple[float, float]]:
    """The places of an earlier layout; what is new in the middle of its partners, else at the foot."""
    placed = {n.key: start[n.key] for n in nodes if n.key in start}
    for i, node in enumerate(n for n in nodes if n.key not in start):
        near = [start[k] for k in sorted(partners[node.key]) if k in start]
        placed[node.key] = (
            (sum(x for x, _ in near) / len(near) + i, sum(y for _, y in near) / len(near) + 30)
            if near
            else (80.0 + 110 * (i % _ROW), room[1] - 60)
        )
    return placed


def _spread(values: dict[str, float], low: float, high: float) -> dict[str, float]:
    """Values moved into a range, half by their size and half by their rank."""
    small, large = min(values.values()), max(values.values())
    span = (large - small) or 1.0
    ranked = sorted(values, key=lambda k: (round(values[k], 6), k))
    last = max(len(ranked) - 1, 1)
    return {
        k: low + (high - low) * (0.4 * (values[k] - small) / span + 0.6 * i / last)
        for i, k in enumerate(ranked)
    }


def boxes(
    nodes: tuple[Node, ...], at: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float, float, float]]:
    """The room that each node takes with its label: left, top, right, bottom."""
    found = {}
    for node in nodes:
        x, y = at[node.key]
        half = max(radius(node), width_of(f"{node.label} ①", 12) / 2) + 3
        found[node.key] = (x - half, y - radius(node) - 3, x + half, y + radius(node) + 18)
    return found


def _apart(
    nodes: list[Node], at: dict[str, tuple[float, float]], room: tuple[float, float]
) -> dict[str, tuple[float, float]]:
    """Pushes nodes apart until no two boxes meet."""
    half = [max(radius(n), width_of(f"{n.label} ①", 12) / 2) + 3.5 for n in nodes]
    up = [radius(n) + 3.5 for n in nodes]
    down = [radius(n) + 18.5 for n in nodes]
    xs, ys = [at[n.key][0] for n in nodes], [at[n.key][1] for n in nodes]
    for _ in range(_PUSHES):
        moved = False
        for i in range(len(nodes)):
            for j in range(i + 1, len(nodes)):
                dx = half[i] + half[j] - abs(xs[i] - xs[j])
                if dx <= 0:
                    continue
                dy = min(ys[i] + down[i], ys[j] + down[j]) - max(ys[i] - up[i], ys[j] - up[j])
                if dy <= 0:
                    continue
                moved = True
                if dx < dy:
                    shift = dx / 2 if xs[i] >= xs[j] else -dx / 2
                    xs[i], xs[j] = xs[i] + shift, xs[j] - shift
                else:
                    shift = dy / 2 if ys[i] >= ys[j] else -dy / 2
                    ys[i], ys[j] = ys[i] + shift, ys[j] - shift
                xs[i], ys[i] = _in(xs[i], ys[i], half[i], room)
                xs[j], ys[j] = _in(xs[j], ys[j], half[j], room)
        if not moved:
            break
    else:
        _settle(nodes, (half, up, down), xs, ys, room)
    return {n.key: (round(x, 1), round(y, 1)) for n, x, y in zip(nodes, xs, ys, strict=True)}


def _settle(
    nodes: list[Node],
    sizes: tuple[list[float], list[float], list[float]],
    xs: list[float],
    ys: list[float],
    room: tuple[float, float],
) -> None:
    """Move each node, the largest first, to the nearest free room, if pushing does not end."""
    half, up, down = sizes
    done: list[int] = []

    def free(i: int, x: float, y: float) -> bool:
        return all(
            abs(x - xs[j]) >= half[i] + half[j]
            or min(y + down[i], ys[j] + down[j]) <= max(y - up[i], ys[j] - up[j])
            for j in done
        )

    for i in sorted(range(len(nodes)), key=lambda i: (-nodes[i].targets, nodes[i].key)):
        for step in range(6000):
            angle, far = step * 2.399963, 4.0 * math.sqrt(step)
            x, y = xs[i] + far * math.cos(angle), ys[i] + far * math.sin(angle)
            x, y = _in(x, y, half[i], room)
            if free(i, x, y):
                xs[i], ys[i] = x, y
                break
        done.append(i)


def _in(x: float, y: float, half: float, room: tuple[float, float]) -> tuple[float, float]:
    """Keep a node and its label inside the picture."""
    return min(max(x, half + 8), room[0] - half - 8), min(max(y, 34.0), room[1] - 50)


def draw(network: Network, at: dict[str, tuple[float, float]], paper: Paper = SCREEN) -> str:
    """Draw the map as SVG."""
    words, width = network.words, network.width
    top = figures.captioned(width, network.caption, network.title, paper)
    foot = figures.foot_height(width, network.source)
    legend = 17.0 * len(figures.wrapped(words.get("marks", ""), 11, width - 48)) + 17.0 * (
        1 + sum(width_of(g, 11) + 48 for g in {n.group for n in network.nodes}) // (width - 48)
    )
    out = Drawing(width, top + network.height + legend + 16 + foot, network.title, network.caption)
    figures.heading(out, network.title, network.caption, paper)
    figures.foot(out, network.source)
    if not network.nodes:
        out.text(24, top + 20, words["nothing"], size=15)
        return str(out)
    by_key = {n.key: n for n in network.nodes}
    heaviest = max((weight for _, _, weight, _ in network.edges), default=1)
    thick = min(0.45, _THICKEST / heaviest)
    for one, other, weight, tree in network.edges:
        (x1, y1), (x2, y2) = at[one], at[other]
        same = by_key[one].group == by_key[other].group
        hue = colour(by_key[one].group, network.groups, words["streets"]) if same else "#A9A498"
        labels = by_key[one].label, by_key[other].label
        with out.link(f"{labels[0]}~{labels[1]}", f"{labels[0]} – {labels[1]}: {weight}"):
            out.target_line(x1, y1 + top, x2, y2 + top)
            out.line(
                x1, y1 + top, x2, y2 + top, hue if not tree else "#C9C4B6",
                0.8 if tree else 0.7 + thick * weight, "3 3" if tree else "",
            )  # fmt: skip
    marks = _numerals(network)
    for node in network.nodes:
        x, y = at[node.key][0], at[node.key][1] + top
        hue, r = colour(node.group, network.groups, words["streets"]), radius(node)
        with out.link(node.label, f"{node.label}: {node.targets}"):
            out.circle(x, y, r, "#FFFFFF", hue, 1.8)
            if node.leads:
                out.path(_slice(x, y, r, node.leads / node.targets), hue)
            words_ = f"{node.label} {marks[node.group]}".strip()
            wide = width_of(words_, 12) / 2 + 2
            out.rect(x - wide, y + r + 2, 2 * wide, 15, PAPER)
            out.text(x, y + r + 14, words_, size=12, anchor="middle")
    _legend(out, network, top + network.height + 14, marks)
    return str(out)


def _numerals(network: Network) -> dict[str, str]:
    """A sign for each domain, so that domains differ without colour."""
    signs = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
    groups = list(dict.fromkeys(n.group for n in network.nodes))
    ordered = [g for g in network.groups if g in groups] + [
        g for g in groups if g not in network.groups
    ]
    return {g: signs[i] if i < len(signs) else "" for i, g in enumerate(ordered)}


def _legend(out: Drawing, network: Network, y: float, marks: Mapping[str, str]) -> None:
    x = 24.0
    for group, mark in marks.items():
        words = f"{mark} {group}"
        if x + 17 + width_of(words, 11) > out.width - 24:
            x, y = 24.0, y + 17
        out.circle(x + 6, y - 4, 5, colour(group, network.groups, network.words["streets"]), "none")
        out.text(x + 15, y, words, size=11)
        x += 32 + width_of(words, 11)
    for line in figures.wrapped(network.words["marks"], 11, out.width - 48):
        y += 17
        out.text(24, y, line, size=11, fill=SECOND)


def _slice(x: float, y: float, r: float, share: float) -> str:
    if share >= 0.999:
        return f"M{x:.1f},{y - r:.1f}A{r:.1f},{r:.1f} 0 1 1 {x - 0.01:.2f},{y - r:.1f}Z"
    angle = 2 * math.pi * share
    ex, ey = x + r * math.sin(angle), y - r * math.cos(angle)
    big = 1 if share > 0.5 else 0
    return f"M{x:.1f},{y:.1f}L{x:.1f},{y - r:.1f}A{r:.1f},{r:.1f} 0 {big} 1 {ex:.1f},{ey:.1f}Z"
