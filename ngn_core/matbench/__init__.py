"""Results beside MatBench's leaderboard, and submissions to it."""
