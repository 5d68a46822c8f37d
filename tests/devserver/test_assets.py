from __future__ import annotations

import json
from pathlib import Path

import pytest

from devserver import assets

FILES = {"box/box.css": "box/dist/box.min.css", "box/LICENSE": "box/LICENSE"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project whose npm packages are installed."""
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "static").mkdir()
    package = tmp_path / "node_modules" / "box"
    (package / "dist").mkdir(parents=True)
    (package / "dist" / "box.min.css").write_text("a{color:red}\n/*# sourceMappingURL=box.min.css.map */\n")
    (package / "LICENSE").write_text("MIT")
    (tmp_path / "node_modules" / ".leadqual").write_text(assets._digest(tmp_path / "package-lock.json"))
    return tmp_path


def files_of(root: Path) -> dict[str, str]:
    vendor = root / "static" / "vendor"
    return {path.relative_to(vendor).as_posix(): path.read_text() for path in vendor.rglob("*") if path.is_file()}


def test_only_the_named_files_are_copied_without_their_source_map(root: Path) -> None:
    assert assets.bring_assets(root, FILES) is True
    found = files_of(root)
    manifest = json.loads(found.pop("manifest.json"))
    assert found == {"box/box.css": "a{color:red}\n", "box/LICENSE": "MIT"}
    assert sorted(manifest["files"]) == sorted(FILES)


def test_a_second_time_there_is_nothing_to_do(root: Path) -> None:
    assets.bring_assets(root, FILES)
    assert assets.bring_assets(root, FILES) is False


@pytest.mark.parametrize("damage", ["changed", "missing", "no manifest", "a file in the directory's place"])
def test_a_damaged_directory_is_made_anew(root: Path, damage: str) -> None:
    assets.bring_assets(root, FILES)
    whole = files_of(root)
    vendor = root / "static" / "vendor"
    if damage == "changed":
        (vendor / "box" / "box.css").write_text("b")
    elif damage == "missing":
        (vendor / "box" / "box.css").unlink()
    elif damage == "no manifest":
        (vendor / "manifest.json").write_text("[")
    else:
        assets._remove(vendor)
        vendor.write_text("")
    assert assets.bring_assets(root, FILES) is True
    assert files_of(root) == whole


def test_what_is_no_longer_named_goes(root: Path) -> None:
    assets.bring_assets(root, FILES)
    assets.bring_assets(root, {"box/LICENSE": "box/LICENSE"})
    assert sorted(files_of(root)) == ["box/LICENSE", "manifest.json"]


def test_a_failing_npm_is_told_in_one_line(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "node_modules" / ".leadqual").unlink()
    monkeypatch.setattr(assets, "ROOT", root)
    monkeypatch.setattr(assets, "_npm", lambda: (["sh", "-c", "echo 'npm error no network' >&2; exit 1"], "/bin"))
    monkeypatch.setattr(assets.bring_assets, "__defaults__", (root, FILES))
    with pytest.raises(SystemExit) as refusal:
        assets.main()
    assert str(refusal.value) == "Browser files: npm ci failed: npm error no network"


def test_every_file_we_ship_has_its_licence_beside_it_or_in_its_head() -> None:
    assets.bring_assets()
    vendor = assets.ROOT / "static" / "vendor"
    for directory in {(vendor / name).parent for name in assets.FILES}:
        heads = "".join(path.read_text(errors="replace")[:400] for path in directory.iterdir())
        assert (directory / "LICENSE").exists() or "license" in heads.lower()
