"""The one workload to move first: what moves together, gates before scores, eight criteria, and the answer."""
