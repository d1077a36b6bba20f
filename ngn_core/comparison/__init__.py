"""A whole comparison: what is asked, by which protocol, in which process."""
