"""Submissions to MatBench and its board: read, shown beside results, written."""
