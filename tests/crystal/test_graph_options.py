import pytest
from ngn_core.spec.graph import GraphOptions, PairRule
from pydantic import ValidationError


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"idealize": False}, "symmetry: orbits needs idealize: true, because atoms"),
        ({"idealize": False, "symmetry": "asymmetric"}, "asymmetric needs idealize"),
        ({"nest": [{"use": "receiver", "way_back": "drop"}]}, "goes with use: chain"),
        ({"nest": [{"use": "chain"}, {"use": "chain"}]}, "second rule of nest pairs"),
        (
            {"nest": [{"use": "chain"}, {"use": "receiver", "cutoff": 3.0}]},
            "give a cutoff to the first rule",
        ),
        ({"nest": [{"use": "receiver"}] * 3}, "at most 2 items"),
        ({"symprec": 0}, "greater than 0"),
        ({"cell": "niggli"}, "'given', 'primitive' or 'conventional'"),
        ({"closure": "group"}, "Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_built_is_refused_with_the_reason(options, message):
    with pytest.raises(ValidationError, match=message):
        GraphOptions(**options)


def test_defaults_are_those_of_the_design():
    options = GraphOptions()
    assert (options.cell, options.symmetry) == ("primitive", "orbits")
    assert (options.symprec, options.angle_tolerance) == (1e-3, -1.0)
    assert (options.idealize, options.on_symmetry_failure) == (True, "error")
    assert GraphOptions(idealize=False, symmetry="none").nest == ()
    assert PairRule(use="chain").way_back == "keep"
    assert all(field.description for field in GraphOptions.model_fields.values())
