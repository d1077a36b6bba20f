from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from ngn_core.plugin.options import Kind, Options, Unit, Use, kind_of, unit_of
from ngn_core.plugin.suggest import did_you_mean
from ngn_core.plugin.wording import field_at, in_words
from ngn_core.spec.graph import GraphOptions


class Probe(Options):
    count: int = Field(gt=0)
    share: float = Field(ge=0, lt=1)
    length: Annotated[float | None, Unit("Å")] = Field(None, gt=0)
    flag: bool
    word: str
    way: Literal["in", "out"] | float
    layers: tuple[int, ...] = Field(min_length=1)
    widths: list[Annotated[int, Field(gt=0)]]
    pair: tuple[float, int]
    table: dict[str, float]
    gate: Annotated[Use, Kind("gate")]
    maybe: Annotated[Use | None, Kind("embedding")] = None
    losses: Annotated[tuple[Use, ...], Kind("loss")] = Field(max_length=2)
    inner: GraphOptions
    anything: Any
    thick: Annotated[Literal["given"] | Annotated[float, Field(ge=5)], Unit("Å")]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("count", "a whole number greater than 0"),
        ("share", "a number not less than 0 and less than 1"),
        ("length", "a number greater than 0, or null"),
        ("flag", "true or false"),
        ("word", "text"),
        ("way", "in | out, or a number"),
        ("layers", "a list of 1 or more whole numbers"),
        ("widths", "a list of whole numbers greater than 0"),
        ("pair", "a list of a number; a whole number"),
        ("table", "a mapping of keys to numbers"),
        ("gate", "a gate"),
        ("maybe", "an embedding, or null"),
        ("losses", "a list of up to 2 losses"),
        ("anything", "anything"),
        ("thick", "given, or a number not less than 5"),
    ],
)
def test_what_an_option_takes_in_words(key, words):
    assert in_words(Probe.model_fields[key]) == words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("layers", 3), "a whole number"),
        (("widths", 0), "a whole number greater than 0"),
        (("pair", 1), "a whole number"),
        (("table", "x"), "a number"),
        (("inner", "nest", 1, "cutoff"), "a number greater than 0, or null"),
        (("inner", "nest", 1, "cut"), None),
        (("layers", "x"), None),
        (("pair", 2), None),
        (("word", 0), None),
    ],
)
def test_fields_are_found_inside_lists_and_models(path, words):
    field = field_at(Probe, path)
    assert (None if field is None else in_words(field)) == words


def test_marks_of_kind_and_unit():
    fields = Probe.model_fields
    assert (kind_of(fields["losses"]), kind_of(fields["count"])) == ("loss", None)
    assert (unit_of(fields["length"]), unit_of(fields["count"])) == ("Å", None)


def test_suggestions_ignore_case():
    assert did_you_mean("CGCNN", ["schnet", "cgcnn"]) == "Did you mean 'cgcnn'?"
    assert did_you_mean("wholly else", ["schnet", "cgcnn"]) is None
    assert did_you_mean(5, []) is None
