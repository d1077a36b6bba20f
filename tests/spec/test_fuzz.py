"""Whatever a file says, the answer is a spec or problems, never another error."""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ngn_core.errors import SpecError
from ngn_core.spec.document import subpaths
from ngn_core.spec.library import shipped_specs
from ngn_core.spec.load import load_specs, resolve_spec
from ngn_core.spec.plain_yaml import read_yaml, write_yaml
from ngn_core.spec.spec import Spec

FILES = [shipped_specs()[name] for name in ("congn", "megnet", "schnet")]
TEXTS = [file.read_text(encoding="utf-8") for file in FILES]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**30)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["mae", "gru", "concat", "cogn", "edges", "1e-3", "²", "a.b"])
)
KEYS = st.sampled_from(
    [
        "use",
        "of",
        "on",
        "nest",
        "repeat",
        "width",
        "layers",
        "by_task",
        "extends",
        "",
        "x",
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=5,
)
RELAXED = settings(deadline=None, suppress_health_check=list(HealthCheck))


def check(load):
    try:
        found = load()
    except SpecError as error:
        found = error
    assert isinstance(found, Spec) or all(one.expected for one in found.problems)
    assert isinstance(found, Spec) or found.problems


@RELAXED
@given(st.sampled_from(TEXTS), st.data())
def test_values_and_keys_at_random_places(registry, text, data):
    spec = read_yaml(text)[0]
    for _ in range(data.draw(st.integers(1, 3))):
        places = [path for path in subpaths(spec, ()) if path]
        *parents, last = data.draw(st.sampled_from(places))
        inside = spec
        for step in parents:
            inside = inside[step]
        change = data.draw(st.sampled_from(["value", "gone", "more"]))
        if change == "value":
            inside[last] = data.draw(VALUES)
        elif change == "gone":
            del inside[last]
        elif isinstance(inside, dict):
            inside[data.draw(KEYS)] = data.draw(VALUES)
        else:
            inside.append(deepcopy(data.draw(VALUES)))
        if not spec:
            break
    check(lambda: resolve_spec(spec, registry, "fuzz"))


@RELAXED
@given(st.sampled_from(TEXTS), st.data())
def test_texts_with_random_cuts_and_insertions(registry, tmp_path, text, data):
    start = data.draw(st.integers(0, len(text)))
    end = min(start + data.draw(st.integers(0, 20)), len(text))
    inserted = data.draw(
        st.text(st.characters(codec="utf-8"), max_size=8)
        | st.sampled_from(
            ["&a ", "*a", "!!set ", "{", "]", ": ", "\t", "- ", "? ", "<<: "]
        )
    )
    file = tmp_path / "fuzz.yaml"
    file.write_text(text[:start] + inserted + text[end:], encoding="utf-8")
    check(lambda: load_specs([str(file)], registry)[0])


@RELAXED
@given(st.binary(max_size=60))
def test_random_bytes(registry, tmp_path, content):
    file = tmp_path / "fuzz.yaml"
    file.write_bytes(content)
    check(lambda: load_specs([str(file)], registry)[0])


@RELAXED
@given(st.lists(st.text(max_size=8), max_size=4), VALUES, st.data())
def test_flags_at_random_places(registry, parts, value, data):
    places = list(subpaths(read_yaml(TEXTS[0])[0], ()))
    start = map(str, data.draw(st.sampled_from(places)))
    setting = f"{'.'.join([*start, *parts])}={write_yaml(value)}"
    check(lambda: load_specs(["congn"], registry, [setting])[0])


@pytest.mark.parametrize("name", ["x" * 5000, "", "\x00", ".", "..", "/", "a/../b"])
def test_names_that_are_no_names(registry, name):
    check(lambda: load_specs([name], registry)[0])
