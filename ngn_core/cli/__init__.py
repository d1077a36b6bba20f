"""The two commands: ngn-compare, and ngn, the workbench."""
