"""The `graph:` section of a spec, without its constructor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from ngn_core.plugin.options import Options, Unit


class PairRule(Options):
    """Which items of a level are paired into the items of the next."""

    use: Literal["receiver", "sender", "chain"] = Field(
        description="where a pair meets: both arrive at one atom, both leave one atom, "
        "or the first arrives where the second leaves"
    )
    cutoff: Annotated[float | None, Unit("Å")] = Field(
        None, gt=0, description="longest edge that is paired; none: all edges"
    )
    way_back: Literal["keep", "drop"] = Field(
        "keep", description="chain only: keep or drop the edge back to where it began"
    )
    same_atoms: Literal["keep", "drop"] = Field(
        "keep",
        description="keep pairs of edges that join the same two node numbers, either "
        "way round, or drop them, as the filters of kgcnn and PyTorch Geometric do; "
        "drop breaks the supercell law and goes with closure: literal",
    )
    itself: Literal["keep", "drop"] = Field(
        "keep",
        description="chain only: keep or drop the pair of an edge to an atom's own "
        "image and its translate, which is the same edge; drop breaks the supercell "
        "law and goes with closure: literal",
    )

    @field_validator("way_back")
    @classmethod
    def _way_back_is_of_chains(cls, way_back: str, checked: ValidationInfo) -> str:
        use = checked.data.get("use")
        if way_back == "drop" and use in ("receiver", "sender"):
            raise ValueError(
                f"way_back: drop goes with use: chain; pairs that share their {use} "
                "have no way back"
            )
        return way_back

    @field_validator("itself")
    @classmethod
    def _itself_is_of_chains(cls, itself: str, checked: ValidationInfo) -> str:
        use = checked.data.get("use")
        if itself == "drop" and use in ("receiver", "sender"):
            raise ValueError(
                f"itself: drop goes with use: chain; pairs that share their {use} are "
                "never of an edge with itself"
            )
        return itself


class GraphOptions(Options):
    """How a crystal becomes a graph, whatever the edges are."""

    cell: Literal["given", "primitive", "conventional"] = Field(
        "primitive", description="cell whose atoms become nodes"
    )
    vacuum: Annotated[Literal["given"] | Annotated[float, Field(ge=5)], Unit("Å")] = (
        Field(
            "given",
            description="a number: empty layers that are thicker are set to it before "
            "anything else, from atom center to atom center, along the normal of any "
            "lattice plane",
        )
    )
    symmetry: Literal["none", "asymmetric", "orbits"] = Field(
        "orbits",
        description="what is merged: nothing, equivalent atoms (all edges into the "
        "representatives stay), or equivalent atoms, edges, angles",
    )
    symprec: Annotated[float, Unit("Å")] = Field(
        1.0e-3, gt=0, description="how far a symmetric image may lie from its atom"
    )
    angle_tolerance: Annotated[float, Unit("degrees")] = Field(
        -1.0, description="between lattice vectors; negative: the finder's own rule"
    )
    finder: Literal["moyopy", "spglib"] = Field(
        "moyopy",
        description="program that finds the space group; where moyopy settles for "
        "another symprec than this one, spglib decides",
    )
    idealize: bool = Field(
        True, description="average positions and lattice over the space group"
    )
    max_shift: Annotated[float | None, Unit("Å")] = Field(
        1.0e-2,
        gt=0,
        description="farthest that idealizing may move an atom; none: no limit",
    )
    max_strain: float | None = Field(
        1.0e-3,
        gt=0,
        description="largest strain by which idealizing may change the lattice; none: "
        "no limit",
    )
    on_large_shift: Literal["p1", "keep", "error"] = Field(
        "p1",
        description="a crystal beyond max_shift or max_strain, which is listed: take "
        "it as given, without symmetry, keep it idealized, or refuse it",
    )
    on_symmetry_failure: Literal["error", "p1"] = Field(
        "error", description="refuse a crystal without known symmetry, or take it as P1"
    )
    closure: Literal["group", "literal"] = Field(
        "group",
        description="close the edges under the space group, or draw them on the chosen "
        "cell to the letter of a reference, under symmetry: none or on its asymmetric "
        "unit",
    )
    nest: tuple[PairRule, ...] = Field(
        (), max_length=2, description="pairs of edges, then pairs of angles"
    )

    @field_validator("idealize")
    @classmethod
    def _symmetry_is_exact(cls, idealize: bool, checked: ValidationInfo) -> bool:
        symmetry = checked.data.get("symmetry", "none")
        if not idealize and symmetry != "none":
            raise ValueError(
                f"symmetry: {symmetry} needs idealize: true, because atoms that are "
                "only nearly equivalent have different features; with idealize: false "
                "write symmetry: none"
            )
        return idealize

    @field_validator("closure")
    @classmethod
    def _orbits_need_closed_edges(cls, closure: str, checked: ValidationInfo) -> str:
        if closure == "literal" and checked.data.get("symmetry") == "orbits":
            raise ValueError(
                "closure: literal keeps edges whose images may be missing, and "
                "symmetry: orbits merges an edge with its images; write symmetry: "
                "none, or symmetry: asymmetric for the reference's own asymmetric unit"
            )
        return closure

    @field_validator("nest")
    @classmethod
    def _literal_pairs(
        cls, nest: tuple[PairRule, ...], checked: ValidationInfo
    ) -> tuple[PairRule, ...]:
        literal = checked.data.get("closure") == "literal"
        asymmetric = checked.data.get("symmetry") == "asymmetric"
        for rule in nest:
            if rule.same_atoms == "drop" and not literal:
                raise ValueError(
                    "same_atoms: drop compares node numbers, which change with the "
                    "cell; it goes with closure: literal"
                )
            if rule.itself == "drop" and not literal:
                raise ValueError(
                    "itself: drop parts an edge to an atom's own image from the same "
                    "edge in a supercell; it goes with closure: literal"
                )
            if rule.use != "receiver" and literal and asymmetric:
                raise ValueError(
                    f"use: {rule.use} on a literal asymmetric unit needs edges that "
                    "the unit does not have; write use: receiver, or symmetry: none"
                )
        return nest

    @field_validator("nest")
    @classmethod
    def _pairs_of_angles_share_an_edge(
        cls, nest: tuple[PairRule, ...]
    ) -> tuple[PairRule, ...]:
        for rule in nest[1:]:
            if rule != PairRule(use="receiver"):
                raise ValueError(
                    "the second rule of nest pairs angles: write {use: receiver} and "
                    "give a cutoff and same_atoms to the first rule"
                )
        return nest


SHARPEST = 5.0
"""Least ratio of an edge rule's tolerance to symprec."""


def sharpness(options: GraphOptions, tolerance: float | None) -> str | None:
    """Return what is wrong where shells are told apart too sharply, None otherwise.

    Args:
        options: of the graph.
        tolerance: of the edge rule, Å; None where it has none.
    """
    if tolerance is None or options.closure == "literal" or not options.idealize:
        return None
    least = SHARPEST * options.symprec
    if tolerance >= least * (1 - 1e-9):
        return None
    return (
        f"edges have a tolerance of {tolerance:g} Å and symprec is "
        f"{options.symprec:g} Å; neighbors that symmetry makes equal differ by a few "
        f"symprec in the data: write a tolerance of at least {least:g} Å, a smaller "
        "symprec, or closure: literal"
    )
