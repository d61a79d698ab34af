"""A release comes back as it was, and a hostile one is refused with one kind of error."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.domain.assigner import Assigner
from segmentry.domain.micro import MicroAssigner
from segmentry.domain.recipe import CategoryStep, LeftOut, NumberStep, Recipe
from segmentry.domain.release import Release
from segmentry.domain.role import Facet, Kind, Role
from segmentry.domain.table import FeatureColumn
from segmentry.domain.textmodel import TextFacts, TextModel, TextOf, Topic
from segmentry.domain.window import Window
from segmentry.errors import AssignmentError, StoreError
from segmentry.stores.releases import digest_of, load_release, save_release


def release() -> Release:
    number = NumberStep("spend", 1.5, "median", "log1p", 1.0, 0.1, 2.0, 1.0, 5.0)
    return Release(
        fingerprint="3f9a1c77",
        workspace="default",
        project={"name": "shop", "sources": [{"path": "a.csv"}], "segments": {"min_share": 0.02}},
        window=Window(datetime(2026, 3, 1, tzinfo=UTC), lookback_days=None, outcome_days=90.0),
        columns=(
            FeatureColumn("spend", Role.CLUSTER, facet=Facet.VALUE, unit="GBP", null_is=0.0),
            FeatureColumn("plan", Role.CLUSTER, kind=Kind.CATEGORY),
            FeatureColumn("country", Role.OVERLAY, kind=Kind.CATEGORY),
        ),
        recipe=Recipe((number,), (CategoryStep("plan", ("a", "b"), 0.7, 1.0),),
                      (LeftOut("x", "constant"),)),
        assigner=Assigner(
            np.array([[0.1, 0.0, 0.7], [1.0, 0.7, 0.0], [1 / 3, 0.0, 0.0]]),
            np.array([0, 1, 0]),
            np.array([1.5, 2.5]),
        ),
        segment_ids=(1, 2),
        segment_names=("Loyal regulars", "One-time buyers"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "release"
    save_release(release(), folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_release(release(), tmp_path / "release")
    return tmp_path / "release"


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None], *, seal: bool = True) -> None:
    """Change the manifest as an attacker would, who knows how the digest is made."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    if seal:
        manifest["digest"] = digest_of(manifest)
    path.write_text(json.dumps(manifest))


def refuses(folder: Path, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        load_release(folder)
    assert caught.value.code == "E5003"


def test_a_release_comes_back_as_it_was(folder: Path) -> None:
    first, again = release(), load_release(folder)
    for name in ("prototypes", "groups", "radii", "kept"):
        np.testing.assert_array_equal(getattr(again.assigner, name), getattr(first.assigner, name))
    assert replace(again, assigner=first.assigner) == first


def test_a_release_of_a_table_has_no_window(tmp_path: Path) -> None:
    save_release(replace(release(), window=None), tmp_path / "release")
    assert "window" not in json.loads((tmp_path / "release" / "manifest.json").read_text())
    assert load_release(tmp_path / "release").window is None


def test_only_plain_files_are_written(folder: Path) -> None:
    names = sorted(p.name for p in folder.iterdir())
    assert names == ["groups.npy", "kept.npy", "manifest.json", "prototypes.npy", "radii.npy"]


def test_a_release_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    broken = replace(release(), segment_names=("same", "same"))
    with pytest.raises(StoreError, match="names of their own"):
        save_release(broken, tmp_path / "release")
    assert not (tmp_path / "release").exists()


def test_a_later_format_is_told_apart_from_damage(folder: Path) -> None:
    rewrite(folder, lambda m: m.update(format=5))
    said = "format 5, and this version reads 1, 2, 3, 4"
    with pytest.raises(AssignmentError, match=said) as caught:
        load_release(folder)
    assert caught.value.code == "E6002"


def test_a_release_of_the_first_format_answers_with_nearness(folder: Path) -> None:
    def earlier(manifest: dict) -> None:
        manifest["format"] = 1
        del manifest["arrays"]["kept"]

    rewrite(folder, earlier)
    (folder / "kept.npy").unlink()
    again = load_release(folder).assigner
    np.testing.assert_array_equal(again.kept, [[0.5, 1.0], [0.5, 1.0]])


def test_a_format_has_the_arrays_of_that_format(folder: Path) -> None:
    rewrite(folder, lambda m: m.update(format=1))
    refuses(folder, r"the arrays must be prototypes, groups, radii \(")


@pytest.mark.parametrize("name", ["manifest.json", "groups.npy", "prototypes.npy", "radii.npy"])
@pytest.mark.parametrize("harm", ["removed", "cut", "flipped", "emptied", "linked"])
def test_a_damaged_file_is_noticed(folder: Path, name: str, harm: str, tmp_path: Path) -> None:
    path, content = folder / name, (folder / name).read_bytes()
    path.unlink()
    if harm == "cut":
        path.write_bytes(content[:-9])
    if harm == "flipped":
        path.write_bytes(content[:-30] + bytes([content[-30] ^ 1]) + content[-29:])
    if harm == "emptied":
        path.write_bytes(b"")
    if harm == "linked":
        (tmp_path / "elsewhere").write_bytes(content)
        path.symlink_to(tmp_path / "elsewhere")
    refuses(folder, r"\.npy|manifest\.json")


def plant(folder: Path, content: bytes, **facts: Any) -> None:
    """Put an array in place that the manifest vouches for."""
    (folder / "radii.npy").write_bytes(content)
    told = {"sha256": hashlib.sha256(content).hexdigest()} | facts
    rewrite(folder, lambda m: m["arrays"]["radii"].update(told))


def npy(array: np.ndarray, version: tuple[int, int] = (1, 0)) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version, allow_pickle=True)
    return file.getvalue()


