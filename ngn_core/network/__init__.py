"""The template: blocks, nesting, aggregation, embedding, readout."""
