"""Reads `models/manifest.toml`: what must lie in `.sledform/` on this machine, and where it comes from."""

from dataclasses import dataclass
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    import tomli as tomllib


@dataclass(frozen=True)
class Source:
    """A file inside a package of a registry."""

    registry: str
    package: str
    version: str
    file: str
    bytes: int
    sha256: str
    platform: str = ""
    python: str = ""


@dataclass(frozen=True)
class Item:
    """A file to have. `outputs` and `input_name` are set for a model, which is converted."""

    name: str
    file: str
    sha256: str
    source: Source
    input_name: str = ""
    outputs: dict[str, str] | None = None


def items(manifest: Path, architecture: str) -> list[Item]:
    """What the manifest asks for on a machine of this architecture; ValueError where it has nothing for it."""
    with manifest.open("rb") as file:
        content = tomllib.load(file)
    models = [
        Item(m["name"], m["file"], m["sha256"], Source(**m["source"]), m["input"]["name"], m["outputs"])
        for m in content.get("model", [])
    ]
    pages = [Item(p["name"], p["file"], p["sha256"], Source(**p["source"])) for p in content.get("page", [])]
    runtimes = content.get("runtime", [])
    mine = [r for r in runtimes if r["architecture"] == architecture]
    if runtimes and not mine:
        known = ", ".join(r["architecture"] for r in runtimes)
        raise ValueError(f"no ONNX Runtime library is pinned for processor {architecture}, only for {known}")
    return [Item(r["name"], r["file"], r["sha256"], Source(**r["source"])) for r in mine] + models + pages
