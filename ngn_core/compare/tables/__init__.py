"""From stored results to what a report says."""
