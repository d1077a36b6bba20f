"""The `graph:` section of a spec, without its constructor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ngn_core.plugin.options import Options, Unit


class PairRule(Options):
    """Which things of a level are paired into the things of the next."""

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

    @model_validator(mode="after")
    def _way_back_is_of_chains(self) -> PairRule:
        if self.way_back == "drop" and self.use != "chain":
            raise ValueError(
                f"way_back: drop goes with use: chain; pairs that share their "
                f"{self.use} have no way back"
            )
        return self


class GraphOptions(Options):
    """How a crystal becomes a graph, whatever the edges are."""

    cell: Literal["given", "primitive", "conventional"] = Field(
        "primitive", description="cell whose atoms become nodes"
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
    idealize: bool = Field(
        True, description="average positions and lattice over the space group"
    )
    max_shift: Annotated[float | None, Unit("Å")] = Field(
        None,
        gt=0,
        description="an atom that idealizing moves further is a symmetry failure",
    )
    on_symmetry_failure: Literal["error", "p1"] = Field(
        "error", description="refuse a crystal without known symmetry, or take it as P1"
    )
    nest: tuple[PairRule, ...] = Field(
        (), max_length=2, description="pairs of edges, then pairs of angles"
    )

    @model_validator(mode="after")
    def _symmetry_is_exact(self) -> GraphOptions:
        if not self.idealize and self.symmetry != "none":
            raise ValueError(
                f"symmetry: {self.symmetry} needs idealize: true, because atoms that "
                "are only nearly equivalent have different features; with idealize: "
                "false write symmetry: none"
            )
        return self

    @model_validator(mode="after")
    def _pairs_of_angles_share_an_edge(self) -> GraphOptions:
        for rule in self.nest[1:]:
            if rule.use != "receiver" or rule.cutoff is not None:
                raise ValueError(
                    "the second rule of nest pairs angles: write {use: receiver} and "
                    "give a cutoff to the first rule"
                )
        return self
