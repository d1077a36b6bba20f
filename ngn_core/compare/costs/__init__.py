"""What specs cost: measured alone on the machine, and estimated beforehand."""