class Trap:
    """Would write a file if it were ever unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_objects_in_an_array_never_run(folder: Path, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    boxed = np.empty(2, dtype=object)
    boxed[:] = [Trap(trap), 1]
    for content in (npy(boxed), pickle.dumps(Trap(trap))):
        plant(folder, content)
        refuses(folder, "not the array|not an array")
    assert not trap.exists()


@pytest.mark.parametrize(
    "content",
    [
        npy(np.array([1.5, 2.5]), version=(2, 0)),
        npy(np.array([1.5, 2.5], dtype="<f4")),
        npy(np.array([1.5, 2.5], dtype=">f8")),
        npy(np.array([[1.5, 2.5]])),
        npy(np.array([1.5, 2.5, 3.5])),
        npy(np.array([1.5, 2.5])) + b"more",
        npy(np.array([1.5, 2.5]))[:-1],
        b"\x93NUMPY\x01\x00\xff\xff{",
        b"\x93NUMPY\x01\x00\x04\x00((((",
        b"\x93NUMPY\x01\x00",
        b"PK\x03\x04",
    ],
)
def test_an_array_that_is_not_as_declared_is_refused(folder: Path, content: bytes) -> None:
    plant(folder, content)
    refuses(folder, r"radii\.npy")


@pytest.mark.parametrize("shape", [[2**40], [-2], [2, 1], [], [1.0], ["2"], [True], 2, [2**63, 8]])
def test_a_shape_that_cannot_be_is_refused_before_memory_is_asked_for(
    folder: Path, shape: object
) -> None:
    plant(folder, npy(np.array([1.5, 2.5])), shape=shape)
    refuses(folder, r"shape|radii|cannot be")


@pytest.mark.parametrize(
    "file",
    ["../radii.npy", "/etc/passwd", "groups.npy", "", "a/radii.npy", "radii.npy\x00", 3, None],
)
def test_file_names_are_never_the_manifests(folder: Path, file: object) -> None:
    rewrite(folder, lambda m: m["arrays"]["radii"].update(file=file))
    refuses(folder, r"radii|cannot be")


@pytest.mark.parametrize("dtype", ["|O", "<f4", ">f8", "<i8", "<U8", "[('a', '<f8')]", 7])
def test_types_outside_the_list_are_refused(folder: Path, dtype: object) -> None:
    rewrite(folder, lambda m: m["arrays"]["radii"].update(dtype=dtype))
    refuses(folder, r"radii|cannot be")


def swap_array(folder: Path, name: str, array: np.ndarray) -> None:
    content = npy(array)
    (folder / f"{name}.npy").write_bytes(content)
    facts = {"shape": list(array.shape), "sha256": hashlib.sha256(content).hexdigest()}
    rewrite(folder, lambda m: m["arrays"][name].update(facts))


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        ("radii", np.array([1.0, np.nan]), "radius above zero"),
        ("radii", np.array([1.0, -1.0]), "radius above zero"),
        ("groups", np.array([0, 1, 2]), "every prototype needs a segment"),
        ("groups", np.array([0, -1, 1]), "every prototype needs a segment"),
        ("prototypes", np.zeros((3, 4)), "do not fit 3 columns"),
        ("prototypes", np.zeros((0, 3)), "every prototype needs a segment"),
    ],
)
def test_arrays_that_make_no_sense_are_refused(
    folder: Path, name: str, array: np.ndarray, words: str
) -> None:
    swap_array(folder, name, array)
    refuses(folder, words)


def number(m: dict[str, Any]) -> dict[str, Any]:
    return m["recipe"]["numbers"][0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: number(m).update(scale=0), "above zero"),
        (lambda m: number(m).update(scale=-1.0), "above zero"),
        (lambda m: number(m).update(limit=0), "above zero"),
        (lambda m: number(m).update(weight=-1), "above zero"),
        (lambda m: number(m).update(transform="exec"), "transform cannot be"),
        (lambda m: number(m).update(centre="0"), "centre cannot be"),
        (lambda m: number(m).pop("impute"), "lacks 'impute'"),
        (lambda m: number(m).update(column="gone"), "gone"),
        (lambda m: number(m).update(by={"column": "lost", "levels": [], "values": []}), "lost"),
        (lambda m: number(m).update(quantiles=[1.0]), "does not use"),
        (lambda m: number(m).update(quantiles=["1"]), "quantiles cannot be"),
        (lambda m: m["recipe"].update(reduction={"method": "umap"}), "lacks|method cannot be"),
        (lambda m: m["recipe"]["categories"][0].update(scale=-1), "zero or more"),
        (lambda m: m["recipe"]["categories"][0].update(levels=["a"]), "do not fit 2 columns"),
        (lambda m: m["segments"].pop(), "radius|every prototype"),
        (lambda m: m["segments"][0].update(id=2), "of their own"),
        (lambda m: m["segments"][0].update(id=1.5), "id cannot be"),
        (lambda m: m["segments"][0].update(name=None), "name cannot be"),
        (lambda m: m["features"].append(m["features"][0]), "named twice"),
        (lambda m: m["features"][0].update(role="king"), "role cannot be"),
        (lambda m: m["window"].update(as_of="2026-03-01T00:00:00"), "as_of cannot be"),
        (lambda m: m["window"].update(recent_days=-1), "a window has -1"),
        (lambda m: m["window"].update(lookback_days=1e308), "a window has"),
        (lambda m: m.update(project=[]), "project"),
        (lambda m: m.update(fingerprint=7), "text cannot be"),
        (lambda m: m.update(features={}), "not a list"),
        (lambda m: m["arrays"].pop("radii"), "arrays must be"),
        (lambda m: m.update(extra=1), "keys of a release"),
        (lambda m: m.pop("workspace"), "keys of a release"),
        (lambda m: m.update(format="1"), "not a release"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    folder: Path, change: Callable[[dict[str, Any]], None], words: str
) -> None:
    rewrite(folder, change)
    refuses(folder, words)


def test_a_careless_edit_shows_by_the_digest(folder: Path) -> None:
    rewrite(folder, lambda m: m["segments"][0].update(name="Whales"), seal=False)
    refuses(folder, "differs from what was written")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def spots(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the way to every node of a JSON document."""
    pairs: Any = ()
    if isinstance(node, dict | list):
        pairs = node.items() if isinstance(node, dict) else enumerate(node)
    return [path, *(spot for key, item in pairs for spot in spots(item, (*path, key)))]


