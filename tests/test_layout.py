"""The layout of the project: tracked files, captions, pins, documents about it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from phrases import phrases
from pyoxigraph import RdfFormat, parse

from queries.catalogue import questions
from tiaokuai import main

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS = ("api", "commands", "graph", "loaders", "notebooks", "ontology", "queries", "viz")
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")
    if name and (ROOT / name).is_file()
]  # fmt: skip
MODULES = [path for path in TRACKED if path.suffix == ".py"]


def named(paths: list[Path]) -> list[str]:
    """Return paths as one would type them, for messages."""
    return [str(path.relative_to(ROOT)) for path in paths]


def pins(name: str) -> dict[str, set[str]]:
    """The versions that a compiled requirements file allows, by package."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;]+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


def test_the_wheel_takes_every_folder_of_ours() -> None:
    included = set(PROJECT["tool"]["hatch"]["build"]["only-include"])
    packages = {
        str(path.parent.relative_to(ROOT)).split("/")[0]
        for path in MODULES
        if path.match("*/__init__.py")
    }
    assert packages == set(FOLDERS)
    assert included == {*FOLDERS, "tiaokuai.py"}


def test_no_other_distribution_ships_a_folder_of_ours() -> None:
    """Plain top-level names are generic: `queries` exists as a package of somebody else."""
    taken = {
        f"{found.name}: {file}"
        for found in distributions()
        if found.name != "tiaokuai"
        for file in found.files or ()
        if file.parts[0] in FOLDERS or file.parts == ("tiaokuai.py",)
    }
    assert not taken


def test_every_module_has_a_caption() -> None:
    """The first line of a module is a sentence about it."""
    for path in MODULES:
        caption = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")
        assert caption[0].endswith((".", "?")), f"{path.relative_to(ROOT)} has no caption"


def test_a_package_imports_nothing_on_its_way() -> None:
    """An `__init__.py` holds words only, so that importing one module never runs another."""
    for path in MODULES:
        if path.name == "__init__.py":
            body = ast.parse(path.read_text(encoding="utf-8")).body
            assert len(body) == 1, f"{path.relative_to(ROOT)} holds more than its caption"


def test_no_module_is_long() -> None:
    assert not named([p for p in MODULES if len(p.read_bytes().splitlines()) > 400])


def test_nothing_tracked_says_where_packages_came_from() -> None:
    """No lock file, no address, no index option: the machine that installs knows its registries."""
    locks = {"uv.lock", "poetry.lock", "package-lock.json", "yarn.lock", "pnpm-lock.yaml"}
    assert not named([path for path in TRACKED if path.name in locks])
    for path in (ROOT / "requirements").iterdir():
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "://" not in line, f"{path.name}: {line}"
            assert not re.match(r"\s*(-i|-f|--(extra-)?index|--find)", line), f"{path.name}: {line}"


def test_no_font_and_no_script_of_others_is_tracked() -> None:
    foreign = {".ttf", ".otf", ".woff", ".woff2", ".ttc"}
    assert not named([p for p in TRACKED if p.suffix in foreign or p.name.endswith(".min.js")])


