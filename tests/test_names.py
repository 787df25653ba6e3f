"""Each module and class has a name of its own, and no name that was given up comes back."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "animate"
SCENES = PACKAGE.parent / "scenes"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if not path.name.startswith("__"))

# Names that were replaced, by the folder they stood in. Only names that say nothing else are listed: no code may use
# them again, anywhere. Words that are also ordinary, such as `look` or `round`, cannot be checked this way.
REPLACED = {
    "learn": """
        quartet truths creep whitened Whitened whiten Wave WaveProblem wave_problem scalings few_of_each binned_shares
        true_curves TRUE_CURVES usual_delta line_of_the_rest own_landscape Curved optima arrival outcomes
        """,
    "library": "Recipe recipe made_by lies_in mistakes_located",
    "top": "_Ears _EARS heed knock _knock _knock_later write_page_of write_within story_of telling",
    "draw": "Script Words tally rail Misses Standings VerdictCurve shrinking Reuse Different wording placing",
    "batch": "About Noted Whole Making Order orders_of closure How Now giving making typed",
    "replay": """
        Glance glance Held Leaf Cluster furniture surroundings Picture forgive may_rest Tape
        is_hopeless is_restless knows_text RememberingFont shadowing Watch Bundle Memory patience
        """,
    "film": "Story Told Take Work Lane Inks Painter Staging Written given_up Fitted Attempt comparing",
    "studio": "Easel grips Shelf Book Wish Job Seat homes",
}
PENDING: set[str] = set()
"""Folders whose names are not replaced yet."""

SHARED_MODULES: set[str] = set()
SHARED_CLASSES: set[str] = set()
"""Names that still stand twice."""


def identifiers(path: Path) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


def repeated(names: list[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}


def test_no_two_modules_have_one_name() -> None:
    # A file under cli is named after its command, and so may be the module that does the command's work.
    names = [path.stem for path in MODULES if path.parent.name != "cli"]
    assert repeated(names) <= SHARED_MODULES


def test_no_two_classes_have_one_name() -> None:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in MODULES)
    names = [node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    assert repeated(names) <= SHARED_CLASSES


@pytest.mark.parametrize("folder", sorted(set(REPLACED) - PENDING))
def test_no_replaced_name_is_used_again(folder: str) -> None:
    replaced = set(REPLACED[folder].split())
    found = {
        f"{path.relative_to(PACKAGE.parent)}: {name}"
        for path in [*MODULES, *SCENES.rglob("*.py")]
        for name in (identifiers(path) | {path.stem}) & replaced
    }
    assert found == set()
