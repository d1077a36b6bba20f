"""What exists: component kinds, their interfaces, and the registry of plugins."""