def outcome(folder: Path) -> str:
    """Load a release: "read", or the code of one of the two errors that may come."""
    try:
        load_release(folder)
    except (StoreError, AssignmentError) as error:
        return error.code
    return "read"


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_mutated_manifest_is_read_or_refused_and_nothing_else(
    sound: Path, data: st.DataObject
) -> None:
    path = sound / "manifest.json"
    before = path.read_bytes()
    mutant = json.loads(before)
    spot = data.draw(st.sampled_from(spots(mutant)[1:]))
    holder = mutant
    for key in spot[:-1]:
        holder = holder[key]
    holder[spot[-1]] = data.draw(JSON)
    if data.draw(st.booleans()) and spot[0] != "digest":
        mutant["digest"] = digest_of(mutant)
    try:
        path.write_text(json.dumps(mutant))
        assert outcome(sound) in ({"E5003", "E6002"} if spot == ("format",) else {"E5003", "read"})
    finally:
        path.write_bytes(before)


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(["manifest.json", "groups.npy", "prototypes.npy", "radii.npy"]),
    data=st.data(),
)
def test_any_changed_byte_is_noticed(sound: Path, name: str, data: st.DataObject) -> None:
    path = sound / name
    before = path.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda b: b != before[at]))
    path.write_bytes(before[:at] + bytes([byte]) + before[at + 1 :])
    # White space between two words of the manifest is the only thing that may differ.
    is_space = name == "manifest.json" and chr(byte).isspace() and chr(before[at]).isspace()
    try:
        assert outcome(sound) in ({"read", "E5003"} if is_space else {"E5003", "E6002"})
    finally:
        path.write_bytes(before)


def of_texts(**changes: Any) -> Release:
    told = (Topic("card pin", ("card", "pin")), Topic("atm", ("atm",)))
    facts = TextFacts(
        "message", "associations", "english", ("atm", "card", "pin"), ("ATM", "cards", "pin"), told,
        neutral=("awful",), n_texts=9, english_share=0.5,
    )  # fmt: skip
    model = TextModel(facts, np.array([1.0, 2.0, 1 / 3]), np.arange(6, dtype=float).reshape(3, 2))
    column = FeatureColumn(
        "topic_message=atm", Role.CLUSTER, text=TextOf("message", "topic", 1, ("atm",))
    )
    columns = (*release().columns, column)
    return replace(release(), **{"columns": columns, "texts": (model,), **changes})


