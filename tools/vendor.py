"""Fetch the browser's third-party files from npm at pinned versions and write them to static/vendor/.

    python -m tools.vendor

Needs `npm` on the path; the product itself never does: the results are committed. `static/vendor/vendored.json`
names every file with its package, version, licence and SHA-256, and a test holds the files to it.
"""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tools.icons import FILLED, OUTLINE

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
# Manifest storage follows source maps and refuses to run when the map is missing.
SOURCE_MAP = re.compile(rb"^//# sourceMappingURL=.*$|/\*# sourceMappingURL=[^*]*\*/", re.MULTILINE)
FONT_URL = re.compile(r"url\(\./files/([^)]+)\) format\('woff2-variations'\)")
SVG = "{http://www.w3.org/2000/svg}"
COPYRIGHT_LINES = re.compile(r"Copyright \(c\) .*")


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package: `integrity` is the registry's own digest of the tarball, checked before anything is read."""

    name: str
    version: str
    licence: str
    integrity: str
    folder: str
    copies: tuple[str, ...] = ()
    font_css: str = ""


TABLER = Package(
    name="@tabler/core",
    version="1.6.1",
    licence="MIT",
    integrity="sha512-lgmR9gcxRp5JlLxcmRi9Rz85JrEvH6Bz71KnlcPVSa97wtwQNjgSs3g3fxwbAlulHyRMghhIV04QUuW3pqDsIg==",
    folder="tabler",
    copies=("dist/css/tabler.min.css", "dist/js/tabler.min.js"),
)
ICONS = Package(
    name="@tabler/icons",
    version="3.51.0",
    licence="MIT",
    integrity="sha512-0pinvPZz7YeX+OSfxuEAbnEPWbocVXW5iU8h5lh41pYG8sZuQfpWECC980lxOT0clGIcNGn8xsBr+zKaRGdA/g==",
    folder="tabler-icons",
    copies=("LICENSE",),
)
INTER = Package(
    name="@fontsource-variable/inter",
    version="5.3.0",
    licence="OFL-1.1",
    integrity="sha512-OupL48va4JNofb97w6NYeF9S7W/kHNKM0Er8Dem5nqi4jeOLrVJDoE8tZEpnMJmtkvNbB1EIPPwHcdkF6b1oUA==",
    folder="inter",
    copies=("LICENSE",),
    font_css="opsz.css",
)
MONO = Package(
    name="@fontsource-variable/jetbrains-mono",
    version="5.3.0",
    licence="OFL-1.1",
    integrity="sha512-F32xpS2NsGYoQi2ADSkKTgpJj7ozajsGgDJ8woTnqjmIB+dxDIqImjl4pXZVEExu8UFZ2ndhmX18EBS/hdz3Lw==",
    folder="jetbrains-mono",
    copies=("LICENSE",),
    font_css="index.css",
)


class TamperedPackage(Exception):
    """The registry's tarball is not the pinned one: check what changed before pinning the new digest."""


def fetch_package(package: Package, into: Path) -> Path:
    """The unpacked folder of the package; raises TamperedPackage when the tarball is not the pinned one."""
    command = ["npm", "pack", f"{package.name}@{package.version}", "--json", "--pack-destination", str(into)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    tarball = into / Path(json.loads(answer)[0]["filename"]).name.replace("@", "").replace("/", "-")
    digest = "sha512-" + b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if digest != package.integrity:
        raise TamperedPackage(f"{package.name} {package.version}: {digest}")
    folder = into / package.folder
    with tarfile.open(tarball) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def copy_files(package: Package, source: Path) -> None:
    for name in package.copies:
        target = VENDOR / package.folder / Path(name).name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(SOURCE_MAP.sub(b"", (source / name).read_bytes()))


def copy_fonts(package: Package, source: Path) -> None:
    """The package's own style sheet with its unicode ranges, pointing at the files that lie beside it."""
    css = (source / package.font_css).read_text(encoding="utf-8")
    for name in FONT_URL.findall(css):
        (VENDOR / package.folder / name).write_bytes((source / "files" / name).read_bytes())
    target = VENDOR / package.folder / f"{package.folder}.css"
    target.write_text(FONT_URL.sub(r'url("\1") format("woff2")', css), encoding="utf-8")


def icon_shapes(svg: str) -> str:
    """The drawing of one icon without its frame: stroke and fill come from the `svg` element that uses it."""
    shapes = [element for element in ElementTree.fromstring(svg) if element.get("d") != "M0 0h24v24H0z"]
    text = "".join(ElementTree.tostring(shape, encoding="unicode").strip() for shape in shapes)
    return text.replace(' xmlns:ns0="http://www.w3.org/2000/svg"', "").replace("ns0:", "")


def sprite_symbols(icons: Path) -> Iterator[str]:
    for name in sorted(OUTLINE):
        shapes = icon_shapes((icons / "outline" / f"{name}.svg").read_text(encoding="utf-8"))
        yield f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'
    for name in sorted(FILLED):
        shapes = icon_shapes((icons / "filled" / f"{name}.svg").read_text(encoding="utf-8"))
        yield f'<symbol id="{name}-filled" viewBox="0 0 24 24" fill="currentColor" stroke="none">{shapes}</symbol>'


def write_sprite(source: Path) -> None:
    symbols = "\n".join(sprite_symbols(source / "icons"))
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    (VENDOR / ICONS.folder / "sprite.svg").write_text(sprite, encoding="utf-8")


def write_licence_of_tabler() -> None:
    """Tabler's package names its MIT licence but carries no text: the icons' text with the style sheet's own names."""
    text = (VENDOR / ICONS.folder / "LICENSE").read_text(encoding="utf-8")
    holders = "Copyright (c) 2018-2026 The Tabler Authors\nCopyright (c) 2018-2026 codecalm.net Paweł Kuna"
    (VENDOR / TABLER.folder / "LICENSE").write_text(COPYRIGHT_LINES.sub(holders, text), encoding="utf-8")


def vendored_files(package: Package) -> dict[str, str]:
    folder = VENDOR / package.folder
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def write_list(packages: tuple[Package, ...]) -> None:
    listed = [
        {
            "package": package.name,
            "version": package.version,
            "licence": package.licence,
            "folder": package.folder,
            "sha256": vendored_files(package),
        }
        for package in packages
    ]
    (VENDOR / "vendored.json").write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    packages = (TABLER, ICONS, INTER, MONO)
    with tempfile.TemporaryDirectory() as scratch:
        sources = {package.folder: fetch_package(package, Path(scratch)) for package in packages}
        for package in packages:
            copy_files(package, sources[package.folder])
        for package in (INTER, MONO):
            copy_fonts(package, sources[package.folder])
        write_sprite(sources[ICONS.folder])
    write_licence_of_tabler()
    write_list(packages)
    print(f"{len(OUTLINE) + len(FILLED)} icons and {len(packages)} packages in {VENDOR.name}/")


if __name__ == "__main__":
    main()