@pytest.mark.parametrize("name", ["run.txt", "test.txt", "docs.txt", "uv.txt", "node.txt"])
def test_every_pin_has_its_hashes(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_the_pins_hold_what_the_project_asks_for() -> None:
    """`make pins` was run since pyproject.toml changed, and setup and test do not undo each other."""
    run, test = pins("run.txt"), pins("test.txt")
    for asked in map(Requirement, PROJECT["project"]["dependencies"]):
        versions = run.get(canonicalize_name(asked.name), set())
        assert versions, f"{asked} is not pinned"
        assert all(asked.specifier.contains(v, prereleases=True) for v in versions), str(asked)
    assert {"hatchling", "editables"} <= run.keys()
    assert run.items() <= test.items()


def imported(path: Path) -> set[str]:
    """The top-level names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_what_runs_is_asked_for() -> None:
    """Every package that our folders import is in pyproject.toml, not only brought by another."""
    module_of = {
        "python-docx": "docx",
        "vl-convert-python": "vl_convert",
        "fonttools": "fontTools",
        "fpdf2": "fpdf",
        "opencc-python-reimplemented": "opencc",
        "opencv-python-headless": "cv2",
        "pillow": "PIL",
    }
    extras = PROJECT["project"]["optional-dependencies"].values()
    texts = [*PROJECT["project"]["dependencies"], *(text for extra in extras for text in extra)]
    asked = {Requirement(text).name for text in texts}
    known = {module_of.get(name, name.replace("-", "_")) for name in asked}
    # starlette and pydantic are FastAPI's own vocabulary.
    known |= {"starlette", "pydantic", "tiaokuai", *FOLDERS}
    ours = [
        path for path in MODULES if path.relative_to(ROOT).parts[0] in (*FOLDERS, "tiaokuai.py")
    ]
    for path in ours:
        foreign = imported(path) - known - sys.stdlib_module_names
        assert not foreign, f"{path.relative_to(ROOT)} imports {foreign}"


def test_every_turtle_file_is_turtle() -> None:
    files = [path for path in TRACKED if path.suffix == ".ttl"]
    assert files
    for path in files:
        assert list(parse(path.read_bytes(), RdfFormat.TURTLE)), (
            f"{path.relative_to(ROOT)} is empty"
        )


def test_tests_that_drive_a_program_are_marked() -> None:
    """`make test` leaves tests out by their mark where the program cannot be installed."""
    for path in MODULES:
        if path.match("tests/**/test_*.py") and path.name != Path(__file__).name:
            text = path.read_text(encoding="utf-8")
            for word, mark in (("playwright", "chromium"), ("virtuoso-t", "virtuoso")):
                if word in text:
                    assert f"mark.{mark}" in text, f"{path.name} uses {word} without its mark"


def test_the_citation_names_this_version() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    said = dict(re.findall(r"^([a-z-]+): (.+)$", text, re.MULTILINE))
    assert said["version"] == PROJECT["project"]["version"]
    assert said["license"] == PROJECT["project"]["license"]
    assert said["cff-version"] == "1.2.0"
    assert {"message", "title", "type", "url"} <= said.keys()
    assert "authors:\n  - name: " in text


READMES = ["README.md", "README.zh-CN.md"]


@pytest.mark.parametrize("name", READMES)
def test_the_readme_links_to_what_is_there(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text) + re.findall(r'src="([^":]+)"', text)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]


@pytest.mark.parametrize("name", READMES)
def test_the_readme_knows_every_command_and_every_question(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not [command for command in main.commands if f"`tiaokuai {command}" not in text]
    assert not [question for question in questions() if f"`{question}`" not in text]


def test_the_list_of_decisions_is_whole() -> None:
    folder = ROOT / "docs" / "decisions"
    text = (folder / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\* \d{4} \[.+\]\((.+)\)$", text, re.MULTILINE)
    assert listed == sorted(p.name for p in folder.glob("0*.md"))


def test_every_decision_has_a_date_and_a_status() -> None:
    """Both are on the lines below the title; a status names the page that replaced this one."""
    for path in (ROOT / "docs" / "decisions").glob("0*.md"):
        title, *lines = path.read_text(encoding="utf-8").splitlines()[:6]
        below = " ".join(lines)
        assert title.startswith("# "), path.name
        assert re.search(r"\b20\d\d-\d\d-\d\d\b", below), f"{path.name} has no date"
        status = re.search(r"\b(accepted|superseded|proposed)\b", below, re.IGNORECASE)
        assert status, f"{path.name} has no status"
        if "superseded" in below:
            assert re.search(r"\]\(\d{4}-[\w-]+\.md\)", below), f"{path.name} names no later page"


def test_the_architecture_draws_every_folder() -> None:
    """`make docs` draws the folders that have a contract again."""
    picture = (ROOT / "docs" / "pictures" / "way.svg").read_text(encoding="utf-8")
    rows = PROJECT["tool"]["importlinter"]["contracts"]
    folders = {
        row["package"].partition(".")[2] or row["package"] for row in rows if "package" in row
    }
    missing = {name for name in folders - {"ontology"} if f">{name}</text>" not in picture}
    assert not missing, f"run `make docs`: {missing}"


def test_continuous_integration_runs_what_the_classifiers_say() -> None:
    workflow = (ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8")
    tested = re.findall(r'"(3\.\d+)"', workflow.partition("matrix:")[2].partition("]")[0])
    classifiers = PROJECT["project"]["classifiers"]
    assert tested == [c.rpartition(" ")[2] for c in classifiers if "Python :: 3." in c]
    assert ".ci/run" in workflow


def test_pre_commit_takes_nothing_from_elsewhere() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"repo: (\S+)", hooks)) == {"local"}
    for tool in ("ruff check", "ruff format", "mypy", "lint-imports", "tests/test_layout.py"):
        assert f".venv/bin/{tool}" in hooks or tool in hooks


def test_every_package_says_that_it_is_typed() -> None:
    assert all((ROOT / folder / "py.typed").is_file() for folder in FOLDERS)


def test_the_readmes_say_the_same() -> None:
    """As far as a program can tell: the same blocks but for comments, tables, chapters, links."""
    said = []
    for name in READMES:
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.findall(r"^```(?:console|python)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        bare = [re.sub(r" *#.*", "", block) for block in blocks]
        rows = re.findall(r"^\| ([\d `a-zA-Z].*?) \|", text, re.MULTILINE)
        links = {link.replace(".zh-CN", "") for link in re.findall(r"\]\(([\w./-]+)\)", text)}
        commands = [re.sub("、", ", ", row) for row in rows if row != "command"]
        said.append((bare, commands, len(re.findall("^## ", text, re.MULTILINE)), links))
    english, chinese = said
    assert english == chinese


def test_no_folder_is_crowded() -> None:
    """A folder of ours has at most 15 Python files, its caption apart."""
    sizes = Counter(p.parent for p in MODULES if p.relative_to(ROOT).parts[0] in FOLDERS)
    assert not named([folder for folder, count in sizes.items() if count > 16])


def test_folders_do_not_import_each_other_in_circles() -> None:
    """A folder and the folder around it count as one; contracts hold what each may import."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    above = {c["package"]: c["may_import"] for c in contracts if c["type"] == "may_import"}
    edges = {
        name: {other for other in others if other in above and not is_nested(name, other)}
        for name, others in above.items()
    }
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from None


def is_nested(one: str, other: str) -> bool:
    return one.startswith(f"{other}.") or other.startswith(f"{one}.")


def test_module_names_are_not_reused() -> None:
    """A module name may occur in two folders, not in three."""
    free = {"__init__", "errors", "lists", "store"}
    ours = (p for p in MODULES if p.relative_to(ROOT).parts[0] in FOLDERS)
    names = Counter(p.stem for p in ours)
    assert not {name for name, count in names.items() if count > 2} - free


MAX_REUSED_CLASS_NAMES = 28
"""Names of more than one class of ours, records and their REST schemas apart; may only fall."""


def test_class_names_are_not_reused() -> None:
    names: Counter[str] = Counter()
    for path in MODULES:
        inside = path.relative_to(ROOT)
        if inside.parts[0] in FOLDERS and inside.name != "schemas.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names.update(n.name.strip("_") for n in tree.body if isinstance(n, ast.ClassDef))
    reused = sorted(name for name, count in names.items() if count > 1)
    assert len(reused) <= MAX_REUSED_CLASS_NAMES, reused


MAX_PHRASES = 395
"""Phrases of `tests/phrases.py` in docstrings and comments; lower this figure, never raise it."""


def test_docstrings_lose_phrases_that_have_to_be_turned_round() -> None:
    """CONTRIBUTING says how the code reads; `python tests/phrases.py` counts by folder."""
    counts = Counter({path: phrases(path.read_text(encoding="utf-8")) for path in MODULES})
    most = [f"{count} in {path.relative_to(ROOT)}" for path, count in counts.most_common(5)]
    assert counts.total() <= MAX_PHRASES, most
