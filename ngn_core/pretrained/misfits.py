"""Arrays of a checkpoint that have no counterpart in a network, and the reverse."""

from __future__ import annotations

from ngn_core.network.network import Network
from ngn_core.pretrained.transfer import Transfer
from ngn_core.spec.spec import Spec


def misfits(spec: Spec, network: Network, transfer: Transfer) -> list[str]:
    """Return a sentence for each array and tensor that has no counterpart.

    Tables that training leaves alone may be given, or keep what the spec says.
    """
    tables = dict(network.named_buffers())  # some are in no state dict
    wanted = network.state_dict() | {
        name: tables[name] for name in tables if name in transfer.state
    }
    problems = [
        f"the array {name} has no place in the network" for name in transfer.forgotten()
    ]
    for ours, tensor in wanted.items():
        where, theirs = place_of(spec, ours), ", ".join(transfer.sources(ours))
        missing, given = transfer.missing(ours), transfer.state.get(ours)
        if missing or not theirs:
            lacking = f"the array {', '.join(missing)} is missing"
            problems.append(
                f"{lacking if missing else 'nothing is there'} for {ours} of {where}"
            )
        elif ours in transfer.unfit:
            problems.append(
                f"{transfer.unfit[ours]}; {ours} of {where} is made of them"
            )
        elif given is not None and given.shape != tensor.shape:
            problems.append(
                f"{theirs} has the shape {list(given.shape)}; {ours} of {where} takes "
                f"{list(tensor.shape)}"
            )
    for ours in sorted(transfer.state.keys() - wanted.keys()):
        problems.append(
            f"{', '.join(transfer.sources(ours))} goes to {ours}, which the network of "
            f"{spec.name} does not have"
        )
    return problems


def place_of(spec: Spec, name: str) -> str:
    """Return the key of the spec that a tensor belongs to, with its component."""
    parts = name.split(".")
    section = spec.network
    if parts[0] == "embeddings":
        level = parts[2] if parts[1] == "levels" else "state"
        return f"network.embed.{level} ({section.embed[level].name})"
    if parts[0] == "blocks":
        number = int(parts[1])
        for position, block in enumerate(section.blocks):
            if number < block.repeat:
                return f"network.blocks.{position} ({block.use.name})"
            number -= block.repeat
    use = section.head if parts[0] == "head" else section.readout
    return f"network.{parts[0]} ({use.name if use else 'none'})"
