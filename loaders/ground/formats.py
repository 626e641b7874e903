"""Features of a file by its content: what each format calls fields, geometry and system."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

os.environ["OGR_SKIP"] = "OGR_VRT"  # a virtual data source may name any file or address

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

MAX_VERTICES = 2_000_000
MAX_FEATURES = 50_000
_MAX_ENTRIES, _MAX_UNPACKED_BYTES, _MAX_RATIO = 2_000, 128 * 2**20, 100
_LON = ("lon", "lng", "long", "longitude", "经度", "x")
_LAT = ("lat", "latitude", "纬度", "y")
_WKT = ("wkt", "geometry", "geom", "the_geom")
_SIMPLIFY = "simplify it first (ogr2ogr -simplify)"


class Refused(Exception):
    """A file that is not read; the message gives reason and remedy."""


Read = tuple[str, dict[str, Any], Iterable[tuple[dict[str, Any], Any]]]
"""The reference system, the properties of the whole, and fields with geometry of each feature."""


def read(name: str, data: bytes) -> dict[str, Any]:
    """Read a file of any of the formats; geometries become WKB in hexadecimal."""
    crs, whole, rows = _opened(name, data)
    features, vertices = [], 0
    for number, (fields, geometry) in enumerate(rows, 1):
        if number > MAX_FEATURES:
            raise Refused(f"it has more than {MAX_FEATURES:,} features; divide it")
        wkb, problem = "", ""
        try:
            made = geometry() if callable(geometry) else geometry
            vertices += 0 if made is None else int(shapely.get_num_coordinates(made))
            wkb = "" if made is None else made.wkb_hex
        except (ShapelyError, ValueError, TypeError, KeyError, IndexError) as error:
            problem = f"its geometry cannot be read ({' '.join(str(error).split())[:120]})"
        if vertices > MAX_VERTICES:
            raise Refused(f"it has more than {MAX_VERTICES:,} vertices; {_SIMPLIFY}")
        texts = {str(k): "" if v is None else str(v).strip() for k, v in fields.items()}
        features.append([texts, wkb, problem])
    if not features:
        raise Refused("it has no features")
    return {"crs": crs, "whole": {k: str(v) for k, v in whole.items()}, "features": features}


def _opened(name: str, data: bytes) -> Read:
    head = data[:4096]
    if head.startswith(b"PK"):
        return _archive(name, data)
    if head.startswith(b"SQLite format 3"):
        return _with_gdal(data, "it holds no table of features")
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        return _geojson(data)
    if b"<kml" in head and b"OGRVRT" not in head:
        return _with_gdal(data, "its placemarks cannot be read")
    if name.lower().endswith((".shp", ".dbf", ".shx", ".prj")):
        raise Refused(
            "a Shapefile is several files: zip the .shp, .shx, .dbf, .prj (and .cpg) together"
        )
    return _csv(data)


def _geojson(data: bytes) -> Read:
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(f"it is no valid JSON ({error})") from error
    if not isinstance(found, dict) or found.get("type") not in ("FeatureCollection", "Feature"):
        raise Refused("it is JSON, but no GeoJSON FeatureCollection")
    listed = found.get("features", [found])
    if not isinstance(listed, list):
        raise Refused("its `features` are no list")
    stated = found.get("crs")
    crs = str((stated.get("properties") or {}).get("name", "")) if isinstance(stated, dict) else ""
    whole = {k: v for k, v in found.items() if k not in ("features", "type", "crs")}

    def rows() -> Iterator[tuple[dict[str, Any], Any]]:
        for one in listed:
            one = one if isinstance(one, dict) else {}
            fields = one.get("properties")
            geometry = one.get("geometry")
            made = (lambda g=geometry: _shape(g)) if geometry else None
            yield fields if isinstance(fields, dict) else {}, made

    return crs or "OGC:CRS84", whole, rows()


def _shape(geometry: Any) -> Any:
    if "NaN" in (text := json.dumps(geometry)) or "Infinity" in text:
        raise ValueError("a coordinate is no number: NaN or infinite")
    return shape(geometry)


def _csv(data: bytes) -> Read:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refused(
            "it is no format that is read: GeoJSON, zipped Shapefile, GeoPackage, KML, CSV"
        )
    first = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    heads = {(h or "").strip().lower(): h for h in table.fieldnames or ()}
    lon, lat, wkt = (
        next((heads[n] for n in names if n in heads), None) for names in (_LON, _LAT, _WKT)
    )
    if wkt is None and (lon is None or lat is None):
        raise Refused(
            "it is no format that is read (GeoJSON, zipped Shapefile, GeoPackage, KML), nor a table "
            "with columns `lon` and `lat` (经度, 纬度) or `wkt`"
        )
    planar = (lon or "").strip().lower() == "x"

    def rows() -> Iterator[tuple[dict[str, Any], Any]]:
        for row in table:
            fields = {k: v for k, v in row.items() if k and k not in (lon, lat, wkt)}
            if wkt is not None:
                yield fields, lambda w=row[wkt]: shapely.from_wkt(w)
            else:
                yield fields, lambda x=row[lon], y=row[lat]: shapely.Point(float(x), float(y))

    return "" if planar else "OGC:CRS84", {}, rows()


def _archive(name: str, data: bytes) -> Read:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Refused(f"it is a zip archive that is damaged or cut off ({error})") from error
    entries = archive.infolist()
    total = sum(e.file_size for e in entries)
    if len(entries) > _MAX_ENTRIES or total > _MAX_UNPACKED_BYTES or any(
        e.file_size > 2**20 and e.file_size > _MAX_RATIO * max(1, e.compress_size) for e in entries
    ):  # fmt: skip
        raise Refused(
            f"it unpacks to {total // 2**20:,} MB from {len(data) // 1024:,} kB, as a zip bomb does; "
            f"at most {_MAX_UNPACKED_BYTES // 2**20} MB are read"
        )
    names = {e.filename.lower() for e in entries}
    if any(n.endswith(".kml") for n in names):
        inner = next(e for e in entries if e.filename.lower().endswith(".kml"))
        return _opened(inner.filename, archive.read(inner))
    shapes = [e.filename for e in entries if e.filename.lower().endswith(".shp")]
    if not shapes:
        inner_names = [n for n in names if n.endswith((".geojson", ".json", ".gpkg", ".csv"))]
        if len(entries) == 1 and inner_names:
            return _opened(entries[0].filename, archive.read(entries[0]))
        raise Refused("the zip archive holds no .shp, .kml, .geojson, .gpkg or .csv")
    if len(shapes) > 1:
        raise Refused(f"it holds several Shapefiles ({', '.join(shapes[:5])}); zip one")
    stem = shapes[0][:-4].lower()
    if missing := [s for s in (".dbf", ".shx") if stem + s not in names]:
        raise Refused(
            f"the Shapefile lacks its {' and '.join(missing)}"
            + (", which holds the names" if ".dbf" in missing else "")
            + "; zip all its files"
        )
    return _with_gdal(data, "the Shapefile cannot be read", texts=stem + ".cpg" not in names)


def _with_gdal(data: bytes, otherwise: str, *, texts: bool = False) -> Read:
    """Read through GDAL; attribute tables without a code page are UTF-8, else GB18030."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    pyogrio.set_gdal_config_options({"GDAL_HTTP_MAX_RETRY": 0, "OGR_SQLITE_LOAD_EXTENSIONS": "NO"})
    for encoding in ("UTF-8", "GB18030") if texts else (None,):
        try:
            meta, _, shapes, columns = pyogrio.raw.read(data, force_2d=True, encoding=encoding)
            break
        except UnicodeDecodeError:
            continue
        except (DataSourceError, DataLayerError) as error:
            raise Refused(f"{otherwise} ({' '.join(str(error).split())[:160]})") from error
    else:
        raise Refused("the names in its attribute table are neither UTF-8 nor GB18030")
    if shapes is None:
        raise Refused("it has attributes, but no geometry")
    fields = [str(f) for f in meta["fields"]]

    def rows() -> Iterator[tuple[dict[str, Any], Any]]:
        for i, wkb in enumerate(shapes):
            made = (lambda w=wkb: shapely.from_wkb(w)) if wkb is not None else None
            yield {f: column[i] for f, column in zip(fields, columns, strict=True)}, made

    crs = str(meta["crs"] or "")
    return re.sub(r"^EPSG:4326$", "OGC:CRS84", crs), {}, rows()
