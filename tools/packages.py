"""Downloads a package through its registry's own client, and takes a checked file out of it."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from manifest import Source


class Problem(Exception):
    """What stops set-up, said in a way that helps."""


def step(text: str) -> None:
    """Says what is being done."""
    print(f"sledform: {text}", file=sys.stderr, flush=True)


def wrong_hash(what: str | Path, expected: str, actual: str) -> Problem:
    return Problem(f"wrong hash, nothing was installed from it\n  file      {what}\n  expected  {expected}\n  actual    {actual}")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def download(source: Source, folder: Path) -> Path:
    """The package's archive in `folder`. One that is there already is used again."""
    place = folder / f"{source.package.strip('@').replace('/', '-')}-{source.version}-{source.platform or 'any'}"
    if not place.is_dir():
        # The client's own name for a finished download proves nothing after an interruption; this rename does.
        part = place.with_name(place.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        step(f"fetching {source.package} {source.version} from {source.registry}")
        run_client(client_command(source, part), source)
        part.rename(place)
    return archive_in(place, source)


def archive_in(place: Path, source: Source) -> Path:
    archives = sorted(place.iterdir())
    if len(archives) != 1:
        shutil.rmtree(place)
        raise Problem(f"{source.registry} gave {len(archives)} files for {source.package} {source.version}, not one; try again")
    return archives[0]


def client_command(source: Source, folder: Path) -> list[str]:
    if source.registry == "npm":
        package = f"{source.package}@{source.version}"
        return ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", str(folder), package]
    if source.registry == "pypi":
        # The platform and Python version are pinned, so that every machine gets the same file.
        return [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--only-binary", ":all:", "--platform", source.platform, "--python-version", source.python,
            "--implementation", "cp", "--dest", str(folder), f"{source.package}=={source.version}",
        ]  # fmt: skip
    raise Problem(f"unknown registry {source.registry} in the manifest")


def run_client(command: list[str], source: Source) -> None:
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
    except FileNotFoundError:
        raise Problem(f"`{command[0]}` is needed to fetch {source.package} and is not installed") from None
    if result.returncode != 0:
        said = "\n".join(f"  {line}" for line in result.stdout.strip().splitlines()[-8:])
        raise Problem(
            f"{source.package} {source.version} could not be fetched from {source.registry}: "
            f"is there a network? The client said:\n{said}"
        )


def extract(archive: Path, source: Source) -> bytes:
    """The content the manifest asks for. A wrong one is refused, and its archive is removed so that it is fetched anew."""
    content = read_member(archive, source.file)
    if content is not None:
        content = content[: source.bytes]
        actual = sha256(content)
        if actual == source.sha256:
            return content
    shutil.rmtree(archive.parent)
    what = f"{source.file} in {source.package} {source.version}"
    if content is None:
        raise Problem(f"{what} is missing or the package is damaged; try again")
    raise wrong_hash(what, source.sha256, actual)


def read_member(archive: Path, name: str) -> bytes | None:
    """One file of a zip or tar archive; none if it is not there or cannot be read."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as package:
                return package.read(name)
        with tarfile.open(archive) as package:
            return package.extractfile(name).read()
    except (KeyError, OSError, EOFError, AttributeError, zipfile.BadZipFile, tarfile.TarError):
        return None


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside `path`, then renames: the file is there in full or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
