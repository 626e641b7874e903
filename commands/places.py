"""Geometry of one's own: places add, places list, places remove."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commands.cli import (
    DOCUMENT,
    USAGE,
    fail,
    guarded,
    main,
    store_option,
    written_store_option,
)
from graph.open import open_store
from loaders.errors import LoadError


@main.group()
def places() -> None:
    """Geometry of one's own: add files, list them, remove them."""


@places.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--name-field",
    default="",
    metavar="NAME",
    help="The field that holds the names. Default: the one that names most places.",
)
@click.option(
    "--kind",
    default="",
    metavar="KIND",
    help="Match places of this kind only: street, block, lot, parcel, road, …",
)
@click.option(
    "--crs",
    default="",
    metavar="CRS",
    help="The reference system: EPSG:4549, CGCS2000, GCJ-02, BD-09, +proj=…, control:x,y=lon,lat;… Default: the one that the file states.",
)
@click.option(
    "--source",
    default="",
    metavar="TEXT",
    help="Whose data it is; stands on every map. Default: what the file says.",
)
@click.option(
    "--licence",
    default="",
    metavar="TEXT",
    help="Under which licence. Default: what the file says.",
)
@click.option(
    "--keep-going", is_flag=True, help="Leave out features that are not sound, and list them."
)
@click.option("--format", "form", default="text", type=click.Choice(["text", "json"]))
@written_store_option
@guarded
def add(
    files: tuple[Path, ...],
    name_field: str,
    kind: str,
    crs: str,
    source: str,
    licence: str,
    keep_going: bool,
    form: str,
    location: str | None,
) -> None:
    """Add geometry: GeoJSON, zipped Shapefile, GeoPackage, KML, or CSV with lon and lat."""
    try:
        from graph.ground.add import Wanted
        from graph.ground.add import add as add_ground
        from graph.ground.features import GroundError
        from loaders.ground.read import read_ground
    except ImportError as error:
        fail(USAGE, f"geometry needs the extra `geo` ({error}): uv pip install 'tiaokuai[geo]'")
    store = open_store(location)
    wanted = Wanted(name_field, kind, crs, source, licence, keep_going)
    for path in files:
        try:
            done = add_ground(store, read_ground(path.name, path.read_bytes()), wanted)
        except OSError as error:
            fail(DOCUMENT, f"{path}: cannot be read: {error.strerror}")
        except (GroundError, LoadError) as error:
            fail(DOCUMENT, str(error))
        matched = [f for f in done.features if f.place]
        if form == "json":
            click.echo(
                json.dumps(
                    {
                        "id": done.ground.id, "version": done.version.id if done.version else "",
                        "field": done.field, "source": done.ground.source, "licence": done.ground.licence,
                        "matched": [{"name": f.name, "place": f.place, "label": f.label, "kind": f.kind, "how": f.how} for f in matched],
                        "unmatched": [f.name for f in done.features if not f.place],
                        "left": [{"feature": p.number, "name": p.name, "why": p.why} for p in done.left],
                        "missing": [p.label for p in done.missing], "warning": done.warning,
                    },
                    ensure_ascii=False,
                )
            )  # fmt: skip
            continue
        for one in matched:
            click.echo(f"{one.name}\t{one.label}\t{one.kind.lower()}\t{one.how}")
        said = [f"{len(matched)} of {len(done.features)} features matched by field {done.field!r}"]
        loose = [f.name or f"feature {f.number}" for f in done.features if not f.place]
        said += [f"no such place in the graph: {'、'.join(loose)}"] if loose else []
        missing = [p.label for p in done.missing]
        said += [f"still without geometry: {'、'.join(missing)}"] if missing else []
        said += [f"left out: {problem}" for problem in done.left]
        said += [done.warning] if done.warning else []
        version = done.version.id if done.version else ""
        said.append(
            f"version {version}: {done.ground.id}, source {done.ground.source}, licence {done.ground.licence}"
        )
        click.echo("\n".join(said), err=True)


@places.command("list")
@store_option
@guarded
def list_grounds(location: str | None) -> None:
    """List what was added: id, features, matched, reference system, source, licence."""
    from graph.ground.graphs import grounds

    store = open_store(location)
    for one in grounds(store.open(store.must_have()).store):
        click.echo(
            "\t".join(
                (one.id, str(one.features), str(one.matched), one.crs, one.source, one.licence)
            )
        )


@places.command()
@click.argument("ident", metavar="ID")
@written_store_option
@guarded
def remove(ident: str, location: str | None) -> None:
    """Take away what was added under an id, as a new version."""
    from graph.ground.add import remove as remove_ground
    from graph.ground.features import GroundError

    try:
        made = remove_ground(open_store(location), ident)
    except GroundError as error:
        fail(USAGE, str(error))
    click.echo(f"version {made.id}", err=True)
