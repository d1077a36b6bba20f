import pytest
from pydantic import ValidationError

from ngn_core.spec.graph import GraphOptions, PairRule


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"idealize": False}, "symmetry: orbits needs idealize: true, because atoms"),
        ({"idealize": False, "symmetry": "asymmetric"}, "asymmetric needs idealize"),
        ({"nest": [{"use": "receiver", "way_back": "drop"}]}, "goes with use: chain"),
        ({"nest": [{"use": "chain"}, {"use": "chain"}]}, "second rule of nest pairs"),
        (
            {"nest": [{"use": "chain"}, {"use": "receiver", "cutoff": 3.0}]},
            "give a cutoff and same_atoms to the first rule",
        ),
        ({"nest": [{"use": "receiver"}] * 3}, "at most 2 items"),
        ({"symprec": 0}, "greater than 0"),
        ({"cell": "niggli"}, "'given', 'primitive' or 'conventional'"),
        ({"closed": "group"}, "Extra inputs are not permitted"),
        ({"closure": "literal"}, "symmetry: orbits merges an edge with its images"),
        ({"nest": [{"use": "chain", "same_atoms": "drop"}]}, "goes with closure: lit"),
        ({"nest": [{"use": "chain", "itself": "drop"}]}, "goes with closure: literal"),
        ({"nest": [{"use": "sender", "itself": "drop"}]}, "goes with use: chain"),
        (
            {
                "closure": "literal",
                "symmetry": "asymmetric",
                "nest": [{"use": "chain"}],
            },
            "use: chain on a literal asymmetric unit",
        ),
        (
            {
                "closure": "literal",
                "symmetry": "none",
                "nest": [
                    {"use": "receiver"},
                    {"use": "receiver", "same_atoms": "drop"},
                ],
            },
            "give a cutoff and same_atoms to the first rule",
        ),
        ({"vacuum": 2.0}, "greater than or equal to 5"),
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
    assert (options.max_shift, options.max_strain) == (1e-2, 1e-3)
    assert (options.on_large_shift, options.vacuum) == ("p1", "given")
    assert (options.closure, options.finder) == ("group", "moyopy")
    assert GraphOptions(idealize=False, symmetry="none").nest == ()
    assert PairRule(use="chain").way_back == "keep"
    assert all(field.description for field in GraphOptions.model_fields.values())