def test_a_text_model_comes_back_as_it_was(tmp_path: Path) -> None:
    save_release(of_texts(), tmp_path / "release")
    (found,), (own,) = load_release(tmp_path / "release").texts, of_texts().texts
    assert found.facts == own.facts
    assert np.array_equal(found.idf, own.idf)
    assert np.array_equal(found.axes, own.axes)
    assert load_release(tmp_path / "release").columns == of_texts().columns


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"texts": ()}, "no model reads"),
        ({"texts": of_texts().texts * 2}, "two text models"),
        (
            {"columns": (*release().columns, FeatureColumn("t", Role.CLUSTER,
                         text=TextOf("message", "topic", 2)))},
            "a topic that is not there",
        ),
    ],
)  # fmt: skip
def test_texts_that_contradict_the_features_are_refused(
    changes: dict[str, Any], told: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match=told):
        save_release(of_texts(**changes), tmp_path / "release")


@pytest.mark.parametrize("name", ["text0_axes", "text0_idf"])
def test_an_array_of_texts_that_was_changed_is_refused(name: str, tmp_path: Path) -> None:
    save_release(of_texts(), tmp_path / "release")
    path = tmp_path / "release" / f"{name}.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match="differs from what was written"):
        load_release(tmp_path / "release")


def _without_axes(manifest: dict[str, Any]) -> None:
    del manifest["texts"][0]["arrays"]["axes"]


def _with_more(manifest: dict[str, Any]) -> None:
    manifest["texts"][0]["code"] = "import os"


def _with_other_terms(manifest: dict[str, Any]) -> None:
    manifest["texts"][0]["facts"]["terms"] = ["atm", "atm", "pin"]


@pytest.mark.parametrize("spoilt", [_without_axes, _with_more, _with_other_terms])
def test_a_hostile_text_model_is_refused(
    spoilt: Callable[[dict[str, Any]], None], tmp_path: Path
) -> None:
    save_release(of_texts(), tmp_path / "release")
    path = tmp_path / "release" / "manifest.json"
    manifest = json.loads(path.read_text())
    spoilt(manifest)
    manifest["digest"] = digest_of(manifest)
    path.write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match="text model"):
        load_release(tmp_path / "release")


PARTS = MicroAssigner(np.array([[0.1, 0.0, 0.7], [0.2, 0.0, 0.7]]), np.arange(2), np.ones(2, int))


def test_micro_segments_come_back_as_they_were(tmp_path: Path) -> None:
    save_release(replace(release(), micro=PARTS), tmp_path / "release")
    again, wanted = load_release(tmp_path / "release").micro, PARTS
    assert again is not None
    for name in ("prototypes", "groups", "parents"):
        np.testing.assert_array_equal(getattr(again, name), getattr(wanted, name))


def test_a_release_without_parts_is_one_that_earlier_versions_read(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["format"] == 2
    assert load_release(folder).micro is None


def test_the_later_format_needs_its_arrays(folder: Path) -> None:
    rewrite(folder, lambda m: m.update(format=3))
    refuses(folder, "the arrays must be .*micro_parents")


def test_parts_that_make_no_sense_are_not_written(tmp_path: Path) -> None:
    broken = replace(release(), micro=replace(PARTS, parents=np.array([1, 2])))
    with pytest.raises(StoreError, match="a segment that is not there"):
        save_release(broken, tmp_path / "release")


def by_direction() -> Assigner:
    """Give prototypes that are directions of three columns, with one column more."""
    return Assigner(np.eye(4)[:2], np.array([0, 1]), np.ones(2), origin=np.array([0.0, -1.0, 0.5]))


@pytest.mark.parametrize("micro", [None, PARTS])
def test_prototypes_that_are_directions_come_back_with_their_origin(micro, tmp_path: Path) -> None:
    own = by_direction()
    save_release(replace(release(), assigner=own, micro=micro), tmp_path / "release")
    manifest = json.loads((tmp_path / "release" / "manifest.json").read_text())
    assert manifest["format"] == 4
    again = load_release(tmp_path / "release")
    np.testing.assert_array_equal(again.assigner.origin, own.origin)
    np.testing.assert_array_equal(again.assigner.prototypes, own.prototypes)
    assert (again.micro is None) == (micro is None)


def test_only_all_arrays_of_parts_are_parts(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    save_release(replace(release(), assigner=by_direction(), micro=PARTS), folder)
    rewrite(folder, lambda m: m["arrays"].pop("micro_groups"))
    refuses(folder, "the arrays must be .*origin, micro_prototypes")
