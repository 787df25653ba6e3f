"""The manifest: it says what the schema says, comes back as it was, and is refused in plain words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from animate.batch.manifest import (
    VERSION,
    BuildRun,
    Caption,
    File,
    Input,
    Manifest,
    ManifestError,
    Measurement,
    SceneEntry,
    Value,
    manifest_schema,
    read_manifest,
)

SHA = "0" * 64
FILE = File(
    path="lesson.gif",
    role="animation",
    format="gif",
    theme="dark",
    variant="fast",
    width=480,
    height=270,
    n_frames=8,
    fps=12.5,
    duration=0.7,
    bytes=4000,
    sha256=SHA,
    key=SHA,
    flashes=0,
    smallest_text=Measurement("update", 11.0),
    lowest_contrast=Measurement("0.5", 4.6),
)
ENTRY = SceneEntry(
    name="lesson",
    variant="fast",
    script="scenes/lesson.py",
    question="Does it work?",
    captions=(Caption(0.0, 0.7, "Schöne Grüße"),),
    parameters=(Value("rate", "float", 0.1, 0.2, "Step size", {"low": 0.0, "high": 1.0, "scale": "linear"}),),
    files=(FILE, File(path="lesson.vtt", role="captions", format="vtt", sha256=SHA)),
    inputs=(Input("script", "scenes/lesson.py", SHA), Input("data", "points.csv", None)),
    environment={"python": "3.11.7"},
    source=SHA,
    given={"rate": 0.1},
    why=("rate changed from 0.2 to 0.1",),
)
MANIFEST = Manifest((ENTRY,), BuildRun(("lesson",), ("lesson",), "1/2"), "0.1.0", {SHA: {"scene.py": SHA}})


@pytest.fixture
def schema() -> Any:
    return manifest_schema()


def test_the_schema_is_a_schema(schema: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("manifest", [MANIFEST, Manifest()], ids=["full", "empty"])
def test_a_manifest_is_as_the_schema_says(schema: Any, manifest: Manifest) -> None:
    jsonschema.validate(json.loads(manifest.text()), schema)


@pytest.mark.parametrize(
    ("name", "kind"),
    [(kind.__name__, kind) for kind in (Manifest, BuildRun, SceneEntry, File, Input, Caption, Value, Measurement)],
)
def test_the_schema_documents_every_field(schema: Any, name: str, kind: Any) -> None:
    documented = {name: one for name, one in schema["$defs"][name]["properties"].items() if name != "version"}
    assert list(documented) == list(kind.__struct_fields__)
    assert all("description" in one for one in documented.values())


def test_the_schema_refuses_a_key_it_does_not_know(schema: Any) -> None:
    with pytest.raises(jsonschema.ValidationError, match="colour"):
        jsonschema.validate({**json.loads(MANIFEST.text()), "colour": "red"}, schema)


def test_a_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(MANIFEST.text(), encoding="utf-8")
    assert read_manifest(tmp_path) == MANIFEST
    assert read_manifest(tmp_path / "manifest.json") == MANIFEST


def test_a_manifest_of_animate_0_1_is_read(tmp_path: Path) -> None:
    entry = replace(ENTRY, files=(replace(FILE, compromises=("colors",)),), title='the key "given_up": stays')
    manifest = replace(MANIFEST, scenes=(entry,))
    old = manifest.text().replace('"compromises":', '"given_up":')
    assert old != manifest.text()
    (tmp_path / "manifest.json").write_text(old, encoding="utf-8")
    assert read_manifest(tmp_path) == manifest


def test_an_entry_is_found_by_its_name_and_variant() -> None:
    assert MANIFEST.entry("lesson-fast") is ENTRY
    assert MANIFEST.entry("lesson") is None
    assert replace(ENTRY, variant="").id == "lesson"


def test_a_missing_manifest_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="there is no manifest"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("length", [0, 1, 100, -30])
def test_a_truncated_manifest_is_told(tmp_path: Path, length: int) -> None:
    (tmp_path / "manifest.json").write_text(MANIFEST.text()[:length], encoding="utf-8")
    with pytest.raises(ManifestError, match="is damaged"):
        read_manifest(tmp_path)


def test_a_manifest_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(bytes(range(256)))
    with pytest.raises(ManifestError, match="is damaged"):
        read_manifest(tmp_path)


def test_a_newer_manifest_is_told_with_both_versions(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"version": VERSION + 1}))
    with pytest.raises(ManifestError, match=f"has version {VERSION + 1}, from a newer animate"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["[]", "3", "null", "{}", '{"version": 1, "scenes": [3]}', '{"scenes": [{"a": 1}]}'])
def test_json_of_another_kind_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ManifestError, match="is no manifest"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("value", [float("inf"), float("nan"), "\ud800"])
def test_what_json_cannot_hold_is_damage(tmp_path: Path, value: Any) -> None:
    whole = json.loads(MANIFEST.text())
    whole["scenes"][0]["given"] = {"rate": value}
    (tmp_path / "manifest.json").write_text(json.dumps(whole))
    with pytest.raises(ManifestError, match="is damaged"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("seconds", "long", r"it\.scenes\[0\]\.seconds must be a number; got 'long'"),
        ("name", None, r"it\.scenes\[0\]\.name must be str; got None"),
        ("why", "text", "why must be list"),
        ("colour", "red", "has a key 'colour' that is unknown"),
        (
            "files",
            [{"path": "../x.gif", "role": "animation", "format": "gif"}],
            "must lie in its folder; got '../x.gif'",
        ),
        ("files", [{"path": "/x.gif", "role": "animation", "format": "gif"}], "must lie in its folder; got '/x.gif'"),
        ("files", [{"path": "x.gif", "role": "animation"}], "has no key 'format'"),
    ],
)
def test_a_manifest_with_a_wrong_value_is_told_with_its_place(
    tmp_path: Path, place: str, value: Any, told: str
) -> None:
    whole = json.loads(MANIFEST.text())
    whole["scenes"][0][place] = value
    (tmp_path / "manifest.json").write_text(json.dumps(whole))
    with pytest.raises(ManifestError, match=told):
        read_manifest(tmp_path)


def test_brackets_without_end_are_told(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("[" * 100_000)
    with pytest.raises(ManifestError, match="is damaged"):
        read_manifest(tmp_path)
