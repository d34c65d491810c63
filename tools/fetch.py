"""Fetches, checks and converts everything in the manifest that is not there yet, or is not what it should be.

usage: fetch.py [--check] MANIFEST HOME

Progress goes to standard error, one line a step, and nothing at all if there is nothing to do. At the end standard
output has the path of every file that must be there. With --check nothing is fetched: the exit code is 1 if there
is something to do.
"""

import platform
import shutil
import sys
from pathlib import Path

import packages
from manifest import Item, items

ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


def main(manifest: Path, home: Path, check: bool) -> None:
    machine = platform.machine().lower()
    wanted = items(manifest, ARCHITECTURES.get(machine, machine))
    for item in wanted:
        if is_right(home / item.file, item.sha256):
            continue
        if check:
            sys.exit(1)
        install(item, home)
    shutil.rmtree(home / "download", ignore_errors=True)
    for item in wanted:
        print(home / item.file)


def is_right(path: Path, sha256: str) -> bool:
    return path.is_file() and packages.sha256(path.read_bytes()) == sha256


def install(item: Item, home: Path) -> None:
    source = item.source
    target = home / item.file
    if target.is_file():
        packages.step(f"{target} is not what it should be: replacing it")
    content = packages.extract(packages.download(source, home / "download"), source)
    if item.outputs is not None:
        packages.step(f"converting {item.name} to ONNX")
        content = converted(content, item, home)
    actual = packages.sha256(content)
    if actual != item.sha256:
        raise packages.wrong_hash(target, item.sha256, actual)
    packages.write_whole(target, content)


def converted(content: bytes, item: Item, home: Path) -> bytes:
    # Here, because the library's hash can be checked without the packages that conversion needs.
    from convert import convert

    work = home / "download"
    source, target = work / f"{item.name}.tflite", work / f"{item.name}.onnx"
    source.write_bytes(content)
    convert(source, target, item.outputs, item.input_name)
    return target.read_bytes()


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    if len(arguments) != 2:
        sys.exit(__doc__)
    try:
        main(Path(arguments[0]), Path(arguments[1]), check="--check" in sys.argv)
    except (packages.Problem, ValueError, OSError) as problem:
        sys.exit(f"sledform: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
