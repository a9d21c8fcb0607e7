"""When there is time: quarters, working days, freezes, and how much work fits."""
